package tega.plugins.openwrt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.Path;
import tega.api.Tega;
import tega.api.Value;
import tega.plugins.openwrt.uci.UciReader;
import tega.plugins.openwrt.uci.UciTree;
import tega.store.TegaStore;

/** One commit and many routers. */
class RolloutsTest {
    @TempDir
    java.nio.file.Path folder;

    private final Map<String, FakeRpcd> devices = new TreeMap<>();
    private final Map<String, FakeBus> buses = new TreeMap<>();
    private final Map<String, VirtualTime> times = new TreeMap<>();
    private TegaStore store;
    private Tega tega;
    private Routers routers;

    @BeforeEach
    void open() throws Exception {
        store = TegaStore.open(folder);
        tega = store;
        for (var i = 1; i <= 6; i++) {
            var time = new VirtualTime();
            var rpcd = new FakeRpcd(time::now);
            rpcd.edit("/etc/config/network", TrialTest.NETWORK);
            devices.put("r" + i, rpcd);
            times.put("r" + i, time);
            buses.put("r" + i, new FakeBus(rpcd, time));
            put("config-r" + i + ".openwrt.device.url", Value.of("http://192.168.1.1"));
            put("config-r" + i + ".openwrt.enabled", Value.of(true));
            put("config-r" + i + ".openwrt.templates", Value.array(Value.of("all")));
        }
        var network = UciReader.ofFiles(true)
                .read("network", TrialTest.NETWORK.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        put("config-openwrt.templates.all.uci.network", UciTree.of(network.get(0)));
        put("config-openwrt.templates.all.apply.rollout", Value.of("slow"));
        routers = new Routers(
                tega,
                name -> new Router(name, tega, wish -> buses.get(name), times.get(name), times.get(name), () -> {}));
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private void put(String path, Value value) {
        tega.put(Path.parse(path), value);
    }

    private String known(String member) {
        return tega.get(Rollouts.AT.child("slow").child(member))
                .map(Value::toString)
                .orElse("nothing");
    }

    private void mtu(String value) {
        put("config-openwrt.templates.all.uci.network.sections.lan.options.mtu", Value.of(value));
    }

    private List<String> having(String text) {
        var names = new ArrayList<String>();
        devices.forEach((name, rpcd) -> {
            if (rpcd.files.get("/etc/config/network").contains(text)) {
                names.add(name);
            }
        });
        return names;
    }

    private void policy(int batch, int failures, boolean together) {
        put(
                "config-openwrt.rollouts.slow",
                Value.object("batch", Value.of(batch), "failures", Value.of(failures))
                        .with("together", Value.of(together)));
    }

    /** All on one thread: what a roll-out starts is done when it comes back. */
    private Rollouts rollouts() {
        return new Rollouts(tega, routers, Runnable::run);
    }

    @Test
    void oneCommitReachesAll() {
        policy(4, 0, false);
        rollouts().look("slow");
        mtu("1400");
        rollouts().look("slow");
        assertThat(having("option mtu '1400'")).hasSize(6);
        assertThat(known("state")).isEqualTo("\"done\"");
        assertThat(known("done")).isEqualTo("6");
        assertThat(rollouts().table().get(0).toString()).contains("[####################]");
    }

    @Test
    void aRouterOfARollOutDoesNothingByItself() {
        policy(4, 0, false);
        mtu("1400");
        routers.router("r1").reconcile();
        assertThat(having("1400")).isEmpty();
        assertThat(tega.get(Path.parse("operational-r1.openwrt.uci.network.in-sync")))
                .contains(Value.of(false));
    }

    @Test
    void itStopsWhenOneFailsAndGoesOnWhenSomebodySaysSo() {
        policy(2, 0, false);
        mtu("1400");
        buses.get("r2").happen(call -> call.equals("uci.apply") ? FakeBus.Fault.LOST : FakeBus.Fault.NONE);
        rollouts().look("slow");
        assertThat(known("state")).isEqualTo("\"paused\"");
        assertThat(having("1400")).containsExactly("r1");
        assertThat(known("failed")).startsWith("{\"r2\":");
        rollouts().look("slow");
        assertThat(having("1400")).containsExactly("r1");
        rollouts().resume("slow");
        assertThat(having("1400")).containsExactly("r1", "r3", "r4", "r5", "r6");
        assertThat(known("state")).isEqualTo("\"done\"");
        buses.get("r2").happen(call -> FakeBus.Fault.NONE);
        routers.router("r2").forgive();
        rollouts().look("slow");
        assertThat(having("1400")).hasSize(6);
    }

    @Test
    void someMayFail() {
        policy(1, 1, false);
        mtu("1400");
        buses.get("r2").happen(call -> call.equals("uci.apply") ? FakeBus.Fault.LOST : FakeBus.Fault.NONE);
        rollouts().look("slow");
        assertThat(having("1400")).containsExactly("r1", "r3", "r4", "r5", "r6");
    }

    @Test
    void whoIsOffIsWaitedFor() {
        policy(3, 0, false);
        mtu("1400");
        buses.get("r1").happen(call -> FakeBus.Fault.LOST);
        rollouts().look("slow");
        assertThat(having("1400")).hasSize(5);
        assertThat(known("state")).isEqualTo("\"waiting\"");
        buses.get("r1").happen(call -> FakeBus.Fault.NONE);
        rollouts().look("slow");
        assertThat(known("state")).isEqualTo("\"done\"");
    }

    @Test
    void somebodyCanStopIt() {
        policy(3, 0, false);
        put("config-openwrt.rollouts.slow.paused", Value.of(true));
        mtu("1400");
        rollouts().look("slow");
        assertThat(having("1400")).isEmpty();
        assertThat(known("state")).isEqualTo("\"paused\"");
    }

    @Test
    void nothingHappensBeforeItsTime() {
        policy(6, 0, false);
        put("config-openwrt.templates.all.apply.at", Value.of("2026-01-01T02:00:00Z"));
        mtu("1400");
        rollouts().look("slow");
        assertThat(having("1400")).isEmpty();
        times.values().forEach(time -> time.advance(Duration.ofHours(2)));
        rollouts().look("slow");
        assertThat(having("1400")).hasSize(6);
    }

    private void together(Runnable setUp) throws Exception {
        policy(1, 0, true);
        mtu("1400");
        setUp.run();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            new Rollouts(tega, routers, threads).look("slow");
            threads.submit(() -> {}).get();
            while (!List.of("\"done\"", "\"paused\"", "\"waiting\"").contains(known("state"))) {
                Thread.onSpinWait();
            }
        } finally {
            threads.shutdown();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void allChangeTogether() throws Exception {
        together(() -> {});
        assertThat(having("1400")).hasSize(6);
        assertThat(known("state")).isEqualTo("\"done\"");
    }

    @Test
    void noneChangesWhenOneIsOff() throws Exception {
        together(() -> buses.get("r3").happen(call -> FakeBus.Fault.LOST));
        assertThat(having("1400")).isEmpty();
        assertThat(known("state")).isEqualTo("\"waiting\"");
        assertThat(devices.get("r1").isOnTrial()).isFalse();
    }

    @Test
    void noneStaysChangedWhenOneCannotBeProved() throws Exception {
        together(() -> buses.get("r3")
                .happen(call -> call.equals("system.board") && devices.get("r3").isOnTrial()
                        ? FakeBus.Fault.LOST
                        : FakeBus.Fault.NONE));
        assertThat(having("1400")).isEmpty();
        assertThat(known("state")).isEqualTo("\"paused\"");
        assertThat(tega.get(Path.parse("operational-r1.openwrt.apply.reason"))
                        .orElseThrow()
                        .toString())
                .contains("another that was to change with it could not be proved");
    }
}
