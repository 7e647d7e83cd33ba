package tega.plugins.openwrt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Value;
import tega.api.spi.Scheduler;
import tega.store.TegaStore;

/** What a router tells of its interfaces, and that it is listened to again. */
class RouterEventsTest {
    private static final class Later implements Scheduler {
        final List<Duration> delays = new ArrayList<>();
        final List<Runnable> tasks = new ArrayList<>();

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public Task after(Duration delay, Runnable task) {
            delays.add(delay);
            tasks.add(task);
            return () -> tasks.remove(task);
        }

        @Override
        public Executor background() {
            return Runnable::run;
        }

        void next() {
            tasks.remove(0).run();
        }
    }

    /** A bus that is listened to by hand. */
    private static final class Wire implements Ubus {
        final List<Listener> listeners = new ArrayList<>();
        boolean broken;
        int closed;

        @Override
        public ObjectValue call(String object, String method, ObjectValue args) {
            return Value.object("interface", Value.array(face("lan", "192.168.1.1")));
        }

        @Override
        public void login(String url) throws IOException {
            if (broken) {
                throw new IOException("nobody answers");
            }
        }

        @Override
        public AutoCloseable listen(String object, Listener listener) {
            assertThat(object).isEqualTo("network.interface");
            listeners.add(listener);
            return () -> closed++;
        }
    }

    private static ObjectValue face(String name, String address) {
        return Value.object("interface", Value.of(name), "up", Value.of(true))
                .with("proto", Value.of("static"))
                .with("l3_device", Value.of("br-" + name))
                .with("ipv4-address", Value.array(Value.object("address", Value.of(address), "mask", Value.of(24))));
    }

    @TempDir
    java.nio.file.Path folder;

    private final Later later = new Later();
    private final Wire wire = new Wire();
    private TegaStore store;
    private RouterRecord record;
    private RouterEvents events;
    private int attention;

    @BeforeEach
    void open() {
        store = TegaStore.open(folder);
        record = new RouterRecord(store, "r1");
        var wish = RouterWish.read(
                Value.object("device", Value.object("url", Value.of("http://192.168.1.1"))),
                Path.parse("config-r1.openwrt"));
        events = new RouterEvents(() -> wish, some -> wire, record, later, () -> attention++);
    }

    @AfterEach
    void close() throws Exception {
        events.close();
        store.close();
    }

    private @Nullable String interfaces(String name) {
        return store.get(Path.parse("operational-r1.openwrt.interfaces." + name))
                .map(Value::toString)
                .orElse(null);
    }

    @Test
    void whatIsThereIsTakenOverAndWhatHappensIsHeard() {
        events.tend();
        assertThat(wire.listeners).as("not before it is reached").isEmpty();
        record.reached("http://192.168.1.1");
        events.tend();
        events.tend();
        assertThat(wire.listeners).hasSize(1);
        assertThat(interfaces("lan"))
                .isEqualTo(
                        "{\"addresses\":[\"192.168.1.1/24\"],\"device\":\"br-lan\",\"proto\":\"static\",\"up\":true}");
        assertThat(attention).isZero();
        wire.listeners.get(0).happened("interface.down", Value.object("interface", Value.of("lan")));
        assertThat(interfaces("lan")).isEqualTo("{\"addresses\":[],\"up\":false}");
        assertThat(attention).isEqualTo(1);
    }

    @Test
    void whatIsLostIsListenedToAgainAfterAWaitThatGrows() {
        record.reached("http://192.168.1.1");
        events.tend();
        wire.broken = true;
        wire.listeners.get(0).ended(new IOException("gone"));
        later.next();
        later.next();
        later.next();
        assertThat(later.delays)
                .containsExactly(
                        Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8), Duration.ofSeconds(16));
        wire.broken = false;
        later.next();
        assertThat(wire.listeners).hasSize(2);
        wire.listeners.get(1).happened("interface.update", face("lan", "192.168.1.2"));
        wire.listeners.get(1).ended(new IOException("gone again"));
        assertThat(later.delays).endsWith(Duration.ofSeconds(2));
    }

    @Test
    void aRouterThatIsGoneIsNotListenedToUntilItIsBack() {
        record.reached("http://192.168.1.1");
        events.tend();
        record.lost("nobody answers");
        events.tend();
        assertThat(wire.closed).isEqualTo(1);
        assertThat(wire.listeners).hasSize(1);
        record.reached("http://192.168.1.1");
        events.tend();
        assertThat(wire.listeners).hasSize(2);
    }

    @Test
    void closedItHearsNothing() {
        record.reached("http://192.168.1.1");
        events.tend();
        events.close();
        assertThat(wire.closed).isEqualTo(1);
        events.tend();
        assertThat(wire.listeners).hasSize(1);
        assertThat(later.tasks).isEmpty();
    }
}
