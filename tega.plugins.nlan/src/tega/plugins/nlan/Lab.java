package tega.plugins.nlan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;
import tega.plugins.net.Link;
import tega.plugins.net.Network;
import tega.plugins.net.Realm;
import tega.plugins.net.Space;

/**
 * A network of routers: {@code nlan.labs.<lab>}.
 *
 * @param name of the lab, the beginning of all its names on the machine
 * @param routers which routers are in it; empty: all that there are
 * @param devices whether each router is a machine with a server of its own, instead of a namespace of one machine
 * @param enabled whether it is to be there
 * @param repair whether what others change is put right, or told only
 * @param revision the revision of the configuration that it is to have, 0 for the newest
 */
record Lab(String name, List<String> routers, boolean devices, boolean enabled, boolean repair, long revision) {
    /** Where labs stand. */
    static final Path LABS = Path.of("nlan", "labs");

    /** The namespace of the network below all tunnels. */
    static final String UNDERLAY = "net";

    private static final int LENGTH = 24;

    /** The list is copied. */
    Lab {
        routers = List.copyOf(routers);
    }

    static Lab read(String name, Value value) {
        var one = Reading.of(value, LABS.child(name)).only("routers", "mode", "enabled", "drift", "revision");
        new Realm(name);
        var mode = one.text("mode", "lab");
        if (!List.of("lab", "device").contains(mode)) {
            throw one.wrong("mode", "this must be lab or device");
        }
        var drift = one.text("drift", "repair");
        if (!List.of("repair", "report").contains(drift)) {
            throw one.wrong("drift", "this must be repair or report");
        }
        return new Lab(
                name,
                one.texts("routers"),
                mode.equals("device"),
                one.flag("enabled", true),
                drift.equals("repair"),
                one.number("revision", 0, Long.MAX_VALUE, 0));
    }

    /** All labs of a database, those that cannot be read left out: the guard lets none of them in. */
    static List<Lab> all(Tree tree) {
        var labs = new ArrayList<Lab>();
        if (tree.get(LABS) instanceof ObjectValue all) {
            for (var member : all) {
                try {
                    labs.add(read(member.name(), member.value()));
                } catch (TegaException.Invalid e) {
                    // It came in before there was a guard.
                }
            }
        }
        return labs;
    }

    /** The routers of the lab that {@code tree} describes. */
    List<RouterModel> models(Tree tree) {
        var models = new ArrayList<RouterModel>();
        for (var root : tree.top()) {
            if (root.name().startsWith(RouterModel.ROOT) && isRouter(root.value())) {
                var router = root.name().substring(RouterModel.ROOT.length());
                if (routers.isEmpty() || routers.contains(router)) {
                    models.add(RouterModel.read(router, root.value()));
                }
            }
        }
        return models;
    }

    static boolean isRouter(Value value) {
        return value instanceof ObjectValue object && RouterModel.PARTS.stream().anyMatch(object::has);
    }

    /** Addresses of the routers in the network below: {@code ip.<router>}. */
    static Map<String, Ip> addresses(Tree tree) {
        var addresses = new TreeMap<String, Ip>();
        if (tree.get(Path.of("ip")) instanceof ObjectValue all) {
            for (var member : all) {
                if (member.value() instanceof StringValue text) {
                    try {
                        addresses.put(
                                member.name(),
                                Ip.parse(text.text().contains("/") ? text.text() : text.text() + "/" + LENGTH));
                    } catch (IllegalArgumentException e) {
                        // It is no address: then the router has none.
                    }
                }
            }
        }
        return addresses;
    }

    Realm realm() {
        return new Realm(name);
    }

    /** The namespace of a router on this machine. */
    String space(String router) {
        return devices ? "" : realm().space(router);
    }

    /** All of it on one machine: each router a namespace, wired to a switch by its address in the network below. */
    Network wanted(Tree tree) {
        if (!enabled) {
            return Network.EMPTY;
        }
        var realm = realm();
        var addresses = addresses(tree);
        var below = realm.space(UNDERLAY);
        var wire = Space.EMPTY.with(Link.host("lo")).with(Link.of("br0", Link.BRIDGE, Map.of()));
        var parts = new ArrayList<Network>();
        for (var model : models(tree)) {
            var port = Names.fit("p-", model.name());
            var space = realm.space(model.name());
            var eth0 = Link.of("eth0", Link.VETH, Map.of(Link.PEER, below + "/" + port));
            var address = addresses.get(model.name());
            wire = wire.with(
                    Link.of(port, Link.VETH, Map.of(Link.PEER, space + "/eth0")).in("br0"));
            parts.add(RouterNetwork.of(
                    realm, model, space, Space.EMPTY.with(address == null ? eth0 : eth0.with(address.toString()))));
        }
        if (!parts.isEmpty()) {
            parts.add(Network.EMPTY.with(below, wire));
        }
        return RouterNetwork.together(parts);
    }

    /** The part of it that the machine of {@code router} is. */
    Network device(Tree tree, String router) {
        var mine = enabled
                ? models(tree).stream()
                        .filter(model -> model.name().equals(router))
                        .map(model -> RouterNetwork.of(realm(), model, "", Space.EMPTY))
                        .toList()
                : List.<Network>of();
        return mine.isEmpty() ? Network.EMPTY.with("", Space.EMPTY) : mine.get(0);
    }
}
