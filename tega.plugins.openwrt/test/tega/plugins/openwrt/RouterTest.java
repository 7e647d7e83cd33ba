package tega.plugins.openwrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.plugins.openwrt.layer.Layers;
import tega.store.TegaStore;

/** A router and its place in a real database. */
class RouterTest {
    private static final String SECTIONS = "config-r1.openwrt.uci.network.sections.";

    @TempDir
    java.nio.file.Path folder;

    private final VirtualTime time = new VirtualTime();
    private final FakeRpcd rpcd = new FakeRpcd(time::now);
    private final FakeBus bus = new FakeBus(rpcd, time);
    private TegaStore store;
    private Tega tega;
    private Router router;

    @BeforeEach
    void open() {
        store = TegaStore.open(folder);
        tega = store;
        rpcd.edit("/etc/config/network", TrialTest.NETWORK);
        put("config-r1.openwrt.enabled", Value.of(true));
        put("config-r1.openwrt.device.url", Value.of("http://192.168.1.1"));
        router = new Router("r1", tega, wish -> bus, time, time, () -> {});
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private void put(String path, Value value) {
        tega.put(Path.parse(path), value);
    }

    private String get(String path) {
        return tega.get(Path.parse(path)).map(Value::toString).orElse("nothing");
    }

    private String network() {
        return rpcd.files.get("/etc/config/network");
    }

    @Test
    void adoptionIsACommitAndChangesNothing() {
        router.adopt(List.of());
        assertThat(get("config-r1.openwrt.uci.network.order")).isEqualTo("[\"lan\",\"_route__1\",\"_route__2\"]");
        assertThat(get(SECTIONS + "_route__1.options.target")).isEqualTo("\"10.0.0.0/8\"");
        assertThat(router.plan().get("network").ops()).isEmpty();
        router.reconcile();
        assertThat(network()).isEqualTo(TrialTest.NETWORK);
        assertThat(get("operational-r1.openwrt.uci.network.in-sync")).isEqualTo("true");
    }

    @Test
    void whatIsCommittedIsApplied() {
        router.adopt(List.of("network"));
        put(SECTIONS + "lan.options.dns", Value.array(Value.of("1.1.1.1")));
        router.reconcile();
        assertThat(network()).contains("\tlist dns '1.1.1.1'");
        assertThat(get("operational-r1.openwrt.apply.state")).isEqualTo("\"confirmed\"");
        assertThat(get("operational-r1.openwrt.uci.network.in-sync")).isEqualTo("true");
    }

    @Test
    void theFirstAnonymousOneGoesAndTheSecondKeepsItsName() {
        router.adopt(List.of("network"));
        tega.delete(Path.parse(SECTIONS + "_route__1"));
        put("config-r1.openwrt.uci.network.order", Value.array(Value.of("lan"), Value.of("_route__2")));
        router.reconcile();
        assertThat(network()).doesNotContain("10.0.0.0/8").contains("172.16.0.0/12");
        router.adopt(List.of("network"));
        assertThat(get(SECTIONS + "_route__2.options.target")).isEqualTo("\"172.16.0.0/12\"");
    }

    @Test
    void driftIsToldWithItsPath() {
        router.adopt(List.of("network"));
        rpcd.edit("/etc/config/network", TrialTest.NETWORK.replace("10.0.0.0/8", "10.0.0.0/9"));
        router.reconcile();
        assertThat(get("operational-r1.openwrt.uci.network"))
                .isEqualTo("{\"drift\":[{\"have\":\"10.0.0.0/9\",\"kind\":\"changed\",\"path\":\"_route__1.target\","
                        + "\"want\":\"10.0.0.0/8\"}],\"in-sync\":false}");
        assertThat(network()).contains("10.0.0.0/9");
    }

    @Test
    void driftIsMendedWhereThatIsWanted() {
        router.adopt(List.of("network"));
        put("config-r1.openwrt.drift", Value.of("reassert"));
        router.reconcile();
        rpcd.edit("/etc/config/network", TrialTest.NETWORK.replace("10.0.0.0/8", "10.0.0.0/9"));
        router.reconcile();
        assertThat(network()).contains("10.0.0.0/8").doesNotContain("10.0.0.0/9");
    }

    @Test
    void driftIsAcceptedWhereThatIsWanted() {
        router.adopt(List.of("network"));
        put("config-r1.openwrt.drift", Value.of("accept"));
        router.reconcile();
        rpcd.edit("/etc/config/network", TrialTest.NETWORK.replace("10.0.0.0/8", "10.0.0.0/9"));
        router.reconcile();
        assertThat(get(SECTIONS + "_route__1.options.target")).isEqualTo("\"10.0.0.0/9\"");
        assertThat(network()).contains("10.0.0.0/9");
    }

    @Test
    void whatFailedIsNotTriedAgainUntilItIsAnother() {
        router.adopt(List.of("network"));
        put(SECTIONS + "lan.options.ipaddr", Value.of("10.9.9.9"));
        router.reconcile();
        assertThat(get("operational-r1.openwrt.apply.state")).isEqualTo("\"rolled-back\"");
        assertThat(network()).isEqualTo(TrialTest.NETWORK);
        var tried = time.now();
        router.reconcile();
        assertThat(time.now()).isBefore(tried.plusSeconds(5));

        put("config-r1.openwrt.device.url", Value.of("http://10.9.9.9"));
        put(SECTIONS + "lan.options.netmask", Value.of("255.255.255.0"));
        router.reconcile();
        assertThat(get("operational-r1.openwrt.apply.state")).isEqualTo("\"confirmed\"");
        assertThat(get("operational-r1.openwrt.failed")).isEqualTo("nothing");
        assertThat(rpcd.address()).isEqualTo("10.9.9.9");
    }

    @Test
    void aTrialThatWasLeftAloneIsGoneOnWith() {
        router.adopt(List.of("network"));
        put(SECTIONS + "lan.options.netmask", Value.of("255.255.255.0"));
        var stopped = new Router(
                "r1",
                tega,
                wish -> bus,
                time,
                duration -> {
                    throw new IOException("the plugin stops");
                },
                () -> {});
        stopped.reconcile();
        assertThat(get("operational-r1.openwrt.apply.state")).isEqualTo("\"trial\"");
        assertThat(rpcd.isOnTrial()).isTrue();
        router.reconcile();
        assertThat(get("operational-r1.openwrt.apply.state")).isEqualTo("\"confirmed\"");
        assertThat(rpcd.isOnTrial()).isFalse();
        assertThat(network()).contains("255.255.255.0");
    }

    @Test
    void aTrialInRamThatWasLeftAloneIsGoneOnWith() {
        rpcd.modern();
        router.adopt(List.of("network"));
        put(SECTIONS + "lan.options.netmask", Value.of("255.255.255.0"));
        new Router(
                        "r1",
                        tega,
                        wish -> bus,
                        time,
                        duration -> {
                            throw new IOException("the plugin stops");
                        },
                        Prober.NONE)
                .reconcile();
        assertThat(get("operational-r1.openwrt.apply.state")).isEqualTo("\"trial\"");
        assertThat(network()).isEqualTo(TrialTest.NETWORK);
        assertThat(rpcd.effective("network")).contains("255.255.255.0");
        router.reconcile();
        assertThat(get("operational-r1.openwrt.apply.state")).isEqualTo("\"confirmed\"");
        assertThat(network()).contains("255.255.255.0");
    }

    @Test
    void aRouterThatLostItsTrialWithItsPowerWhileNobodyWatchedIsTold() {
        rpcd.modern();
        router.adopt(List.of("network"));
        put(SECTIONS + "lan.options.netmask", Value.of("255.255.255.0"));
        new Router(
                        "r1",
                        tega,
                        wish -> bus,
                        time,
                        duration -> {
                            throw new IOException("the plugin stops");
                        },
                        Prober.NONE)
                .reconcile();
        rpcd.powerCycle();
        router.reconcile();
        assertThat(get("operational-r1.openwrt.apply.state")).isEqualTo("\"rolled-back\"");
        assertThat(network()).isEqualTo(TrialTest.NETWORK);
    }

    @Test
    void aTrialThatWasLeftAloneTooLongIsTold() {
        router.adopt(List.of("network"));
        put(SECTIONS + "lan.options.netmask", Value.of("255.255.255.0"));
        new Router(
                        "r1",
                        tega,
                        wish -> bus,
                        time,
                        duration -> {
                            throw new IOException("the plugin stops");
                        },
                        () -> {})
                .reconcile();
        time.advance(Duration.ofMinutes(5));
        router.reconcile();
        assertThat(get("operational-r1.openwrt.apply.state")).isEqualTo("\"rolled-back\"");
        assertThat(network()).isEqualTo(TrialTest.NETWORK);
    }

    @Test
    void aRouterThatIsOffIsCaughtUpWithWhenItIsBack() {
        router.adopt(List.of("network"));
        bus.happen(call -> FakeBus.Fault.LOST);
        put(SECTIONS + "lan.options.netmask", Value.of("255.255.255.0"));
        router.reconcile();
        assertThat(get("operational-r1.openwrt.reachable")).isEqualTo("false");
        put(SECTIONS + "lan.options.netmask", Value.of("255.255.0.0"));
        bus.happen(call -> FakeBus.Fault.NONE);
        router.reconcile();
        assertThat(network()).contains("255.255.0.0");
        assertThat(get("operational-r1.openwrt.reachable")).isEqualTo("true");
    }

    private static Value section(String type, String option, Value value) {
        return Value.object("type", Value.of(type), "options", Value.object(option, value));
    }

    @Test
    void aTemplateIsBroughtToWhoeverIsMadeOfIt() {
        router.adopt(List.of("network"));
        put(
                "config-openwrt.templates.office.uci.network.sections.guest",
                section("interface", "ipaddr", Value.of("{{guest}}")));
        put("config-openwrt.templates.office.variables.guest.type", Value.of("address"));
        try (var both = tega.begin()) {
            both.put(Path.parse("config-r1.openwrt.templates"), Value.array(Value.of("office")))
                    .put(Path.parse("config-r1.openwrt.variables.guest"), Value.of("10.1.0.1"))
                    .commit();
        }
        router.reconcile();
        assertThat(network()).contains("config interface 'guest'", "'10.1.0.1'", "172.16.0.0/12");
        put("config-openwrt.templates.office.uci.network.sections.guest.options.mtu", Value.of("1400"));
        router.reconcile();
        assertThat(network()).contains("option mtu '1400'");
        assertThat(get("operational-r1.openwrt.applied.revision"))
                .isEqualTo(
                        Long.toString(tega.snapshot().revision(Layers.TEMPLATES).getAsLong()));
        tega.delete(Path.parse("config-openwrt.templates.office.uci.network.sections.guest"));
        router.reconcile();
        assertThat(network()).doesNotContain("guest");
    }

    @Test
    void whatIsAcceptedOfALayeredRouterStandsInItsOwnLayerAlone() {
        router.adopt(List.of("network"));
        put(
                "config-openwrt.templates.office.uci.network.sections.guest",
                section("interface", "ipaddr", Value.of("10.1.0.1")));
        put("config-r1.openwrt.templates", Value.array(Value.of("office")));
        router.reconcile();
        rpcd.edit("/etc/config/network", network().replace("10.1.0.1", "10.2.0.1"));
        router.reconcile();
        router.accept(List.of());
        assertThat(get(SECTIONS + "guest")).isEqualTo("{\"options\":{\"ipaddr\":\"10.2.0.1\"}}");
        assertThat(router.plan().get("network").ops()).isEmpty();
        rpcd.edit("/etc/config/network", TrialTest.NETWORK);
        router.accept(List.of("network"));
        assertThat(get(SECTIONS + "guest")).isEqualTo("null");
        assertThat(router.plan().get("network").ops()).isEmpty();
    }

    @Test
    void whatIsOnlyReportedIsMendedOnRequest() {
        router.adopt(List.of("network"));
        rpcd.edit("/etc/config/network", TrialTest.NETWORK.replace("10.0.0.0/8", "10.0.0.0/9"));
        router.reconcile();
        assertThat(router.reassert(List.of("network")).stage()).isEqualTo(Stage.CONFIRMED);
        assertThat(network()).contains("10.0.0.0/8");
        assertThatThrownBy(() -> router.reassert(List.of("wireless"))).hasMessageContaining("adopt it first");
    }

    @Test
    void aTemplateThatBreaksARouterIsRefusedWithItsPath() throws Exception {
        try (var guard = store.guard(
                "routers",
                List.of(PathPattern.parse("*.openwrt"), PathPattern.parse("config-openwrt.templates")),
                Routers::guard)) {
            router.adopt(List.of("network"));
            put("config-openwrt.templates.office.uci.network.sections.lan.options.dns", Value.of("1.1.1.1"));
            put("config-r1.openwrt.templates", Value.array(Value.of("office")));
            assertThatThrownBy(() -> put(
                            "config-openwrt.templates.office.uci.network.sections.lan.options.dns",
                            Value.of("{{dns}}")))
                    .hasMessageContaining("config-openwrt.templates.office.uci.network.sections.lan.options.dns")
                    .hasMessageContaining("no template declares the variable 'dns'");
            assertThatThrownBy(() -> put(
                            "config-openwrt.templates.office.uci.network.sections.guest",
                            section("route", "interface", Value.of("wan"))))
                    .hasMessageContaining(
                            "config-openwrt.templates.office.uci.network.sections.guest.options.interface")
                    .hasMessageContaining("there is no interface 'wan'");
            assertThatThrownBy(() -> tega.delete(Path.parse("config-openwrt.templates.office")))
                    .hasMessageContaining("config-r1.openwrt.templates")
                    .hasMessageContaining("there is no template \"office\"");
            assertThat(guard).isNotNull();
        }
    }

    @Test
    void onlyHarmlessCallsArePassedOn() {
        assertThat(router.ubus("system", "board", Value.object()).toString()).contains("fake");
        assertThatThrownBy(() -> router.ubus("file", "write", Value.object()))
                .isInstanceOf(TegaException.Forbidden.class)
                .hasMessageContaining("system.board");
    }
}
