package tega.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tega.api.ArrayValue;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;

/** What is too deep, too long or too much is told so, and costs little. */
class LimitsTest {
    private static final int DEEPEST = 256;

    private final Json json = new Json();

    @ParameterizedTest
    @ValueSource(ints = {97, 10_000, 1_000_000})
    void refusesWhatIsNestedTooDeep(int levels) {
        for (var opening : List.of("[", "{\"a\":")) {
            assertThatThrownBy(() -> json.readJson(opening.repeat(levels)))
                    .isInstanceOf(TegaException.LimitExceeded.class)
                    .hasMessageContaining("line 1, column " + (96 * opening.length() + 1))
                    .hasMessageContaining("deeper than 96 levels");
        }
        for (var opening : List.of("[", "- ", "{a: ")) {
            assertThatThrownBy(() -> json.readYaml(opening.repeat(levels)))
                    .isInstanceOf(TegaException.LimitExceeded.class)
                    .hasMessageContaining("deeper than 96 levels");
        }
    }

    @Test
    void takesWhatIsNestedAsDeepAsAllowed() {
        var text = "[".repeat(96) + "]".repeat(96);
        assertThat(json.readJson(text)).hasToString(text);
        assertThat(json.readYaml(text)).hasToString(text);
    }

    @Test
    void theDeepestTakesASmallStack() throws InterruptedException {
        var copies = new ArrayList<Value>();
        var failure = new AtomicReference<Throwable>();
        var thread = new Thread(null, () -> copyTheDeepest(copies), "small stack", 256 << 10);
        thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
        thread.start();
        thread.join(60_000);
        assertThat(thread.isAlive()).isFalse();
        assertThat(failure.get()).isNull();
        assertThat(copies).hasSize(4).allMatch(nested(DEEPEST)::equals);
    }

    /** Every way from value to text and back. */
    private static void copyTheDeepest(List<Value> copies) {
        var deep = new Json(DEEPEST);
        var commits = new Commits();
        var value = nested(DEEPEST);
        copies.add(deep.readJson(deep.toJson(value)));
        copies.add(deep.readYaml(deep.toYaml(value)));
        copies.add(deep.readJson(deep.toPrettyJson(value)));
        var line = commits.encode(commit(value));
        var put = (Edit.Put) commits.decode(line, 0, line.length).edits().get(0);
        copies.add(put.value());
    }

    @Test
    void refusesToWriteWhatCouldNotBeReadBack() {
        var value = nested(DEEPEST + 1);
        assertThatThrownBy(() -> json.toJson(value)).isInstanceOf(TegaException.LimitExceeded.class);
        assertThatThrownBy(() -> json.toYaml(value)).isInstanceOf(TegaException.LimitExceeded.class);
        assertThatThrownBy(() -> json.toPrettyJson(value)).isInstanceOf(TegaException.LimitExceeded.class);
        assertThatThrownBy(() -> new Commits().encode(commit(value))).isInstanceOf(TegaException.LimitExceeded.class);
    }

    private static Value nested(int levels) {
        Value value = Value.array();
        for (var i = 1; i < levels; i++) {
            value = i % 2 == 0 ? Value.array(value) : Value.object("a", value);
        }
        return value;
    }

    private static Commit commit(Value value) {
        var edits = List.of(Edit.put(Path.of("a", "b"), value));
        return new Commit(
                1, Instant.EPOCH, Identity.ANONYMOUS, "s", CommitKind.EDIT, null, 0, edits, List.of(), null, Map.of());
    }

    @Test
    void readsNoMoreBytesThanAllowed() throws IOException {
        var text = "[1,2,3]".getBytes(StandardCharsets.UTF_8);
        assertThat(json.readJson(new ByteArrayInputStream(text), 7)).hasToString("[1,2,3]");
        assertThatThrownBy(() -> json.readJson(new ByteArrayInputStream(text), 6))
                .isInstanceOf(TegaException.LimitExceeded.class)
                .hasMessage("the JSON text is longer than 6 bytes");
        assertThatThrownBy(() -> json.readJson(endless(), 1 << 20)).isInstanceOf(TegaException.LimitExceeded.class);
    }

    private static InputStream endless() {
        return new InputStream() {
            @Override
            public int read() {
                return ' ';
            }
        };
    }

    @Test
    void leavesTheStreamOpen() throws IOException {
        var closed = new ArrayList<String>();
        var in = new ByteArrayInputStream("1".getBytes(StandardCharsets.UTF_8)) {
            @Override
            public void close() {
                closed.add("in");
            }
        };
        json.readJson(in, 100);
        assertThat(closed).isEmpty();
    }

    @Test
    void aliasesThatStandForTooMuchAreRefusedSoon() {
        var laughs = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (var i = 1; i < 30; i++) {
            laughs.append(String.format("a%d: &a%d [", i, i))
                    .append(String.format("*a%d, ", i - 1).repeat(10))
                    .append("]\n");
        }
        assertThatThrownBy(() -> json.readYaml(laughs.toString()))
                .isInstanceOf(TegaException.LimitExceeded.class)
                .hasMessageContaining("the aliases stand for more than");
    }

    @Test
    void takesLargeStringsNamesAndNumbers() {
        var million = "x".repeat(1_000_000) + "é\n\\";
        var value = Value.object(million, Value.of(million));
        assertThat(json.readJson(json.toJson(value))).isEqualTo(value);
        var large = Value.object(million.substring(900_000), Value.of(million.substring(900_000)));
        assertThat(json.readYaml(json.toYaml(large))).isEqualTo(large);
        var digits = "7".repeat(1_000_000);
        assertThat(json.readJson(digits)).hasToString(digits);
    }

    @Test
    void namesOfEqualHashAreReadInLinearTime() {
        var text = new StringBuilder("{");
        for (var i = 0; i < 1 << 17; i++) {
            text.append(i == 0 ? "\"" : ",\"");
            for (var bit = 16; bit >= 0; bit--) {
                text.append(((i >> bit) & 1) == 0 ? "Aa" : "BB");
            }
            text.append("\":1");
        }
        var value = (ObjectValue) json.readJson(text.append('}').toString());
        assertThat(value.size()).isEqualTo(1 << 17);
    }

    @Test
    void equalNamesAreOneString() {
        var array = json.readJson("[{\"name\":1},{\"name\":2},{\"\\u006eame\":3},{\"größe\":4},{\"größe\":5}]");
        var names = new ArrayList<String>();
        for (var item : (ArrayValue) array) {
            names.add(((ObjectValue) item).iterator().next().name());
        }
        assertThat(names.get(1)).isSameAs(names.get(0));
        assertThat(names.get(2)).isSameAs(names.get(0));
        assertThat(names.get(4)).isSameAs(names.get(3));
        var again = (ObjectValue) json.readJson("{\"name\":\"name\"}");
        assertThat(again.iterator().next().name()).isSameAs(names.get(0));
        assertThat(((StringValue) again.iterator().next().value()).text()).isEqualTo("name");
    }

    @Test
    void theDepthIsAtMostWhatAStackHolds() {
        assertThatThrownBy(() -> new Json(DEEPEST + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Json(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
