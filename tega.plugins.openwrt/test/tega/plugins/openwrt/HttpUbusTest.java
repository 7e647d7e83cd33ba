package tega.plugins.openwrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
        return new HttpUbus(json, "tega", () -> password, "");
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
}
