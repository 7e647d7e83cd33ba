package tega.plugins.nlan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.json.Json;
import tega.plugins.net.Applier;
import tega.plugins.net.Frr;
import tega.plugins.net.FrrDaemons;
import tega.plugins.net.Journal;
import tega.plugins.net.Link;
import tega.plugins.net.Network;
import tega.plugins.net.Outcome;
import tega.plugins.net.Realm;
import tega.plugins.net.Route;
import tega.plugins.net.Space;
import tega.plugins.net.SystemKernel;
import tega.plugins.net.Tools;
import tega.system.SystemScheduler;

/** What goes wrong on a machine, and what does not become of it. */
class MachineAcceptanceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A namespace with so many virtual private LANs. */
    private static Network vpns(Machine machine, int count, int mtu) {
        var space = Space.EMPTY.with(Link.host("lo"));
        for (var i = 1; i <= count; i++) {
            space = space.with(Link.of("br" + i, Link.BRIDGE, Map.of())
                    .mtu(mtu)
                    .with("10.8." + i % 250 + "." + (i / 250 + 1) + "/24"));
            space = space.with(Link.of(
                            "vx" + i,
                            Link.VXLAN,
                            Map.of("id", String.valueOf(i), "local", "10.10.10.1", "dstport", "4789"))
                    .mtu(mtu)
                    .in("br" + i)
                    .flood(List.of("10.10.10.2", "10.10.10.3")));
        }
        return Network.EMPTY.with(machine.space("r"), space);
    }

    @Test
    void aFailureInTheMiddleLeavesWhatWasThere() throws Exception {
        try (var machine = new Machine()) {
            machine.applier.apply(vpns(machine, 10, 1450), plan -> {});
            var wish = vpns(machine, 20, 1400);
            var before = machine.applier.look(wish);
            var space = wish.space(machine.space("r"));

            // A kind that no kernel has.
            var bad = wish.with(machine.space("r"), space.with(Link.of("zz", "nosuchkind", Map.of())));
            var outcome = machine.applier.apply(bad, plan -> {});
            assertThat(outcome.state()).isEqualTo(Outcome.State.ROLLED_BACK);
            assertThat(outcome.command()).isEqualTo(machine.space("r") + ": link add name zz type nosuchkind");
            assertThat(machine.applier.look(wish)).isEqualTo(before);

            // A next hop that nobody reaches.
            var lost = wish.with(machine.space("r"), space.with(new Route("10.99.0.0/16", "192.0.2.1", "br1")));
            outcome = machine.applier.apply(lost, plan -> {});
            assertThat(outcome.state()).isEqualTo(Outcome.State.ROLLED_BACK);
            assertThat(outcome.command()).contains("route replace 10.99.0.0/16");
            assertThat(machine.applier.look(wish)).isEqualTo(before);

            // A line that the routing daemons do not take.
            var wrong = wish.with(
                    machine.space("r"), space.frr(Frr.of(Set.of("zebra", "bgpd"), "router bgp 1\n nonsense\nexit\n")));
            outcome = machine.applier.apply(wrong, plan -> {});
            assertThat(outcome.state()).isEqualTo(Outcome.State.ROLLED_BACK);
            assertThat(outcome.command()).contains("frr start");
            assertThat(outcome.message()).contains("nonsense");
            assertThat(machine.applier.look(wish)).isEqualTo(before);
        }
    }

    @Test
    void twoHundredLansComeAndNothingIsDoneTwice() throws Exception {
        try (var machine = new Machine()) {
            var wish = vpns(machine, 200, 1450);
            var begin = System.nanoTime();
            var outcome = machine.applier.apply(wish, plan -> {});
            var made = System.nanoTime();
            assertThat(outcome.state()).isEqualTo(Outcome.State.APPLIED);
            assertThat(machine.applier.apply(wish, plan -> {}).state()).isEqualTo(Outcome.State.UNCHANGED);
            System.out.printf(
                    "200 LANs: %d steps in %d ms, nothing to do found in %d ms%n",
                    outcome.ops().size(), (made - begin) / 1_000_000, (System.nanoTime() - made) / 1_000_000);
        }
    }

    @Test
    void whatIsOfOthersIsLeftAlone() throws Exception {
        try (var machine = new Machine()) {
            machine.applier.apply(vpns(machine, 2, 1450), plan -> {});
            var space = machine.space("r");
            machine.sh("ip -n " + space + " link add mine type bridge; ip -n " + space + " link set mine up;"
                    + " ip -n " + space + " addr add 192.0.2.1/24 dev mine; ip -n " + space
                    + " addr add 192.0.2.9/32 dev lo;"
                    + " ip -n " + space + " route add 198.51.100.0/24 via 192.0.2.2");
            assertThat(machine.applier.plan(vpns(machine, 2, 1450)).ops()).isEmpty();
            machine.applier.apply(Network.EMPTY.with(space, Space.EMPTY), plan -> {});
            assertThat(machine.sh("ip -n " + space + " -br addr"))
                    .contains("mine", "192.0.2.1/24", "192.0.2.9/32")
                    .doesNotContain("vx1", "br1");
            assertThat(machine.sh("ip -n " + space + " route")).contains("198.51.100.0/24");

            var clash = Space.EMPTY.with(Link.of("mine", Link.BRIDGE, Map.of()));
            assertThatThrownBy(() -> machine.applier.apply(Network.EMPTY.with(space, clash), plan -> {}))
                    .isInstanceOf(TegaException.Conflict.class)
                    .hasMessageContaining("mine");
        }
    }

    /** Another process does it and is killed in the middle of it. */
    @Test
    void whatWasKilledIsTakenBack() throws Exception {
        try (var machine = new Machine()) {
            machine.applier.apply(vpns(machine, 3, 1450), plan -> {});
            var before = machine.applier.look(vpns(machine, 3, 1450));
            var journal = machine.folder.resolve("journal");
            var process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-cp",
                            places(Killed.class, Applier.class, TegaException.class, Json.class, SystemScheduler.class),
                            Killed.class.getName(),
                            machine.lab,
                            journal.toString())
                    .inheritIO()
                    .start();
            Machine.until(PATIENCE, () -> Files.exists(journal) && links(machine) > 40);
            process.destroyForcibly().waitFor();
            var left = links(machine);
            assertThat(left).isGreaterThan(40).isLessThan(1600);
            var outcome = machine.applier.recover().orElseThrow();
            assertThat(outcome.state()).isEqualTo(Outcome.State.ROLLED_BACK);
            assertThat(machine.applier.look(vpns(machine, 3, 1450))).isEqualTo(before);
            assertThat(machine.applier.recover()).isEmpty();
        }
    }

    private static String places(Class<?>... classes) throws Exception {
        var places = new ArrayList<String>();
        for (var one : classes) {
            places.add(Path.of(one.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString());
        }
        return String.join(":", places);
    }

    private static int links(Machine machine) throws Exception {
        return (int)
                machine.sh("ip -n " + machine.space("r") + " -br link").lines().count();
    }

    /** The process that is killed: it makes eight hundred LANs. */
    static final class Killed {
        private Killed() {}

        public static void main(String[] args) throws Exception {
            try (var scheduler = new SystemScheduler()) {
                var tools = new Tools(scheduler.background(), Duration.ofSeconds(60));
                var realm = new Realm(args[0]);
                var json = new Json();
                var frr = new FrrDaemons(Path.of("/run/tega", args[0]), tools);
                var kernel = new SystemKernel(realm, tools, frr, json);
                var journal = new Journal(Path.of(args[1]), json);
                var space = Space.EMPTY.with(Link.host("lo"));
                for (var i = 1; i <= 800; i++) {
                    space = space.with(Link.of("br" + i, Link.BRIDGE, Map.of()).mtu(1450));
                }
                new Applier(realm, kernel, journal).apply(Network.EMPTY.with(realm.space("r"), space), plan -> {});
            }
        }
    }

    /** The gateway of a subnet is on every router, and each host finds its own. */
    @Test
    void aSubnetIsSpreadOverRouters() throws Exception {
        try (var machine = new Machine()) {
            var addresses = Machine.addresses(List.of("r1", "r2"));
            var routers = Value.object();
            for (var i = 1; i <= 2; i++) {
                var other = "10.10.10." + (3 - i);
                var subnets = Value.object();
                for (var vni = 51; vni <= 52; vni++) {
                    subnets = subnets.with(
                            "s" + vni,
                            Value.object(Map.of(
                                    "Vni", Value.of(vni),
                                    "Mode", Value.of("dvr"),
                                    "Gateway", Value.of("172.31." + vni + ".1/24"),
                                    "Local", Value.of("10.10.10." + i),
                                    "Peers", Value.array(Value.of(other)),
                                    "Hosts", Value.array(Value.of("172.31." + vni + ".1" + i)))));
                }
                routers = routers.with("r" + i, Value.object("Dvr", Value.object("Subnets", subnets)));
            }
            machine.put(routers, addresses);
            assertThat(machine.keeper.apply().message()).isEmpty();
            var hosts = List.of("r1.172.31.51.11", "r2.172.31.51.12", "r1.172.31.52.11", "r2.172.31.52.12");
            var pairs = new ArrayList<String[]>();
            for (var one : hosts) {
                for (var two : hosts) {
                    if (!one.equals(two)) {
                        pairs.add(new String[] {one, two.substring(3)});
                    }
                }
            }
            Machine.until(PATIENCE, () -> machine.pings(pairs) == 12);
            assertThat(machine.keeper.apply().state()).isEqualTo(Outcome.State.UNCHANGED);
        }
    }

    /** One link loses a fifth and passes no more than ten megabits a second. */
    @Test
    void aLinkIsImpaired() throws Exception {
        try (var machine = new Machine()) {
            var addresses = Machine.addresses(List.of("r1", "r2"));
            machine.put(pair(Value.object("loss", Value.of(20), "rate", Value.of(10))), addresses);
            assertThat(machine.keeper.apply().message()).isEmpty();
            assertThat(machine.keeper.apply().state()).isEqualTo(Outcome.State.UNCHANGED);
            var said = machine.sh("ip netns exec " + machine.space("r1") + " ping -q -f -c 2000 -W 1 10.8.0.2");
            var arrived = Integer.parseInt(said.replaceAll("(?s).*, (\\d+) received.*", "$1"));
            // There and back: what arrives has been lucky twice.
            assertThat(arrived).isBetween(1160, 1400);
            machine.put(pair(Value.object()), addresses);
            assertThat(machine.keeper.apply().state()).isEqualTo(Outcome.State.APPLIED);
            assertThat(machine.sh("ip netns exec " + machine.space("r1") + " nft list ruleset"))
                    .isEmpty();
        }
    }

    private static ObjectValue pair(ObjectValue impair) {
        var routers = Value.object();
        for (var i = 1; i <= 2; i++) {
            var other = "10.10.10." + (3 - i);
            var links = Value.object("LocalIp", Value.of("10.10.10." + i), "RemoteIps", Value.array(Value.of(other)));
            var vpn = Value.object(Map.of(
                    "Vid", Value.of(1),
                    "Vni", Value.of(8),
                    "Peers", Value.array(Value.of(other)),
                    "Ip", Value.of("10.8.0." + i + "/24")));
            var ptn = Value.object(
                    "Links",
                    i == 1 && !impair.isEmpty() ? links.with("Impair", Value.object(other, impair)) : links,
                    "L2Vpn",
                    Value.array(vpn));
            routers = routers.with("r" + i, Value.object("Ptn", Value.object("wan", ptn)));
        }
        return routers;
    }
}
