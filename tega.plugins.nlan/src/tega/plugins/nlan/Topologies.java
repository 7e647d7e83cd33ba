package tega.plugins.nlan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tega.api.ObjectValue;
import tega.api.Value;

/**
 * Networks that are known by heart: a wide area network of four provider edges, a route reflector and four customer edges, and
 * a fabric of leaves and spines. The result has a member for each router.
 */
final class Topologies {
    /** In the order in which they get their addresses. */
    static final List<String> WAN = List.of("pe1", "pe2", "pe3", "pe4", "rr", "ce1", "ce2", "ce3", "ce4");

    private static final int PROVIDER = 100;

    private final Map<String, String> addresses;
    private final boolean bgp;
    private final Map<String, List<String>> links = new TreeMap<>();
    private final Map<String, List<Value>> vpns = new TreeMap<>();
    private final Map<String, List<Value>> neighbors = new TreeMap<>();
    private final Map<String, List<Value>> networks = new TreeMap<>();

    private Topologies(Map<String, String> addresses, boolean bgp) {
        this.addresses = addresses;
        this.bgp = bgp;
    }

    /**
     * The wide area network: two virtual private LANs among the provider's routers, a pseudo-wire from each customer edge to two of
     * them, two networks of hosts behind each customer edge. Routed by BGP with a reflector, or by OSPF.
     */
    static ObjectValue wan(Map<String, String> addresses, boolean bgp) {
        return new Topologies(addresses, bgp).wan();
    }

    private ObjectValue wan() {
        var core = WAN.subList(0, 5);
        for (var router : core) {
            var others = core.stream().filter(other -> !other.equals(router)).toList();
            var number = 101 + core.indexOf(router);
            vpn(router, "wan", 101, 1, others, "10.200.1." + number + "/24");
            vpn(router, "wan", 102, 2, others, "10.200.2." + number + "/24");
            if (!router.equals("rr")) {
                neighbor(router, "10.200.1.105", PROVIDER, "NextHopSelf");
                neighbor("rr", "10.200.1." + number, PROVIDER, "RouteReflectorClient");
            }
        }
        for (var customer = 1; customer <= 4; customer++) {
            for (var provider = customer <= 2 ? 1 : 3; provider <= (customer <= 2 ? 2 : 4); provider++) {
                wire(provider, customer);
            }
        }
        var routers = ObjectValue.builder();
        for (var index = 0; index < WAN.size(); index++) {
            routers.put(WAN.get(index), router(WAN.get(index), index));
        }
        return routers.build();
    }

    private void wire(int provider, int customer) {
        var pe = "pe" + provider;
        var ce = "ce" + customer;
        var network = "10.20" + provider + ".1" + customer + ".";
        var vni = 100L * provider + 10 + customer;
        vpn(pe, "access", 10L + customer, vni, List.of(ce), network + "1/24");
        vpn(ce, "access", provider, vni, List.of(pe), network + "2/24");
        neighbor(pe, network + "2", 1000 + customer, "");
        neighbor(ce, network + "1", PROVIDER, "");
    }

    private void vpn(String router, String ptn, long vid, long vni, List<String> peers, String ip) {
        links.computeIfAbsent(router + " " + ptn, key -> new ArrayList<>())
                .addAll(peers.stream()
                        .filter(peer -> !links.getOrDefault(router + " " + ptn, List.of())
                                .contains(peer))
                        .toList());
        vpns.computeIfAbsent(router + " " + ptn, key -> new ArrayList<>())
                .add(Value.object(Map.of(
                        "Vid", Value.of(vid),
                        "Vni", Value.of(vni),
                        "Peers", ips(peers),
                        "Ip", Value.of(ip))));
        networks.computeIfAbsent(router, key -> new ArrayList<>())
                .add(Value.of(Ip.parse(ip).network().toString()));
    }

    private Value ips(List<String> routers) {
        return Value.array(
                routers.stream().map(router -> Value.of(address(router))).toList());
    }

    private String address(String router) {
        var address = addresses.getOrDefault(router, "");
        var slash = address.indexOf('/');
        return slash < 0 ? address : address.substring(0, slash);
    }

