package tega.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"-p 80", "-p80", "--port 80", "--port=80"})
    void anArgumentIsTypedAsOneIsUsedTo(String line) throws UsageException {
        assertThat(parse(line).get(Option.PORT)).contains("80");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-C a b -t x", "-C a -C b", "-Ca,b", "--config=a,b", "--config a --config=b"})
    void manyArgumentsFollowOrRepeatOrStandTogether(String line) throws UsageException {
        assertThat(parse(line).list(Option.CONFIG)).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource({
        "-x, unknown option -x",
        "--port:80, unknown option --port:80",
        "stray, 'stray' belongs to no option",
        "-, '-' belongs to no option",
        "-p, --port takes a number from 0 to 65535",
        "-p 65536, '--port takes a number from 0 to 65535, not ''65536'''",
        "-p -1, '--port takes a number from 0 to 65535, not ''-1'''",
        "-P 0, '--global-port takes a number from 1 to 65535, not ''0'''",
        "-C _a, '--config takes names of roots, which do not begin with ''_'', not ''_a'''",
        "'-C a,', '--config takes names of roots, which do not begin with ''_'', not '''''",
        "-L loud, '--log-level takes error, warn, info, debug or trace, not ''loud'''",
        "--daemon=no, '--daemon takes nothing, not ''no'''",
        "-t a -t b, --id is given twice",
    })
    void whatIsWrongIsSaidInOneLine(String line, String told) {
        assertThatThrownBy(() -> parse(line)).isInstanceOf(UsageException.class).hasMessage(told);
    }

    @Test
    void foldersBecomeAbsoluteAndPlain() throws UsageException {
        assertThat(parse("-d x/../y").get(Option.DATA))
                .contains(Path.of("y").toAbsolutePath().toString());
    }

    @Test
    void levelsBecomeThoseOfThePlatform() throws UsageException {
        assertThat(parse("-L debug").get(Option.LOG_LEVEL)).contains("FINE");
    }

    @Test
    void noShellIsAnotherWordForDaemon() throws UsageException {
        assertThat(parse("--no-shell").has(Option.DAEMON)).isTrue();
    }

    @Test
    void helpNamesEveryOptionForPeople() {
        for (Option option : Option.values()) {
            assertThat(Options.help().contains("--" + option.word)).isEqualTo(!option.meaning.isEmpty());
        }
    }

    private static Options parse(String line) throws UsageException {
        return Options.parse(List.of(line.split(" ")));
    }
}
