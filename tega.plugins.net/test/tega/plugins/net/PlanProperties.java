package tega.plugins.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tega.json.Json;

/** What holds for every two networks, on a kernel in memory. */
class PlanProperties {
    private static final Realm REALM = new Realm("lab");
    private static final List<String> SPACES = List.of(REALM.space("a"), REALM.space("b"), REALM.space("c"));

    @Provide
    Arbitrary<Network> networks() {
        var space = Combinators.combine(
                        link("br1", Link.BRIDGE),
                        link("vx1", Link.VXLAN),
                        Arbitraries.subsetOf("10.1.1.1/32", "10.1.1.2/32"),
                        Arbitraries.maps(Arbitraries.of("inet", "bridge"), Arbitraries.of("\tx\n", "\ty\n\tz\n")),
                        Arbitraries.of("", "router bgp 1\n", "router bgp 2\n"),
                        Arbitraries.of("0", "1"))
                .as((bridge, tunnel, loopback, nft, frr, forward) -> {
                    var made = Space.of(bridge).with(Link.host("lo").with(loopback.toArray(new String[0])));
                    for (var one : tunnel) {
                        made = made.with(bridge.isEmpty() ? one : one.in("br1"));
                    }
                    for (var one : bridge) {
                        made = one.mtu() == 1450 ? made.with(new Route("10.9.0.0/16", "10.0.0.9", "br1")) : made;
                    }
                    return made.nft(nft)
                            .frr(frr.isEmpty() ? null : Frr.of(List.of("bgpd", "zebra"), frr))
                            .sysctls(Map.of("net.ipv4.ip_forward", forward));
                });
        var spaces = Arbitraries.maps(Arbitraries.of(SPACES), space).ofMaxSize(3);
        var pairs = Arbitraries.integers().between(0, 3).set().ofMaxSize(4);
        return Combinators.combine(spaces, pairs).as((all, wires) -> {
            var network = Network.of(all);
            for (var wire : wires) {
                network = wired(network, wire);
            }
            return network;
        });
    }

    private static Arbitrary<List<Link>> link(String name, String kind) {
        var ids = kind.equals(Link.VXLAN) ? Arbitraries.of("1", "2") : Arbitraries.just("");
        return Combinators.combine(
                        ids,
                        Arbitraries.of(1450, 1500),
                        Arbitraries.of(true, false),
                        Arbitraries.subsetOf("10.0.0.1/24", "10.0.0.2/24", "10.0.1.1/24"),
                        Arbitraries.subsetOf("10.10.10.1", "10.10.10.2", "10.10.10.3"))
                .as((id, mtu, up, addresses, flood) -> Link.of(
                                name, kind, id.isEmpty() ? Map.of() : Map.of("id", id, "local", "10.10.10.9"))
                        .mtu(mtu)
                        .up(up)
                        .with(addresses.toArray(new String[0]))
                        .flood(id.isEmpty() ? List.of() : flood))
                .list()
                .ofMaxSize(1);
    }

    /** Some pairs are between two spaces, one is within a space, and two of them compete for a name. */
    private static Network wired(Network network, int wire) {
        var names = List.copyOf(network.spaces().keySet());
        if (names.isEmpty()) {
            return network;
        }
        var one = new Link.Place(names.get(0), "eth" + wire / 2);
        var two = new Link.Place(names.get(names.size() - 1), "p" + wire);
        return network.space(one.space()).links().containsKey(one.name())
                ? network
                : end(end(network, one, two), two, one);
    }

    private static Network end(Network network, Link.Place one, Link.Place two) {
        var link = Link.of(one.name(), Link.VETH, Map.of(Link.PEER, two.space() + "/" + two.name()));
        return network.with(one.space(), network.space(one.space()).with(link.mtu(1500)));
    }

    private static ModelKernel kernel(Network network) throws IOException {
        var spaces = new TreeMap<>(network.spaces());
        spaces.put("", Space.of(List.of(Link.host("lo"), Link.host("eth0"))));
        return new ModelKernel(REALM, new Network(spaces));
    }

    @Property(tries = 300)
    void whatWasAppliedNeedsNothingMore(@ForAll("networks") Network have, @ForAll("networks") Network want)
            throws IOException {
        var kernel = kernel(have);
        kernel.run(Plan.between(REALM, kernel.read(want, Set.of()), want).ops());
        assertThat(Plan.between(REALM, kernel.read(want, Set.of()), want).ops()).isEmpty();
    }

    @Property(tries = 300)
    void whatIsThereNeedsNothing(@ForAll("networks") Network have) {
        assertThat(Plan.between(REALM, have, have).ops()).isEmpty();
    }

    @Property(tries = 300)
    void whatFailsLeavesWhatWasThere(
            @ForAll("networks") Network have, @ForAll("networks") Network want, @ForAll int which) throws IOException {
        var kernel = kernel(have);
        var steps = Plan.between(REALM, kernel.read(want, Set.of()), want).ops();
        if (steps.isEmpty()) {
            return;
        }
        var bad = steps.get(Math.floorMod(which, steps.size()));
        kernel.refuse(bad::equals);
        var folder = Files.createTempDirectory("plan");
        var before = kernel.read(want, Set.of());
        var outcome =
                new Applier(REALM, kernel, new Journal(folder.resolve("journal"), new Json())).apply(want, plan -> {});
        assertThat(outcome.state()).isEqualTo(Outcome.State.ROLLED_BACK);
        assertThat(outcome.command()).isEqualTo(bad.toString());
        assertThat(kernel.read(want, Set.of())).isEqualTo(before);
        assertThat(folder.toFile().list()).isEmpty();
        Files.delete(folder);
    }

    @Property(tries = 300)
    void whatWasCutOffIsTakenBack(@ForAll("networks") Network have, @ForAll("networks") Network want, @ForAll int cut)
            throws IOException {
        var kernel = kernel(have);
        var before = kernel.read(have, Set.of());
        var plan = Plan.between(REALM, kernel.read(want, Set.of()), want);
        var journal = new Journal(Files.createTempDirectory("plan").resolve("journal"), new Json());
        journal.begin(before, plan.claims());
        var steps = new ArrayList<>(plan.ops());
        kernel.run(steps.subList(0, steps.isEmpty() ? 0 : Math.floorMod(cut, steps.size() + 1)));
        new Applier(REALM, kernel, journal).recover();
        assertThat(kernel.read(have, Set.of())).isEqualTo(before);
        assertThat(journal.open()).isEmpty();
    }

    @Example
    void halfAPairIsMadeWhole() throws IOException {
        var one = new Link.Place(SPACES.get(0), "eth0");
        var two = new Link.Place(SPACES.get(1), "p1");
        var spaces = Network.of(Map.of(SPACES.get(0), Space.NEW, SPACES.get(1), Space.NEW));
        var kernel = kernel(end(spaces, one, two));
        var want = end(end(spaces, one, two), two, one);
        kernel.run(Plan.between(REALM, kernel.read(want, Set.of()), want).ops());
        assertThat(kernel.read(want, Set.of())).isEqualTo(want);
    }

    @Property(tries = 300)
    void theJournalReadsBackWhatWasWritten(@ForAll("networks") Network network) {
        assertThat(NetworkValue.of(NetworkValue.value(network))).isEqualTo(network);
    }
}
