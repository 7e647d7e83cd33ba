package tega.plugins.nlan;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tega.plugins.net.Frr;

/** The configuration of a router's routing daemons (FRR), whole and in one order. */
final class FrrText {
    private static final String PROFILE = "tega";

    private final RouterModel router;
    private final StringBuilder text = new StringBuilder();
    private final Set<String> daemons = new TreeSet<>();

    private FrrText(RouterModel router) {
        this.router = router;
    }

    /** Null for a router that has nothing for them. */
    static @Nullable Frr of(RouterModel router) {
        return router.routing().isEmpty() ? null : new FrrText(router).write();
    }

    private Frr write() {
        var routing = router.routing();
        daemons.add("zebra");
        if (!routing.statics().isEmpty()) {
            daemons.add("staticd");
        }
        line("frr defaults datacenter");
        line("hostname " + router.name());
        line("log syslog errors");
        line("service integrated-vtysh-config");
        line("!");
        for (var route : routing.statics()) {
            line("ip route " + route.prefix() + " " + route.via());
        }
        bfd();
        ospf();
        bgp();
        return Frr.of(daemons, text.toString());
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    /** A tunnel has no carrier: nothing else tells in time that the other end is gone. */
    private void bfd() {
        if (router.routing().areas().isEmpty()
                && router.routing().neighbors().stream().noneMatch(RouterModel.Neighbor::bfd)) {
            return;
        }
        daemons.add("bfdd");
        line("bfd");
        line(" profile " + PROFILE);
        line("  transmit-interval 200");
        line("  receive-interval 200");
        line(" exit");
        line("exit");
        line("!");
    }

    private void ospf() {
        var areas = router.routing().areas();
        if (areas.isEmpty()) {
            return;
        }
        daemons.add("ospfd");
        for (var ptn : router.ptns()) {
            for (var vpn : ptn.vpns()) {
                if (areas.stream()
                        .anyMatch(area -> area.networks().contains(vpn.ip().network()))) {
                    line("interface " + Names.bridge(vpn.vni()));
                    line(" ip ospf bfd");
                    line(" ip ospf bfd profile " + PROFILE);
                    line(" ip ospf dead-interval 4");
                    line(" ip ospf hello-interval 1");
                    line(" ip ospf network point-to-multipoint");
                    line("exit");
                    line("!");
                }
            }
        }
        line("router ospf");
        id(" ospf");
        line(" redistribute connected");
        for (var area : areas) {
            for (var network : area.networks()) {
                line(" network " + network + " area " + area.id());
            }
        }
        line("exit");
        line("!");
    }

    private void id(String protocol) {
        var loopback = router.routing().loopback();
        if (loopback != null) {
            line(protocol + " router-id " + loopback.address());
        }
    }

    private void bgp() {
        var routing = router.routing();
        if (routing.as() == 0) {
            return;
        }
        daemons.add("bgpd");
        line("router bgp " + routing.as());
        id(" bgp");
        // Without it nothing is learnt from other systems as long as no policy is written (RFC 8212).
        line(" no bgp ebgp-requires-policy");
        line(" bgp bestpath as-path multipath-relax");
        for (var one : routing.neighbors()) {
            var peer = " neighbor " + one.peer() + " ";
            line(peer + "remote-as " + one.remoteAs());
            if (one.bfd()) {
                line(peer + "bfd");
                line(peer + "bfd profile " + PROFILE);
            }
            line(peer + "advertisement-interval 0");
            line(peer + "timers connect 1");
        }
        line(" !");
        line(" address-family ipv4 unicast");
        line("  redistribute connected");
        if (!routing.statics().isEmpty()) {
            line("  redistribute static");
        }
        if (!routing.areas().isEmpty()) {
            line("  redistribute ospf");
        }
        for (var one : routing.neighbors()) {
            var peer = "  neighbor " + one.peer() + " ";
            if (one.client()) {
                line(peer + "route-reflector-client");
            }
            if (one.nextHopSelf()) {
                line(peer + "next-hop-self");
            }
        }
        line(" exit-address-family");
        line("exit");
        line("!");
    }
}
