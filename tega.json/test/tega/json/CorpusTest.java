package tega.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tega.api.ErrorCode;
import tega.api.TegaException;
import tega.api.Value;

/** Which texts are taken, which are refused, and where the error says the fault is. */
class CorpusTest {
    private final Json json = new Json();

    static List<String> jsonTaken() {
        return Corpus.lines("json-taken.txt");
    }

    static List<String> jsonRefused() {
        return Corpus.lines("json-refused.txt");
    }

    static List<String> yamlTaken() {
        return Corpus.lines("yaml-taken.txt");
    }

    static List<String> yamlRefused() {
        return Corpus.lines("yaml-refused.txt");
    }

    static List<String> commitsRefused() {
        return Corpus.lines("commits-refused.txt");
    }

    @ParameterizedTest
    @MethodSource("jsonTaken")
    void takesJson(String line) {
        var bytes = Corpus.bytes(line);
        var value = json.readJson(bytes);
        if (!line.startsWith("{\"\\ud800")) { // the other reader takes no half of a pair in a name
            assertThat(value).isEqualTo(JacksonOracle.read(bytes));
        }
        assertThat(json.readJson(json.toJson(value))).isEqualTo(value);
        assertThat(json.readYaml(json.toYaml(value))).isEqualTo(value);
    }

    @ParameterizedTest
    @MethodSource("jsonRefused")
    void refusesJson(String line) {
        var parts = line.split(" ", 3);
        assertRefused(parts, () -> json.readJson(Corpus.bytes(parts[2])));
    }

    @ParameterizedTest
    @MethodSource("yamlTaken")
    void takesYaml(String line) {
        var parts = line.split(" => ");
        assertThat(json.readYaml(Corpus.text(parts[0]))).isEqualTo(json.readJson(parts[1]));
    }

    @ParameterizedTest
    @MethodSource("yamlRefused")
    void refusesYaml(String line) {
        var parts = line.split(" ", 3);
        assertRefused(parts, () -> json.readYaml(Corpus.text(parts[2])));
    }

    private static void assertRefused(String[] expected, Supplier<Value> reading) {
        var error = catchThrowableOfType(
                TegaException.class, () -> assertThat(reading.get()).isNull());
        assertThat(error).isNotNull();
        assertThat(error.code()).as(error.line()).isEqualTo(ErrorCode.valueOf(expected[0]));
        assertThat(error.getMessage()).doesNotContain("\n").hasSizeLessThan(200);
        if (!expected[1].equals("-")) {
            var place = expected[1].split(":");
            assertThat(error.getMessage()).startsWith("line " + place[0] + ", column " + place[1] + ": ");
        }
    }

    @ParameterizedTest
    @MethodSource("commitsRefused")
    void refusesWhatIsNoCommit(String line) {
        var parts = line.split(" => ");
        var bytes = Corpus.bytes(parts[0]);
        var error =
                catchThrowableOfType(TegaException.Damaged.class, () -> new Commits().decode(bytes, 0, bytes.length));
        assertThat(error).isNotNull();
        assertThat(error).hasMessageContaining(parts[1]).hasMessageStartingWith("this is not a commit: ");
    }
}
