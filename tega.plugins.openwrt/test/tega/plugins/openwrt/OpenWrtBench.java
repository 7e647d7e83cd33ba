package tega.plugins.openwrt;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import tega.api.Path;
import tega.api.Value;
import tega.api.spi.JsonCodec;
import tega.api.spi.Scheduler;
import tega.plugins.openwrt.uci.UciOption;
import tega.plugins.openwrt.uci.UciOwnership;
import tega.plugins.openwrt.uci.UciPackage;
import tega.plugins.openwrt.uci.UciPlan;
import tega.plugins.openwrt.uci.UciReader;
import tega.plugins.openwrt.uci.UciSection;
import tega.plugins.openwrt.uci.UciTree;
import tega.plugins.openwrt.uci.UciWriter;
import tega.store.TegaStore;

/** What it costs to read, to plan and to roll out; for {@code ./tega bench openwrt}. */
public final class OpenWrtBench {
    private static final Connections CONNECTIONS = new Connections();

    private static final Path AT = Path.of("config-r", "openwrt");

    private OpenWrtBench() {}

    /** Prints two tables; the argument is how many routers there are. */
    public static void main(String[] args) throws Exception {
        plan();
        rollOut(args.length > 0 ? Integer.parseInt(args[0]) : 200);
        System.exit(0);
    }

    private static UciPackage large() {
        var sections = new ArrayList<UciSection>();
        while (UciWriter.file(new UciPackage("dhcp", sections)).length < 200_000) {
            for (var more = 0; more < 50; more++) {
                var i = sections.size();
                var options = new LinkedHashMap<String, UciOption>();
                options.put("name", UciOption.of("host-" + i));
                options.put("mac", UciOption.of(List.of(String.format("02:00:00:00:%02x:%02x", i >> 8, i & 255))));
                options.put("ip", UciOption.of("10.0." + (i >> 8) + "." + (i & 255)));
                sections.add(new UciSection("_host__" + (i + 1), "host", true, options));
            }
        }
        return new UciPackage("dhcp", sections);
    }

    private static double millis(Callable<?> work) throws Exception {
        var times = new double[60];
        for (var i = 0; i < times.length; i++) {
            var begin = System.nanoTime();
            work.call();
            times[i] = (System.nanoTime() - begin) / 1e6;
        }
        var last = Arrays.copyOfRange(times, 20, times.length);
        Arrays.sort(last);
        return last[last.length / 2];
    }

    private static void plan() throws Exception {
        var wanted = large();
        var text = UciWriter.file(wanted);
        var there = UciReader.ofFiles(true).read("dhcp", text).get(0);
        var changed = new ArrayList<>(wanted.sections());
        changed.remove(0);
        changed.set(7, new UciSection(changed.get(7).id(), "host", true, Map.of("name", UciOption.of("another"))));
        var goal = new UciPackage("dhcp", changed);
        var wish = Value.object("uci", Value.object("dhcp", UciTree.of(goal)));
        System.out.printf(
                Locale.ROOT,
                "A package of %d bytes, %d anonymous sections, medians%n%n| | ms |%n|---|---|%n",
                text.length,
                wanted.sections().size());
        row("text read", millis(() -> UciReader.ofFiles(true).read("dhcp", text)));
        row("text written", millis(() -> UciWriter.file(wanted)));
        row("plan, nothing to do", millis(() -> UciPlan.of(there, wanted, wanted, UciOwnership.PACKAGE)));
        row(
                "plan, one taken away and one changed",
                millis(() -> UciPlan.of(there, goal, wanted, UciOwnership.PACKAGE)));
        row("a commit of it read and judged by the guard", millis(() -> {
            new RouterLint(RouterWish.read(wish, AT), AT, (path, sentence) -> {}).check(null);
            return null;
        }));
    }

    private static void row(String name, double figure) {
        System.out.printf(Locale.ROOT, "| %s | %.1f |%n", name, figure);
    }

    private static void rollOut(int many) throws Exception {
        var folder = Files.createTempDirectory("tega-bench");
        var scheduler = ServiceLoader.load(Scheduler.class).findFirst().orElseThrow();
        var json = ServiceLoader.load(JsonCodec.class).findFirst().orElseThrow();
        var fakes = new HashMap<String, FakeRouter>();
        try (var store = TegaStore.open(folder)) {
            for (var i = 1; i <= many; i++) {
                var router = new FakeRouter(0);
                router.rpcd.edit("/etc/config/system", "config system 's'\n\toption hostname 'r" + i + "'\n");
                fakes.put("r" + i, router);
                store.put(
                        Path.of("config-r" + i, "openwrt"),
                        Value.object(Map.of(
                                "enabled", Value.of(true),
                                "device", Value.object("url", Value.of(router.url())),
                                "templates", Value.array(Value.of("all")))));
            }
            var system = "{\"sections\":{\"s\":{\"type\":\"system\",\"options\":{\"hostname\":\"{{router}}\"}}}}";
            store.put(Path.parse("config-openwrt.templates.all.uci.system"), json.readJson(system));
            store.put(Path.parse("config-openwrt.templates.all.apply.rollout"), Value.of("all"));
            store.put(Path.parse("config-openwrt.rollouts.all.batch"), Value.of(50));
            var routers = new Routers(
                    store,
                    name -> new Router(
                            name,
                            store,
                            wish -> new HttpUbus(json, "tega", () -> "secret", CONNECTIONS.of("")),
                            scheduler,
                            OpenWrtBench::pause,
                            () -> {}));
            var rollouts = new Rollouts(store, routers, scheduler.background());
            System.out.printf(
                    "%n%d routers, batches of 50, every call over HTTP on loopback%n%n| | s |%n|---|---|%n", many);
            row("all looked at, nothing to do", until(rollouts, many, fakes, ""));
            store.put(
                    Path.parse("config-openwrt.templates.all.uci.system.sections.s.options.zonename"), Value.of("UTC"));
            row("one commit until all have confirmed it", until(rollouts, many, fakes, "UTC"));
            System.out.println("\n" + having(fakes, "UTC") + " of " + many + " have it");
        } finally {
            fakes.values().forEach(FakeRouter::close);
        }
    }

    /** Seconds until the roll-out is done; a trial takes three proofs, half a second apart. */
    private static double until(Rollouts rollouts, int many, Map<String, FakeRouter> fakes, String text)
            throws IOException {
        var begin = System.nanoTime();
        rollouts.look("all");
        while (having(fakes, text) < many
                || !rollouts.known("all").toString().contains("\"done\":" + many)
                || !rollouts.known("all").toString().contains("\"state\":\"done\"")) {
            pause(Duration.ofMillis(20));
            if (System.nanoTime() - begin > 120e9) {
                throw new IOException("not done after two minutes: " + rollouts.known("all"));
            }
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private static long having(Map<String, FakeRouter> fakes, String text) {
        return fakes.values().stream()
                .filter(one -> one.rpcd.files.get("/etc/config/system").contains(text))
                .count();
    }

    private static void pause(Duration duration) throws IOException {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
