package tega.plugins.nlan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Assumptions;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Tega;
import tega.api.Value;
import tega.json.Json;
import tega.plugins.net.Applier;
import tega.plugins.net.FrrDaemons;
import tega.plugins.net.Journal;
import tega.plugins.net.Network;
import tega.plugins.net.Realm;
import tega.plugins.net.SystemKernel;
import tega.plugins.net.Tools;
import tega.store.TegaStore;
import tega.system.SystemScheduler;

/** A database and a lab of its own on the real kernel: all that it makes begins with a name that no other has. */
final class Machine implements AutoCloseable {
    final String lab =
            "t" + Long.toString(ProcessHandle.current().pid(), 36) + Long.toString(System.nanoTime() % 46_656, 36);
    final java.nio.file.Path folder = Files.createTempDirectory("nlan");
    final SystemScheduler scheduler = new SystemScheduler();
    final Tools tools = new Tools(scheduler.background(), Duration.ofSeconds(60));
    final FrrDaemons frr = new FrrDaemons(java.nio.file.Path.of("/run/tega", lab), tools);
    final Json json = new Json();
    final Realm realm = new Realm(lab);
    final SystemKernel kernel = new SystemKernel(realm, tools, frr, json);
    final Journal journal = new Journal(folder.resolve("journal"), json);
    final TegaStore tega = TegaStore.open(folder.resolve("data"));
    final Tega user = tega.sessions().tega(new Identity("alice", "alice"));
    final Applier applier = new Applier(realm, kernel, journal);
    final LabKeeper keeper = new LabKeeper(lab, tega, applier);
    final Observer observer = new Observer(tools, name -> frr, json);
    final Labs labs = new Labs(tega, name -> keeper, observer, scheduler.background());
    final LabCalls calls = new LabCalls(tega, labs, observer, tools, json, folder, java.nio.file.Path.of("/run/tega"));

    private boolean listening;

    Machine() throws IOException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "namespaces are made by root");
    }

    /** Has what is committed made, as the plugin does. */
    void listen() {
        listening = true;
        var patterns = List.of("*.Ptn", "*.Router", "*.Vhosts", "*.Interfaces", "*.Dvr", "nlan.labs", "ip").stream()
                .map(PathPattern::parse)
                .toList();
        tega.listen("labs", patterns, labs::changed);
        tega.guard("labs", patterns.subList(0, 6), Labs::guard);
    }

    /** A namespace of somebody else with a name that begins like those of the lab, and what is in it. */
    String foreign() throws IOException {
        var name = lab + "-" + "other";
        return sh("ip netns add " + name + " 2> /dev/null && ip -n " + name + " link add br1 type bridge;" + " ip -n "
                + name + " -br link");
    }

    /** Addresses in the order of the names. */
    static Map<String, String> addresses(List<String> routers) {
        var addresses = new TreeMap<String, String>();
        for (var i = 0; i < routers.size(); i++) {
            addresses.put(routers.get(i), "10.10.10." + (i + 1) + "/24");
        }
        return addresses;
    }

    void put(ObjectValue routers, Map<String, String> addresses) {
        try (var transaction = tega.begin()) {
            addresses.forEach((router, address) -> transaction.put(Path.of("ip", router), Value.of(address)));
            routers.forEach(router -> transaction.put(Path.of("config-" + router.name()), router.value()));
            transaction.put(Lab.LABS.child(lab).child("enabled"), Value.of(true));
            transaction.commit();
        }
    }

    /** In the name of somebody who is not the plugin. */
    void put(String path, Value value) {
        user.put(Path.parse(path), value);
    }

    String get(String path) {
        return tega.get(Path.parse(path)).map(Value::toString).orElse("nothing");
    }

    String space(String name) {
        return realm.space(name);
    }

    String sh(String script) throws IOException {
        var said = tools.run(List.of("sh", "-s"), script);
        return said.out() + said.err();
    }

    /** How many of {@code pairs} ping each other, all asked at once. */
    int pings(List<String[]> pairs) throws IOException {
        var script = new StringBuilder();
        for (var pair : pairs) {
            script.append("(ip netns exec ").append(space(pair[0])).append(" ping -q -c 1 -W 1 ");
            script.append(pair[1]).append(" > /dev/null && echo ok) &\n");
        }
        return (int) sh(script.append("wait\n").toString())
                .lines()
                .filter("ok"::equals)
                .count();
    }

    /** The hosts of the wide area network: each of the first network to all others, and to all of the second. */
    static List<String[]> wanPairs() {
        var hosts = new ArrayList<String>();
        for (var network : List.of("172.21.", "172.22.")) {
            for (var customer = 1; customer <= 4; customer++) {
                hosts.add("ce" + customer + "." + network + customer + ".2");
            }
        }
        var pairs = new ArrayList<String[]>();
        for (var one : hosts) {
            for (var two : hosts) {
                if (!one.equals(two)) {
                    pairs.add(new String[] {one, two.substring(4)});
                }
            }
        }
        return pairs;
    }

    /** Asks until it is so, or fails when that takes longer than {@code longest}. */
    static void until(Duration longest, Callable<Boolean> so) throws Exception {
        var end = System.nanoTime() + longest.toNanos();
        while (!so.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not come about within " + longest);
            }
            Thread.onSpinWait();
        }
    }

    /** Takes the lab away. */
    void down() throws IOException {
        if (tega.get(Lab.LABS.child(lab)).isPresent()) {
            tega.delete(Lab.LABS.child(lab));
        }
        if (!listening) {
            // Who made it without a tree took no lock, so nobody else may be at work.
            applier.recover();
            applier.apply(Network.EMPTY, plan -> {});
        }
        assertThat(keeper.apply().good()).isTrue();
    }

    @Override
    public void close() throws Exception {
        try {
            down();
        } finally {
            sh("ip netns del " + lab + "-other 2> /dev/null");
            tega.close();
            scheduler.close();
        }
    }
}
