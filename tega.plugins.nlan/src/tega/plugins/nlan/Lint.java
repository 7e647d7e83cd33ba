package tega.plugins.nlan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import tega.api.Path;

/** Finds what is legal as text and cannot work as a network. Looks at all routers together. */
final class Lint {
    /** A finding. {@code fatal}: it makes no sense whatever the other routers are. */
    record Finding(Path path, String sentence, boolean fatal) {
        @Override
        public String toString() {
            return path + ": " + sentence;
        }
    }

    private final List<RouterModel> routers;
    private final List<Finding> findings = new ArrayList<>();

    private Lint(List<RouterModel> routers) {
        this.routers = routers;
    }

    static List<Finding> of(List<RouterModel> routers) {
        var lint = new Lint(routers);
        routers.forEach(lint::alone);
        lint.together();
        return lint.findings;
    }

    private void fatal(Path path, String sentence) {
        findings.add(new Finding(path, sentence, true));
    }

    private void remark(Path path, String sentence) {
        findings.add(new Finding(path, sentence, false));
    }

    private static Path root(RouterModel router) {
        return Path.of(RouterModel.ROOT + router.name());
    }

    private void alone(RouterModel router) {
        var vnis = new HashSet<Long>();
        var networks = new HashMap<Ip, Path>();
        for (var ptn : router.ptns()) {
            for (var vpn : ptn.vpns()) {
                if (!vnis.add(vpn.vni())) {
                    fatal(vpn.at().child("Vni"), "VNI " + vpn.vni() + " is used twice on '" + router.name() + "'");
                }
                peers(ptn, vpn);
                address(networks, vpn.ip(), vpn.at().child("Ip"));
            }
            for (var peer : ptn.impairs().keySet()) {
                if (!ptn.remotes().contains(peer)) {
                    var at = root(router)
                            .child("Ptn")
                            .child(ptn.name())
                            .child("Links")
                            .child("Impair");
                    fatal(at.child(peer), "there is no link to " + peer + " that could be impaired");
                }
            }
        }
        for (var subnet : router.subnets()) {
            if (!vnis.add(subnet.vni())) {
                fatal(subnet.at().child("Vni"), "VNI " + subnet.vni() + " is used twice on '" + router.name() + "'");
            }
            if (subnet.peers().contains(subnet.local())) {
                fatal(subnet.at().child("Peers"), subnet.local() + " is the router itself and no peer of its own");
            }
        }
        for (var hosts : router.hosts()) {
            address(networks, hosts.gateway(), root(router).child("Vhosts").child("VhostProps"));
        }
        neighbors(router);
    }

    private void peers(RouterModel.Ptn ptn, RouterModel.L2Vpn vpn) {
        for (var peer : vpn.peers()) {
            if (peer.equals(ptn.local())) {
                var left = new ArrayList<>(ptn.remotes());
                left.removeAll(vpn.peers());
                fatal(
                        vpn.at().child("Peers"),
                        peer + " is the router itself and no peer of its own"
                                + (left.isEmpty() ? "" : "; " + String.join(", ", left) + " may be meant"));
            } else if (!ptn.remotes().contains(peer)) {
                fatal(
                        vpn.at().child("Peers"),
                        "there is no link to " + peer + ": RemoteIps of '" + ptn.name() + "' does not have it");
            }
        }
    }

    private void address(Map<Ip, Path> networks, Ip address, Path at) {
        networks.forEach((network, other) -> {
            if (network.overlaps(address)) {
                fatal(at, address + " is in " + network + ", which " + other + " has already on this router");
            }
        });
        networks.put(address.network(), at);
    }

    private void neighbors(RouterModel router) {
        var seen = new HashSet<String>();
        for (var neighbor : router.routing().neighbors()) {
            var at = root(router).child("Router").child("Bgp");
            if (!seen.add(neighbor.peer())) {
                fatal(at, "the neighbor " + neighbor.peer() + " is there twice");
            }
            if (neighbor.client() && neighbor.remoteAs() != router.routing().as()) {
                fatal(
                        at,
                        "the neighbor " + neighbor.peer()
                                + " is in another system and cannot be a client of a reflector");
            }
        }
    }

    /** Where one router says something of another that the other does not say of it. */
    private void together() {
        var byAddress = new HashMap<String, RouterModel>();
        var loopbacks = new HashMap<String, RouterModel>();
        for (var router : routers) {
            router.ptns().forEach(ptn -> byAddress.put(ptn.local(), router));
            var loopback = router.routing().loopback();
            if (loopback != null) {
                var other = loopbacks.putIfAbsent(loopback.toString(), router);
                if (other != null) {
                    remark(
                            root(router).child("Router").child("Loopback"),
                            "'" + other.name() + "' has " + loopback + " too");
                }
            }
        }
        for (var router : routers) {
            for (var ptn : router.ptns()) {
                for (var vpn : ptn.vpns()) {
                    vpn.peers().forEach(peer -> mutual(ptn, vpn, peer, byAddress));
                }
            }
            sessions(router);
        }
    }

    private void mutual(RouterModel.Ptn ptn, RouterModel.L2Vpn vpn, String peer, Map<String, RouterModel> byAddress) {
        var other = byAddress.get(peer);
        if (other == null || peer.equals(ptn.local())) {
            return;
        }
        var there = other.ptns().stream()
                .filter(one -> one.local().equals(peer))
                .flatMap(one -> one.vpns().stream())
                .filter(one -> one.vni() == vpn.vni())
                .toList();
        var at = vpn.at().child("Peers");
        if (there.isEmpty()) {
            remark(at, "'" + other.name() + "' has no VNI " + vpn.vni());
            return;
        }
        if (!there.get(0).peers().contains(ptn.local())) {
            remark(
                    at,
                    "'" + other.name() + "' does not list " + ptn.local() + " as a peer of VNI " + vpn.vni()
                            + ": what it floods does not come here");
        }
        if (!there.get(0).ip().network().equals(vpn.ip().network())) {
            remark(
                    vpn.at().child("Ip"),
                    "'" + other.name() + "' is in " + there.get(0).ip().network() + " instead");
        } else if (there.get(0).ip().equals(vpn.ip())) {
            remark(vpn.at().child("Ip"), "'" + other.name() + "' has " + vpn.ip() + " too");
        }
    }

    private void sessions(RouterModel router) {
        for (var neighbor : router.routing().neighbors()) {
            var other =
                    routers.stream().filter(one -> has(one, neighbor.peer())).findFirst();
            if (other.isPresent() && other.get().routing().as() != neighbor.remoteAs()) {
                remark(
                        root(router).child("Router").child("Bgp"),
                        "the neighbor " + neighbor.peer() + " is '"
                                + other.get().name() + "', whose system is "
                                + other.get().routing().as() + " and not " + neighbor.remoteAs());
            }
        }
    }

    private static boolean has(RouterModel router, String address) {
        return router.ptns().stream()
                .flatMap(ptn -> ptn.vpns().stream())
                .anyMatch(vpn -> vpn.ip().address().equals(address));
    }
}
