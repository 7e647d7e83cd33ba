package tega.plugins.nlan;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import tega.plugins.net.Link;
import tega.plugins.net.Network;
import tega.plugins.net.Realm;
import tega.plugins.net.Route;
import tega.plugins.net.Space;

/** What one router is on the machine: a pure function of its model. */
final class RouterNetwork {
    /** What a tunnel takes off the 1500 bytes below it. */
    private static final int MTU = 1450;

    private static final Map<String, String> SYSCTLS = Map.of(
            "net.ipv4.ip_forward", "1",
            // An answer may go another way than the question came.
            "net.ipv4.conf.all.rp_filter", "2",
            "net.ipv4.conf.all.send_redirects", "0",
            "net.ipv4.conf.all.accept_redirects", "0",
            "net.ipv4.fib_multipath_hash_policy", "1");

    private final Realm realm;
    private final RouterModel router;
    private final String at;
    private Network network;
    private Space space;

    /** @param at the namespace of the router, "" for the one that the server runs in */
    private RouterNetwork(Realm realm, RouterModel router, String at, Space space) {
        this.realm = realm;
        this.router = router;
        this.at = at;
        this.space = space;
        this.network = Network.EMPTY;
    }

    /** The router in the namespace {@code at}, which has {@code base} already. */
    static Network of(Realm realm, RouterModel router, String at, Space base) {
        return new RouterNetwork(realm, router, at, base).draw();
    }

    private Network draw() {
        var loopback = router.routing().loopback();
        space = space.with(loopback == null ? Link.host("lo") : Link.host("lo").with(loopback.toString()));
        for (var ptn : router.ptns()) {
            for (var vpn : ptn.vpns()) {
                tunnel(vpn.vni(), ptn.local(), vpn.peers());
                space = space.with(lan(vpn.vni()).with(vpn.ip().toString()));
            }
        }
        router.subnets().forEach(this::subnet);
        router.hosts().forEach(this::hosts);
        for (var one : router.interfaces()) {
            var link = Link.of(one.name(), one.kind(), one.words());
            var address = one.address();
            space = space.with(address == null ? link : link.with(address.toString()));
        }
        space = space.sysctls(SYSCTLS).nft(Filters.of(router)).frr(FrrText.of(router));
        return network.with(at, space);
    }

    private static Link lan(long vni) {
        return Link.of(Names.bridge(vni), Link.BRIDGE, Map.of()).mtu(MTU);
    }

    private void tunnel(long vni, String local, Collection<String> peers) {
        var words = Map.of("id", String.valueOf(vni), "local", local, "dstport", "4789");
        space = space.with(Link.of(Names.tunnel(vni), Link.VXLAN, words)
                .mtu(MTU)
                .in(Names.bridge(vni))
                .flood(peers));
    }

    private void subnet(RouterModel.Subnet subnet) {
        tunnel(subnet.vni(), subnet.local(), subnet.peers());
        var lan = lan(subnet.vni());
        space = space.with(
                subnet.mode() == RouterModel.Mode.SPOKE
                        ? lan
                        : lan.with(subnet.gateway().toString()));
        for (var host : subnet.hosts()) {
            host(Names.bridge(subnet.vni()), host, subnet.gateway(), MTU);
        }
    }

    private void hosts(RouterModel.Hosts hosts) {
        var bridge = Names.fit("vb", hosts.gateway().address());
        space = space.with(
                Link.of(bridge, Link.BRIDGE, Map.of()).with(hosts.gateway().toString()));
        for (var number = 1; number <= hosts.count(); number++) {
            host(bridge, hosts.host(number), hosts.gateway(), 0);
        }
    }

    /** A namespace of its own, wired to the bridge. */
    private void host(String bridge, Ip host, Ip gateway, int mtu) {
        var name = realm.space(router.name() + "." + host.address());
        var port = host.address();
        space = space.with(Link.of(port, Link.VETH, Map.of(Link.PEER, name + "/eth0"))
                .mtu(mtu)
                .in(bridge));
        network = network.with(
                name,
                Space.EMPTY
                        .with(Link.host("lo"))
                        .with(Link.of("eth0", Link.VETH, Map.of(Link.PEER, at + "/" + port))
                                .mtu(mtu)
                                .with(host.toString()))
                        .with(new Route("default", gateway.address(), "eth0")));
    }

    /** The networks of several routers in one. */
    static Network together(Iterable<Network> parts) {
        var spaces = new TreeMap<String, Space>();
        parts.forEach(part -> spaces.putAll(part.spaces()));
        return new Network(spaces);
    }
}
