package tega.api.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BindPolicyTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "::1", "localhost"})
    void thisMachineAloneNeedsNothing(String bind) {
        assertThat(new BindPolicy(bind, false, false, false).refusal()).isEmpty();
    }

    /** An empty address means every interface to a server socket. */
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "no-such-host.invalid", ""})
    void elsewhereIsRefused(String bind) {
        assertThat(new BindPolicy(bind, false, false, false).refusal()).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "false, false, TLS and credentials",
        "false, true, TLS",
        "true, false, credentials",
    })
    void sayWhatIsMissing(boolean tls, boolean credentials, String missing) {
        assertThat(new BindPolicy("0.0.0.0", tls, credentials, false).refusal())
                .hasValueSatisfying(line -> assertThat(line)
                        .startsWith("listening on 0.0.0.0 without " + missing + " is refused: ")
                        .doesNotContain("\n"));
    }

    @Test
    void bothAreEnough() {
        assertThat(new BindPolicy("0.0.0.0", true, true, false).refusal()).isEmpty();
    }

    @Test
    void insecureIsARiskThatIsTold() {
        var policy = new BindPolicy("0.0.0.0", false, true, true);
        assertThat(policy.refusal()).isEmpty();
        assertThat(policy.isRisk()).isTrue();
        assertThat(new BindPolicy("127.0.0.1", false, false, true).isRisk()).isFalse();
    }
}
