package tega.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathTest {
    @Test
    void readsWhatPeopleWrite() {
        assertThat(Path.parse("graph.subnets.\"172.21.1.0/24\".x"))
                .isEqualTo(Path.parse("graph.subnets.172\\.21\\.1\\.0/24.x"))
                .isEqualTo(Path.of("graph", "subnets", "172.21.1.0/24", "x"));
        assertThat(Path.parse("a.it's \"so\".b")).isEqualTo(Path.of("a", "it's \"so\"", "b"));
        assertThat(Path.parse("\"\".\"\\n\\t\\r\\u00e9\\\"\"")).isEqualTo(Path.of("", "\n\t\r\u00e9\""));
        assertThat(Path.parse("")).isEqualTo(Path.EMPTY);
    }

    @Test
    void readsUrls() {
        assertThat(Path.fromUrl("/graph/subnets/172.21.1.0%2F24/"))
                .isEqualTo(Path.of("graph", "subnets", "172.21.1.0/24"));
        assertThat(Path.fromUrl("/%E2%82%AC/\u20ac%20")).isEqualTo(Path.of("\u20ac", "\u20ac "));
        assertThat(Path.fromUrl("/")).isEqualTo(Path.EMPTY);
        assertThat(Path.fromUrl("")).isEqualTo(Path.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {".", "a.", ".a", "a..b", "\"a", "\"a\"b", "a\\", "\"\\u12", "\"\\u12\u0661\u0661\"", "\"\\"})
    void refusesMalformedText(String text) {
        assertThatThrownBy(() -> Path.parse(text))
                .isInstanceOf(TegaException.Invalid.class)
                .hasMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//",
                "/a//b",
                "//a",
                "/a//",
                "/%",
                "/%4",
                "/%4g",
                "/%\uff11\uff11",
                "/%ff",
                "/%C3%28",
                "/\ud800%20"
            })
    void refusesMalformedUrls(String url) {
        assertThatThrownBy(() -> Path.fromUrl(url)).isInstanceOf(TegaException.Invalid.class);
    }

    @Test
    void refusesWhatIsNoArrayOfStrings() {
        assertThatThrownBy(() -> Path.from(Value.of("a"))).hasMessage("a path is an array of strings, not a string");
        assertThatThrownBy(() -> Path.from(Value.array(Value.of("a"), Value.of(1))))
                .hasMessage("a path is an array of strings, but item 1 is a number");
    }

    @Test
    void canNotBeChangedFromOutside() {
        var names = new String[] {"a"};
        var path = Path.of(names);
        names[0] = "b";
        assertThat(path).isEqualTo(Path.of("a"));
        assertThatThrownBy(() -> path.names().set(0, "b")).isInstanceOf(UnsupportedOperationException.class);
        assertThat(path.names()).containsExactly("a");
    }
}
