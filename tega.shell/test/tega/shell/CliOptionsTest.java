package tega.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliOptionsTest {
    @ParameterizedTest
    @CsvSource({
        "-a h, http://h:8739",
        "-a h:80, http://h:80",
        "-a h -p 81, http://h:81",
        "-a h:80 -p 81, http://h:80",
        "-a ::1, http://[::1]:8739",
        "-a [::1]:99, http://[::1]:99",
        "-a https://h, https://h:8739",
        "--address=https://h:443/, https://h:443/",
        "-a http://h/tega, http://h:8739/tega",
        "'', http://127.0.0.1:8739",
        "-a h --cacert ca.pem, https://h:8739",
        "-a h:80 --cert me.p12, https://h:80",
        "-a wss://h, https://h:8739",
        "-a ws://h:80, http://h:80",
    })
    void addresses(String words, String expected) {
        assertThat(options(words).address()).hasToString(expected);
    }

    private static CliOptions options(String words) {
        return CliOptions.of(words.isEmpty() ? List.of() : List.of(words.split(" ", -1)), null, null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-x",
                "-a",
                "-p 0",
                "-p 65536",
                "-p x",
                "-a ftp://h",
                "-a h:x",
                "word",
                "-o xml",
                "-a a/b:1",
                "--key k",
                "-a http://h --cacert ca.pem"
            })
    void wrongOnesAreToldInOneLine(String words) {
        assertThatThrownBy(() -> options(words))
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @Test
    void theTokenOfTheEnvironmentIsUsedUnlessOneIsGiven() {
        assertThat(CliOptions.of(List.of(), "e", null).token()).isEqualTo("e");
        assertThat(CliOptions.of(List.of("--token", "t"), "e", null).token()).isEqualTo("t");
    }
}
