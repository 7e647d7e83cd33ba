package tega.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tega.api.TegaException;

class CredentialsTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    @ParameterizedTest
    @ValueSource(strings = {"Bearer a_b", "bearer   a_b ", "Basic bWU6YV9i", "basic OmFfYg=="})
    void tokenOfTheHeader(String header) {
        assertThat(Credentials.of(header, List.of(), HERE, false))
                .isEqualTo(new Credentials.Bearer("a_b", HERE.getHostAddress()));
    }

    /** Whoever shows something is judged by it, also from here. */
    @ParameterizedTest
    @ValueSource(strings = {"", "Digest x", "Basic ***", "a_b"})
    void unknownHeaderIsRefused(String header) {
        assertThatThrownBy(() -> Credentials.of(header, List.of(), HERE, false))
                .isInstanceOf(TegaException.Unauthenticated.class);
    }

    @Test
    void nothingFromHereAndFromElsewhere() throws Exception {
        var there = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
        assertThat(Credentials.of(null, List.of(), HERE, false)).isInstanceOf(Credentials.Loopback.class);
        assertThat(Credentials.of(null, List.of(), there, false)).isInstanceOf(Credentials.Remote.class);
    }

    /** A proxy on this machine connects from the loopback address for everybody. */
    @Test
    void whatAProxyPassesOnIsNotFromHere() {
        assertThat(Credentials.of(null, List.of(), HERE, true)).isInstanceOf(Credentials.Remote.class);
    }

    @Test
    void secretsAreNotTold() {
        assertThat(new Credentials.Bearer("secret", "here").toString()).doesNotContain("secret");
    }
}
