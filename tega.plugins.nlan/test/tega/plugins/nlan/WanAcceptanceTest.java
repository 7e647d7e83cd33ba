package tega.plugins.nlan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tega.api.ArrayValue;
import tega.api.Path;
import tega.api.Value;
import tega.plugins.net.Outcome;

/** The wide area network of nine routers on the real kernel, by the daemons that route the real world. */
class WanAcceptanceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static void up(Machine machine, boolean bgp) throws Exception {
        var addresses = Machine.addresses(Topologies.WAN);
        machine.put(Topologies.wan(addresses, bgp), addresses);
        var begin = System.nanoTime();
        var outcome = machine.keeper.apply();
        assertThat(outcome.command() + outcome.message()).isEmpty();
        var plumbed = System.nanoTime();
        Machine.until(PATIENCE, () -> machine.pings(Machine.wanPairs()) == 56);
        System.out.printf(
                "%s: %d steps in %d ms, 56 of 56 pings after %d ms%n",
                bgp ? "BGP" : "OSPF",
                outcome.ops().size(),
                (plumbed - begin) / 1_000_000,
                (System.nanoTime() - begin) / 1_000_000);
        assertThat(machine.keeper.apply().state()).isEqualTo(Outcome.State.UNCHANGED);
    }

    @Test
    void livesItsLifeByBgp() throws Exception {
        try (var machine = new Machine()) {
            var before = machine.foreign();
            up(machine, true);
            everyRouterHasEveryNetwork(machine);
            picturesShowWhatIsThere(machine);
            whatOthersChangeIsPutRight(machine);
            machine.listen();
            aCutLinkIsRoutedAround(machine);
            aVersionBackIsTheNetworkBack(machine);
            machine.down();
            assertThat(machine.foreign()).isEqualTo(before);
            assertThat(machine.sh("ls /run/netns | grep '^" + machine.lab + "--'; ls -d /run/tega/" + machine.lab
                            + " 2> /dev/null"))
                    .isEmpty();
        }
    }

    private static void everyRouterHasEveryNetwork(Machine machine) throws Exception {
        Machine.until(PATIENCE, () -> {
            machine.labs.observe();
            return Topologies.WAN.stream()
                    .allMatch(router -> List.of(1, 2, 3, 4).stream().allMatch(customer -> machine.tega
                            .get(Path.of("operational-" + router, "ip", "route", "172.21." + customer + ".0/24"))
                            .isPresent()));
        });
        // The second way comes when the second neighbour has told of it.
        Machine.until(PATIENCE, () -> {
            machine.labs.observe();
            return machine.tega
                    .get(Path.of("operational-ce1", "ip", "route", "172.21.3.0/24"))
                    .filter(ways -> ways instanceof ArrayValue both && both.size() == 2)
                    .isPresent();
        });
    }

    private static void picturesShowWhatIsThere(Machine machine) throws Exception {
        Machine.until(PATIENCE, () -> {
            machine.labs.observe();
            return machine.get("graph.nlan")
                    .contains("\"id\":\"ptn:ce1:pe1\",\"label\":\"access\",\"layer\":\"ptn\",\"state\":\"up\"");
        });
        assertThat(machine.get("graph.subnets.\"172.21.1.0/24\"")).contains("[\"pe1\",\"ce1\"]", "[\"pe2\",\"ce1\"]");
        assertThat(((ArrayValue) machine.tega.get(Path.of("topo", "edges")).orElseThrow()).size())
                .isEqualTo(18);
    }

    private static void whatOthersChangeIsPutRight(Machine machine) throws Exception {
        machine.sh("ip -n " + machine.space("ce1") + " link del br111; ip -n " + machine.space("pe2")
                + " addr flush dev br1;"
                + " bridge -n " + machine.space("pe3") + " fdb del 00:00:00:00:00:00 dev vx1 dst 10.10.10.1;"
                + " ip netns exec " + machine.space("rr") + " vtysh --vty_socket /run/tega/" + machine.lab + "/"
                + machine.space("rr") + " -c 'configure terminal' -c 'router bgp 100' -c 'no neighbor 10.200.1.101'");
        var ops = machine.keeper.drift().stream().map(Object::toString).toList();
        assertThat(ops)
                .contains(
                        machine.space("ce1") + ": link add name br111 type bridge",
                        machine.space("pe2") + ": addr add 10.200.1.102/24 dev br1",
                        machine.space("pe3") + ": fdb append 00:00:00:00:00:00 dev vx1 dst 10.10.10.1",
                        machine.space("rr") + ": frr change bfdd bgpd zebra");
        assertThat(machine.keeper.drift()).isEmpty();
        Machine.until(PATIENCE, () -> machine.pings(Machine.wanPairs()) == 56);
    }

    /** Traffic from ce1 to ce2 goes by pe1 and pe2; one of the links of ce1 is cut while it flows. */
    private static void aCutLinkIsRoutedAround(Machine machine) throws Exception {
        var version = machine.tega.snapshot().version("nlan").orElse(0);
        var log = machine.folder.resolve("ping");
        machine.sh("ip netns exec " + machine.space("ce1.172.21.1.2") + " ping -q -i 0.02 -c 500 172.21.2.2 > " + log
                + " 2>&1 &");
        machine.put("config-ce1.Ptn.access.Links.Impair.\"10.10.10.1\".down", Value.of(true));
        Machine.until(
                PATIENCE,
                () -> machine.get("status-ce1.phase").equals("\"verified\"")
                        && machine.sh("ip netns exec " + machine.space("ce1") + " nft list ruleset")
                                .contains("drop"));
        Machine.until(PATIENCE, () -> Files.readString(log).contains("received"));
        var arrived = Files.readString(log).replaceAll("(?s).*, (\\d+) received.*", "$1");
        System.out.println("a link cut: " + arrived + " of 500 pings at 20 ms arrived");
        // A quarter of them is two and a half seconds.
        assertThat(Integer.parseInt(arrived)).isGreaterThan(375);
        Machine.until(PATIENCE, () -> machine.pings(Machine.wanPairs()) == 56);
        Machine.until(PATIENCE, () -> machine.tega.snapshot().version("nlan").orElse(0) > version);
    }

    private static void aVersionBackIsTheNetworkBack(Machine machine) throws Exception {
        machine.put("config-pe4.Router.Loopback", Value.of("10.1.1.44/32"));
        Machine.until(PATIENCE, () -> machine.sh("ip -n " + machine.space("pe4") + " addr show lo")
                .contains("10.1.1.44"));
        Machine.until(PATIENCE, () -> machine.get("nlan.labs." + machine.lab + ".revision")
                .equals(String.valueOf(
                        machine.tega.snapshot().revision(Path.of("config-pe4")).orElse(0))));
        machine.user.history().rollback("nlan", -1);
        Machine.until(PATIENCE, () -> machine.get("config-pe4.Router.Loopback").equals("\"10.1.1.4/32\""));
        Machine.until(PATIENCE, () -> {
            var addresses = machine.sh("ip -n " + machine.space("pe4") + " addr show lo");
            return addresses.contains("10.1.1.4/32") && !addresses.contains("10.1.1.44");
        });
        Machine.until(PATIENCE, () -> machine.frr
                .ask(machine.space("pe4"), "bgpd", "show running-config")
                .contains("router-id 10.1.1.4\n"));
        assertThat(machine.get("config-ce1.Ptn.access.Links.Impair")).contains("true");
    }

    @Test
    @Tag("nightly")
    void comesUpByOspf() throws Exception {
        try (var machine = new Machine()) {
            up(machine, false);
        }
    }
}