    private void neighbor(String router, String peer, long as, String flag) {
        var neighbor = Value.object("Peer", Value.of(peer), "RemoteAs", Value.of(as));
        neighbors
                .computeIfAbsent(router, key -> new ArrayList<>())
                .add(flag.isEmpty() ? neighbor : neighbor.with(flag, Value.of(true)));
    }

    private ObjectValue router(String router, int index) {
        var loopback = index < 5 ? "10.1.1." + (index + 1) : "10.1.2." + (index - 4);
        var routing = Value.object("Loopback", Value.of(loopback + "/32"));
        if (bgp) {
            var as = index < 5 ? PROVIDER : 996 + index;
            var peers = Value.object("Neighbors", Value.array(neighbors.getOrDefault(router, List.of())));
            routing = routing.with("Bgp", Value.object(String.valueOf(as), peers));
        } else {
            var area = Value.object(
                    "Area", Value.of("0.0.0.0"), "Networks", Value.array(networks.getOrDefault(router, List.of())));
            routing = routing.with("Ospf", Value.array(area));
        }
        var model = Value.object("Ptn", ptns(router), "Router", routing);
        return index < 5 ? model : model.with("Vhosts", Value.object("VhostProps", hosts(index - 4)));
    }

    private ObjectValue ptns(String router) {
        var ptns = Value.object();
        for (var ptn : List.of("wan", "access")) {
            var key = router + " " + ptn;
            var mine = vpns.get(key);
            if (mine != null) {
                var below = Value.object(
                        "LocalIp", Value.of(address(router)), "RemoteIps", ips(links.getOrDefault(key, List.of())));
                ptns = ptns.with(ptn, Value.object("Links", below, "L2Vpn", Value.array(mine)));
            }
        }
        return ptns;
    }

    private static Value hosts(int customer) {
        return Value.array(hosts("172.21." + customer + ".1/24"), hosts("172.22." + customer + ".1/24"));
    }

    private static ObjectValue hosts(String network) {
        return Value.object("Network", Value.of(network), "Vhosts", Value.of(2));
    }

    /** The routers of a fabric, in the order in which they get their addresses. */
    static List<String> fabric(int leaves, int spines) {
        var names = new ArrayList<String>();
        for (var leaf = 1; leaf <= leaves; leaf++) {
            names.add("leaf" + leaf);
        }
        for (var spine = 1; spine <= spines; spine++) {
            names.add("spine" + spine);
        }
        return names;
    }

    /** A fabric: a pseudo-wire between each leaf and each spine, BGP between systems, a network of two hosts behind each leaf. */
    static ObjectValue fabric(Map<String, String> addresses, int leaves, int spines) {
        var all = new Topologies(addresses, true);
        for (var leaf = 1; leaf <= leaves; leaf++) {
            for (var spine = 1; spine <= spines; spine++) {
                var network = "10." + (100 + spine) + "." + leaf + ".";
                var vni = 1000L * spine + leaf;
                all.vpn("leaf" + leaf, "access", spine, vni, List.of("spine" + spine), network + "2/24");
                all.vpn("spine" + spine, "access", leaf, vni, List.of("leaf" + leaf), network + "1/24");
                all.neighbor("leaf" + leaf, network + "1", 1000, "");
                all.neighbor("spine" + spine, network + "2", 100 + leaf, "");
            }
        }
        var routers = ObjectValue.builder();
        for (var name : fabric(leaves, spines)) {
            var isLeaf = name.startsWith("leaf");
            var number = Integer.parseInt(name.substring(isLeaf ? 4 : 5));
            var peers = Value.object("Neighbors", Value.array(all.neighbors.getOrDefault(name, List.of())));
            var routing = Value.object(
                    "Loopback",
                    Value.of((isLeaf ? "10.1.3." : "10.1.4.") + number + "/32"),
                    "Bgp",
                    Value.object(String.valueOf(isLeaf ? 100 + number : 1000), peers));
            var model = Value.object("Ptn", all.ptns(name), "Router", routing);
            routers.put(
                    name,
                    isLeaf
                            ? model.with(
                                    "Vhosts",
                                    Value.object("VhostProps", Value.array(hosts("172.30." + number + ".1/24"))))
                            : model);
        }
        return routers.build();
    }
}
