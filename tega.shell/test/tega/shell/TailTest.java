package tega.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words, and what separates commands and filters from each other. */
class TailTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "a.b  1|a.b,1",
                "a.\"x y\".b 1|a.\"x y\".b,1",
                "a\\ b c|a\\ b,c",
                "\"unended x|\"unended x",
                "^  ^|^^",
            })
    void words(String text, String expected) {
        var words = new ArrayList<String>();
        var tail = new Tail(text);
        while (!tail.isEmpty()) {
            words.add(tail.word());
        }
        assertThat(String.join(",", words)).isEqualTo(expected);
    }

    @Test
    void theRestIsAsItWasTyped() {
        var tail = new Tail("  a.b   {x:  1,   y: \"a  b\"} ");
        assertThat(tail.word()).isEqualTo("a.b");
        assertThat(tail.rest()).isEqualTo("{x:  1,   y: \"a  b\"}");
        assertThat(tail.isEmpty()).isTrue();
    }

    @Test
    void separatorsInsideQuotesAndBracketsSeparateNothing() {
        assertThat(CommandLine.split("put a {x: 1; y}; get \"b;c\"; set d it's; get a\\;b", ';'))
                .containsExactly("put a {x: 1; y}", " get \"b;c\"", " set d it's", " get a\\;b");
        assertThat(CommandLine.split("1, [2, 3], x='a, b'", ',')).isEqualTo(List.of("1", " [2, 3]", " x='a, b'"));
    }

    @Test
    void aScopeBeforeTheNameIsAccepted() {
        assertThat(CommandLine.of("tega:get a")).isEqualTo(new CommandLine("get", " a"));
        assertThat(CommandLine.of("q")).isEqualTo(new CommandLine("q", ""));
        assertThat(CommandLine.isCall("a.b(1)")).isTrue();
        assertThat(CommandLine.isCall("a.b (1)")).isFalse();
    }
}
