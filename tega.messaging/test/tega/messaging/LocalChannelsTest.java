package tega.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import tega.api.Identity;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Scope;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Authorizer;
import tega.api.spi.Channels.Subscription;
import tega.api.spi.Registration;

class LocalChannelsTest {
    private final LocalChannels channels = new LocalChannels(Authorizer.OPEN);
    private final List<String> heard = new ArrayList<>();

    private Registration hear(String who, String pattern) {
        return channels.subscribe(
                new Subscription(new Identity("x", who), PathPattern.parse(pattern), Scope.LOCAL),
                (channel, publisher, message) -> heard.add(who + " " + channel + " " + publisher + " " + message));
    }

    private int publish(String who, String channel, Value message) {
        return channels.as(new Identity("x", who)).publish(Path.parse(channel), message);
    }

    @Test
    void allButThePublisherHear() {
        hear("a", "news");
        hear("b", "news");
        hear("c", "other");
        assertThat(publish("a", "news", Value.NULL)).isEqualTo(1);
        assertThat(heard).containsExactly("b news a null");
    }

    @Test
    void nobodyListeningIsNoError() {
        assertThat(publish("a", "no.body", Value.of(1))).isZero();
    }

    @Test
    void patternsMatchAndASubscriberHearsOnce() {
        hear("a", "dev.*");
        hear("a", "dev.**");
        hear("b", "dev");
        assertThat(publish("p", "dev.x", Value.of(1))).isEqualTo(1);
        assertThat(heard).containsExactly("a dev.x p 1");
    }

    @Test
    void aListenerThatThrowsHindersNobody() {
        channels.subscribe(
                new Subscription(new Identity("x", "bad"), PathPattern.parse("ch"), Scope.LOCAL), (c, p, m) -> {
                    throw new IllegalStateException();
                });
        hear("good", "ch");
        publish("p", "ch", Value.of(1));
        assertThat(heard).containsExactly("good ch p 1");
        assertThat(channels.figures().get("failed")).isEqualTo(Value.of(1));
    }

    @Test
    void whatIsClosedHearsNothing() {
        var registration = hear("a", "ch");
        registration.close();
        registration.close();
        assertThat(publish("p", "ch", Value.of(1))).isZero();
        assertThat(channels.subscriptions()).isEmpty();
    }

    @Test
    void whoMayNotPublishIsRefused() {
        var closed = new LocalChannels((identity, action, path) -> false);
        assertThatThrownBy(() -> closed.as(Identity.ANONYMOUS).publish(Path.of("ch"), Value.NULL))
                .isInstanceOf(TegaException.Forbidden.class);
        assertThatThrownBy(() -> channels.as(Identity.ANONYMOUS).publish(Path.EMPTY, Value.NULL))
                .isInstanceOf(TegaException.Invalid.class);
    }

    @Test
    void aSlowListenerHearsInOrderAndNoMoreThanFits() {
        Queue<Runnable> work = new ArrayDeque<>();
        var dropped = new LongAdder();
        var queued = new QueuedListener((c, p, message) -> heard.add(message.toString()), work::add, 3, dropped);
        for (var i = 0; i < 5; i++) {
            queued.message(Path.of("ch"), "p", Value.of(i));
        }
        assertThat(work).hasSize(1);
        work.remove().run();
        assertThat(heard).containsExactly("0", "1", "2");
        assertThat(dropped.sum()).isEqualTo(2);
        queued.message(Path.of("ch"), "p", Value.of(9));
        work.remove().run();
        assertThat(heard).endsWith("9");
    }
}
