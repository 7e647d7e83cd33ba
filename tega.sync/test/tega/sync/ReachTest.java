package tega.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whether the server above is there, asked by a plugin. */
class ReachTest {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Clock clock = new Clock();
    private final Net net = new Net(clock, 1);
    private final Station global = new Station(clock, net, "global", null, Set.of(), Set.of()).start();
    private final Station local = new Station(clock, net, "local", "global", Set.of("cfg"), Set.of()).start();

    private String asked(Station station) {
        CompletableFuture<Duration> answer =
                station.node().above().reach(PATIENCE).toCompletableFuture();
        clock.until("there is an outcome", answer::isDone);
        return answer.handle((took, failure) -> failure == null ? "reached" : failure.getMessage())
                .join();
    }

    @Test
    void theOneAboveAnswers() {
        clock.until("it is connected", () -> local.node().isConnected());
        net.delay = Duration.ofMillis(50);
        var answer = local.node().above().reach(PATIENCE).toCompletableFuture();
        clock.until("it answers", answer::isDone);
        assertThat(answer.join()).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
    }

    @Test
    void nobodyAbove() {
        assertThat(global.node().above().isConfigured()).isFalse();
        assertThat(local.node().above().isConfigured()).isTrue();
        assertThat(asked(global)).isEqualTo("this server has no global server");
    }

    @Test
    void theLinkIsGone() {
        clock.until("it is connected", () -> local.node().isConnected());
        net.part("global");
        clock.pass(Duration.ofSeconds(1));
        assertThat(asked(local)).startsWith("the global server is out of reach");
        net.heal("global");
        clock.until("it is connected again", () -> local.node().isConnected());
        assertThat(asked(local)).isEqualTo("reached");
    }

    @Test
    void aLinkOnWhichNothingComesBackIsNoLink() {
        clock.until("it is connected", () -> local.node().isConnected());
        net.silence("global");
        assertThat(asked(local)).isEqualTo("the global server has not answered for 2000 ms");
    }
}
