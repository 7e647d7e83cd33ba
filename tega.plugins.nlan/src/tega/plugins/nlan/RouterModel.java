package tega.plugins.nlan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.NumberValue;
import tega.api.Path;
import tega.api.Value;

/**
 * What one router is to be: the root {@code config-<router>}.
 *
 * @param name of the router
 * @param ptns the packet transport networks it is a node of
 * @param hosts the networks of virtual hosts behind it
 * @param routing what it routes by
 * @param interfaces further interfaces
 * @param subnets subnets that are spread over several routers
 */
record RouterModel(
        String name,
        List<Ptn> ptns,
        List<Hosts> hosts,
        Routing routing,
        List<Interface> interfaces,
        List<Subnet> subnets) {
    /** The root of a router begins so. */
    static final String ROOT = "config-";

    /** The members by which a router of ours is known. */
    static final Set<String> PARTS = Set.of("Ptn", "Vhosts", "Router", "Interfaces", "Dvr");

    private static final int VNI = 16_777_215;

    /** One packet transport network. {@code impairs}: by the address of a peer. */
    record Ptn(String name, String local, List<String> remotes, Map<String, Impair> impairs, List<L2Vpn> vpns) {}

    /** What is done to a link to try how the network bears it. {@code rate} in Mbit/s and {@code loss} in percent, 0 for none. */
    record Impair(long rate, long loss, boolean down) {}

    /** A virtual private LAN or, with one peer, a pseudo-wire. {@code at} is where it stands. */
    record L2Vpn(long vid, long vni, List<String> peers, Ip ip, Path at) {}

    /** A network of virtual hosts; {@code gateway} is the router's own address in it. */
    record Hosts(Ip gateway, long count) {
        /** The address of host {@code number}, counted from 1. */
        Ip host(long number) {
            return gateway.plus(number);
        }
    }

    /** What it routes by; {@code as} 0 for no BGP. */
    record Routing(@Nullable Ip loopback, List<Static> statics, List<Area> areas, long as, List<Neighbor> neighbors) {
        boolean isEmpty() {
            return statics.isEmpty() && areas.isEmpty() && as == 0;
        }
    }

    /** A route that does not change. */
    record Static(Ip prefix, String via) {}

    /** An area of OSPF. */
    record Area(String id, List<Ip> networks) {}

    /** A peer of BGP. */
    record Neighbor(String peer, long remoteAs, boolean nextHopSelf, boolean client, boolean bfd) {}

    /** A further interface. {@code words}: of {@code ip link add}, beside the kind. */
    record Interface(
            String name,
            String kind,
            Map<String, String> words,
            @Nullable Ip address) {}

    /** What a router is for a subnet that is spread over several. */
    enum Mode {
        /** It is a gateway of the subnet, as all others are. */
        DVR,
        /** It is the gateway. */
        HUB,
        /** It has hosts of the subnet and no gateway. */
        SPOKE
    }

    /** A part of a subnet that is spread over several routers. */
    record Subnet(
            String name, long vni, Mode mode, Ip gateway, String local, List<String> peers, List<Ip> hosts, Path at) {}

    static RouterModel read(String name, Value value) {
        var all = Reading.of(value, Path.of(ROOT + name));
        all.name(name);
        return new RouterModel(
                name,
                ptns(all),
                all.object("Vhosts").only("VhostProps").items("VhostProps", (index, one) -> hosts(one)),
                routing(all.object("Router")),
                all.object("Interfaces").members(RouterModel::device),
                all.object("Dvr").only("Subnets").object("Subnets").members(RouterModel::subnet));
    }

    /** Two ways to write it: by name, and as the list of the years before. */
    private static List<Ptn> ptns(Reading all) {
        var ptn = all.object("Ptn");
        return ptn.value().get("Networks") instanceof ArrayValue
                ? ptn.items("Networks", (index, one) -> ptn(one.text("Id"), one))
                : ptn.members(RouterModel::ptn);
    }

    private static Ptn ptn(String name, Reading one) {
        one.only("Id", "Nodes", "Links", "L2Vpn");
        one.object("Nodes").only("Ptn", "L2sw");
        var links = one.object("Links").only("LocalIp", "RemoteIps", "Impair");
        var impairs = new TreeMap<String, Impair>();
        links.object("Impair").members((peer, impair) -> impairs.put(peer, impair(peer, impair)));
        return new Ptn(
                name,
                links.address("LocalIp"),
                links.addresses("RemoteIps"),
                impairs,
                one.items("L2Vpn", (index, vpn) -> vpn(vpn)));
    }

    private static Impair impair(String peer, Reading one) {
        if (!Ip.isAddress(peer)) {
            throw one.wrong(peer, "an impairment is keyed by the address of the peer");
        }
        one.only("rate", "loss", "down");
        return new Impair(one.number("rate", 1, 100_000, 0), one.number("loss", 0, 100, 0), one.flag("down", false));
    }

    private static L2Vpn vpn(Reading one) {
        one.only("Vid", "Vni", "Peers", "Ip");
        return new L2Vpn(
                one.number("Vid", 1, 4094, 1),
                one.number("Vni", 1, VNI),
                one.addresses("Peers"),
                one.ip("Ip"),
                one.at());
    }

    private static Hosts hosts(Reading one) {
        one.only("Network", "Vhosts");
        var gateway = one.ip("Network");
        var count = one.number("Vhosts", 0, 250);
        if (gateway.bits() + count >= gateway.last() && count > 0) {
            throw one.wrong("Vhosts", "there is no room for " + count + " hosts in " + gateway);
        }
        return new Hosts(gateway, count);
    }

    private static Routing routing(Reading one) {
        one.only("Loopback", "Static", "Ospf", "Bgp", "EmbeddedBgp");
        var bgp = one.object("Bgp");
        var neighbors = new ArrayList<Neighbor>();
        var as = 0L;
        for (var member : bgp.value()) {
            if (as != 0) {
                throw bgp.wrong(member.name(), "a router has one autonomous system, and " + as + " is there already");
            }
            if (!member.name().matches("[1-9][0-9]{0,9}")) {
                throw bgp.wrong(member.name(), "the number of an autonomous system is a number");
            }
            as = Long.parseLong(member.name());
            var system = bgp.object(member.name()).only("Neighbors");
            neighbors.addAll(system.items("Neighbors", (index, peer) -> neighbor(peer)));
        }
        return new Routing(
                one.has("Loopback") ? one.ip("Loopback") : null,
                one.items("Static", (index, route) -> {
                    route.only("Prefix", "Via");
                    return new Static(route.ip("Prefix").network(), route.address("Via"));
                }),
                one.items("Ospf", (index, area) -> area(area)),
                as,
                neighbors);
    }

    private static Area area(Reading one) {
        one.only("Area", "Networks");
        var id = one.value().get("Area") instanceof NumberValue
                ? Ip.text(one.number("Area", 0, 0xFFFF_FFFFL))
                : one.address("Area");
        return new Area(
                id,
                one.texts("Networks").stream()
                        .map(text -> one.ip("Networks", text).network())
                        .toList());
    }

    private static Neighbor neighbor(Reading one) {
        one.only("Peer", "RemoteAs", "NextHopSelf", "RouteReflectorClient", "Bfd");
        return new Neighbor(
                one.address("Peer"),
                one.number("RemoteAs", 1, 0xFFFF_FFFFL),
                one.flag("NextHopSelf", false),
                one.flag("RouteReflectorClient", false),
                one.flag("Bfd", true));
    }

    private static Interface device(String name, Reading one) {
        one.only("Mode", "Local", "Remote", "Address", "Id", "Parent");
        if (one.name(name).length() > 15) {
            throw one.wrong("", "the kernel takes names of at most 15 characters");
        }
        var words = new TreeMap<String, String>();
        if (one.has("Local")) {
            words.put("local", one.address("Local"));
        }
        if (one.has("Remote")) {
            words.put("remote", one.address("Remote"));
        }
        if (one.has("Id")) {
            words.put("id", String.valueOf(one.number("Id", 1, VNI)));
        }
        if (one.has("Parent")) {
            words.put("link", one.name(one.text("Parent")));
        }
        var mode = one.name(one.text("Mode"));
        if (mode.equals("vxlan")) {
            words.put("dstport", "4789");
        } else if (mode.equals("macvlan")) {
            words.put("mode", "bridge");
        }
        return new Interface(name, mode, words, one.has("Address") ? one.ip("Address") : null);
    }

    private static Subnet subnet(String name, Reading one) {
        one.only("Vni", "Mode", "Gateway", "Local", "Peers", "Hosts");
        var mode = one.text("Mode", "dvr");
        if (!Set.of("dvr", "hub", "spoke").contains(mode)) {
            throw one.wrong("Mode", "this must be dvr, hub or spoke");
        }
        var gateway = one.ip("Gateway");
        var hosts = one.texts("Hosts").stream()
                .map(text -> one.ip("Hosts", text + "/" + gateway.length()))
                .toList();
        for (var host : hosts) {
            if (!gateway.contains(host.bits()) || host.bits() == gateway.bits()) {
                throw one.wrong("Hosts", host.address() + " is no host of " + gateway.network());
            }
        }
        return new Subnet(
                name,
                one.number("Vni", 1, VNI),
                Mode.valueOf(mode.toUpperCase(Locale.ROOT)),
                gateway,
                one.address("Local"),
                one.addresses("Peers"),
                hosts,
                one.at());
    }
}
