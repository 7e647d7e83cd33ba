package tega.plugins.openwrt;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import tega.api.TegaException;
import tega.api.plugin.GlobalServer;

/** The proof by the global server. */
class RoundTripTest {
    private record Above(boolean isConfigured, CompletableFuture<Duration> answer) implements GlobalServer {
        @Override
        public CompletionStage<Duration> reach(Duration deadline) {
            return answer;
        }
    }

    @Test
    void anAnswerIsAProof() {
        var above = new Above(true, CompletableFuture.completedFuture(Duration.ofMillis(3)));
        assertThatCode(() -> new RoundTrip(() -> above, true).prove()).doesNotThrowAnyException();
    }

    @Test
    void noAnswerIsNone() {
        var above = new Above(
                true,
                CompletableFuture.failedFuture(new TegaException.Unavailable("the global server is out of reach")));
        assertThatThrownBy(() -> new RoundTrip(() -> above, true).prove())
                .isInstanceOf(IOException.class)
                .hasMessage("the global server is out of reach");
    }

    @Test
    void whereThereIsNoGlobalServerNothingIsToBeProved() {
        var none = new Above(false, new CompletableFuture<>());
        assertThatCode(() -> new RoundTrip(() -> none, false).prove()).doesNotThrowAnyException();
        assertThatCode(() -> new RoundTrip(() -> null, false).prove()).doesNotThrowAnyException();
    }

    @Test
    void whereThereIsOneButNobodyToAskItNothingIsProved() {
        assertThatThrownBy(() -> new RoundTrip(() -> null, true).prove())
                .hasMessageContaining("tega.sync does not run");
    }
}
