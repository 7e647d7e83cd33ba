package tega.plugins.openwrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tega.api.ObjectValue;
import tega.api.Value;
import tega.api.spi.JsonCodec;
import tega.plugins.openwrt.uci.UciOp;
import tega.plugins.openwrt.uci.UciOption;
import tega.plugins.openwrt.uci.UciPlan;

/** The bus over real HTTP. */
class HttpUbusTest {
    private final JsonCodec json =
            ServiceLoader.load(JsonCodec.class).findFirst().orElseThrow();
    private FakeRouter router;

    @BeforeEach
    void open() throws IOException {
        router = new FakeRouter(0);
        router.rpcd.edit("/etc/config/network", TrialTest.NETWORK);
    }

    @AfterEach
    void close() {
        router.close();
    }

    private HttpUbus bus(String password) {
        return new HttpUbus(json, "tega", () -> password, new Connections().of(""));
    }

    @Test
    void readsAPackage() throws Exception {
        var bus = bus("secret");
        bus.login(router.url());
        var read = new RouterUci(bus).read("network");
        assertThat(read.sections()).hasSize(3);
        assertThat(read.sections().get(0).options()).containsEntry("ipaddr", UciOption.of("192.168.1.1"));
        assertThat(new RouterUci(bus).read("nothing").sections()).isEmpty();
    }

    @Test
    void aWrongPasswordIsARefusal() {
        assertThatThrownBy(() -> bus("wrong").login(router.url()))
                .isInstanceOf(Ubus.Refusal.class)
                .hasMessageContaining("may not be done by this user");
    }

    @Test
    void nobodyThereIsNoRefusal() {
        router.close();
        assertThatThrownBy(() -> bus("secret").login(router.url()))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(Ubus.Refusal.class);
    }

    @Test
    void aSessionThatEndedIsBegunAnew() throws Exception {
        var bus = bus("secret");
        bus.login(router.url());
        router.rpcd.crash();
        assertThat(bus.call("system", "board", Value.object()).toString()).contains("fake");
    }

    @Test
    void manyLongOptionsFitIntoRequests() throws Exception {
        var bus = bus("secret");
        bus.login(router.url());
        var options = new LinkedHashMap<String, UciOption>();
        for (var i = 0; i < 200; i++) {
            options.put("o" + i, UciOption.of("ü\"".repeat(300)));
        }
        List<UciOp> ops = new ArrayList<>();
        ops.add(new UciOp.Set("lan", Map.copyOf(options)));
        var uci = new RouterUci(bus);
        uci.stage(new UciPlan("network", ops));
        assertThat(uci.read("network").sections().get(0).options()).containsAllEntriesOf(options);
    }

    @Test
    void theRoutersTrustedInOneWayShareOneClient() {
        var connections = new Connections();
        assertThat(connections.of("")).isSameAs(connections.of(""));
        assertThat(connections.of("ab".repeat(32))).isNotSameAs(connections.of(""));
    }

    private static final class Heard implements Ubus.Listener {
        final BlockingQueue<String> all = new LinkedBlockingQueue<>();

        @Override
        public void happened(String event, ObjectValue data) {
            all.add(event + " " + data);
        }

        @Override
        public void ended(IOException reason) {
            all.add("ended: " + reason.getMessage());
        }
    }

    @Test
    void eventsComeAsTheyHappen() throws Exception {
        var bus = bus("secret");
        bus.login(router.url());
        var heard = new Heard();
        try (var stream = bus.listen("network.interface", heard)) {
            router.awaitListeners(1);
            router.tell("interface.down", "{\"interface\":\"wan\",\"up\":false}");
            router.tell("interface.update", "no JSON");
            assertThat(heard.all.poll(20, TimeUnit.SECONDS))
                    .isEqualTo("interface.down {\"interface\":\"wan\",\"up\":false}");
            assertThat(heard.all.poll(20, TimeUnit.SECONDS)).isEqualTo("interface.update {}");
            router.deafen();
            assertThat(heard.all.poll(20, TimeUnit.SECONDS)).startsWith("ended: ");
        }
    }

    @Test
    void whoHasNoSessionHearsNothing() throws Exception {
        var bus = bus("secret");
        bus.login(router.url());
        router.rpcd.crash();
        var heard = new Heard();
        try (var stream = bus.listen("network.interface", heard)) {
            assertThat(heard.all.poll(20, TimeUnit.SECONDS)).isEqualTo("ended: the router answers HTTP 403");
        }
    }
}
