package tega.plugins.nlan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.Tree;
import tega.api.Value;

/**
 * A network as nodes and edges, always made from all of it: what is wanted, and what was seen of it. Ids are the same whenever
 * the network is.
 *
 * @param nodes by id
 * @param edges in order of their ids
 */
record Graph(Map<String, Node> nodes, List<Edge> edges) {
    /** A router or a network of hosts. */
    record Node(String id, String kind, String label, String address) {}

    /** What connects two nodes. {@code layer}: ptn, bgp or vhost; {@code state}: up, down or unknown. */
    record Edge(String id, String a, String b, String layer, String label, String state) {}

    static Graph of(List<RouterModel> routers, Tree tree) {
        var nodes = new TreeMap<String, Node>();
        var edges = new TreeMap<String, Edge>();
        var locals = new HashMap<String, String>();
        var owners = new HashMap<String, String>();
        for (var router : routers) {
            nodes.put(router.name(), new Node(router.name(), "router", router.name(), local(router)));
            router.ptns().forEach(ptn -> {
                locals.put(ptn.local(), router.name());
                ptn.vpns().forEach(vpn -> owners.put(vpn.ip().address(), router.name()));
            });
        }
        for (var router : routers) {
            for (var ptn : router.ptns()) {
                for (var remote : ptn.remotes()) {
                    var other = locals.get(remote);
                    if (other != null) {
                        var state = ptn.impairs()
                                        .getOrDefault(remote, new RouterModel.Impair(0, 0, false))
                                        .down()
                                ? "down"
                                : reached(tree, router, other, ptn, owners);
                        put(edges, router.name(), other, "ptn", ptn.name(), state);
                    }
                }
            }
            for (var neighbor : router.routing().neighbors()) {
                var other = owners.get(neighbor.peer());
                if (other != null) {
                    var seen = text(tree, Path.of("operational-" + router.name(), "bgp", neighbor.peer()));
                    put(
                            edges,
                            router.name(),
                            other,
                            "bgp",
                            "AS " + neighbor.remoteAs(),
                            seen.isEmpty() ? "unknown" : seen.equals("Established") ? "up" : "down");
                }
            }
            for (var hosts : router.hosts()) {
                var id = hosts.gateway().network().toString();
                nodes.put(id, new Node(id, "hosts", id, hosts.count() + " hosts"));
                put(edges, router.name(), id, "vhost", "", "up");
            }
        }
        return new Graph(nodes, List.copyOf(edges.values()));
    }

    private static String local(RouterModel router) {
        return router.ptns().isEmpty() ? "" : router.ptns().get(0).local();
    }

    /** A link has no carrier: what BFD says of an address at its other end is what is known. */
    private static String reached(
            Tree tree, RouterModel router, String other, RouterModel.Ptn ptn, Map<String, String> owners) {
        var state = "unknown";
        if (tree.get(Path.of("operational-" + router.name(), "bfd")) instanceof ObjectValue peers) {
            for (var peer : peers) {
                var inPtn = ptn.vpns().stream()
                        .anyMatch(vpn -> Ip.isAddress(peer.name()) && vpn.ip().contains(Ip.bits(peer.name())));
                if (inPtn && other.equals(owners.get(peer.name()))) {
                    state = Value.of("up").equals(peer.value()) ? "up" : "down";
                }
            }
        }
        return state;
    }

    /** One edge for both directions; what is down in one is down. */
    private static void put(Map<String, Edge> edges, String one, String two, String layer, String label, String state) {
        var a = one.compareTo(two) < 0 ? one : two;
        var b = one.compareTo(two) < 0 ? two : one;
        var id = layer + ":" + a + ":" + b;
        var before = edges.get(id);
        var worse = before == null || state.equals("down") || before.state().equals("unknown") ? state : before.state();
        edges.put(id, new Edge(id, a, b, layer, label, worse));
    }

    private static String text(Tree tree, Path path) {
        return tree.get(path) instanceof StringValue text ? text.text() : "";
    }

    /** As {@code graph.nlan} has it. */
    ObjectValue value() {
        var nodeValues = new ArrayList<Value>();
        nodes.values()
                .forEach(node -> nodeValues.add(Value.object(Map.of(
                        "id", Value.of(node.id()),
                        "kind", Value.of(node.kind()),
                        "label", Value.of(node.label()),
                        "address", Value.of(node.address())))));
        var edgeValues = new ArrayList<Value>();
        edges.forEach(edge -> edgeValues.add(Value.object(Map.of(
                "id", Value.of(edge.id()),
                "a", Value.of(edge.a()),
                "b", Value.of(edge.b()),
                "layer", Value.of(edge.layer()),
                "label", Value.of(edge.label()),
                "state", Value.of(edge.state())))));
        return Value.object("nodes", Value.array(nodeValues), "edges", Value.array(edgeValues));
    }

    /** Nodes and directed edges, as {@code topo} always had them. */
    ObjectValue topo() {
        var routers = new ArrayList<Value>();
        nodes.values().stream()
                .filter(node -> node.kind().equals("router"))
                .forEach(node -> routers.add(Value.object(node.id(), Value.of(node.address()))));
        var links = new ArrayList<Value>();
        edges.stream()
                .filter(edge -> edge.layer().equals("ptn"))
                .forEach(edge -> links.add(Value.object(Map.of(
                        "id",
                        Value.of("n" + links.size()),
                        "source",
                        Value.of(edge.a()),
                        "target",
                        Value.of(edge.b())))));
        return Value.object("nodes", Value.array(routers), "edges", Value.array(links));
    }

    /** For Graphviz. */
    String dot() {
        var text = new StringBuilder("graph nlan {\n  node [shape=box];\n");
        nodes.values().forEach(node -> text.append("  \"")
                .append(node.id())
                .append("\" [label=\"")
                .append(node.label())
                .append("\\n")
                .append(node.address())
                .append("\"];\n"));
        for (var edge : edges) {
            if (!edge.layer().equals("bgp")) {
                text.append("  \"")
                        .append(edge.a())
                        .append("\" -- \"")
                        .append(edge.b())
                        .append("\" [label=\"");
                text.append(edge.label())
                        .append("\", color=")
                        .append(colour(edge.state()))
                        .append("];\n");
            }
        }
        return text.append("}\n").toString();
    }

    static String colour(String state) {
        return switch (state) {
            case "up" -> "\"#2a8a3e\"";
            case "down" -> "\"#c62828\"";
            default -> "\"#8a8a8a\"";
        };
    }

    /** Which router sends what is for a subnet to which: {@code {"172.21.1.0/24": [["pe1", "ce1"], …]}}. */
    static ObjectValue subnets(Tree tree) {
        var owners = new HashMap<String, String>();
        var routes = new TreeMap<String, List<Value>>();
        for (var root : tree.top()) {
            if (operational(root.name()) && tree.get(Path.of(root.name(), "ip", "addr")) instanceof ObjectValue all) {
                all.forEach(address -> owners.put(address.name(), router(root.name())));
            }
        }
        for (var root : tree.top()) {
            if (operational(root.name()) && tree.get(Path.of(root.name(), "ip", "route")) instanceof ObjectValue all) {
                all.forEach(route -> {
                    if (route.value() instanceof ArrayValue ways
                            && !route.name().equals("default")) {
                        ways.forEach(way -> hop(routes, owners, router(root.name()), route.name(), way));
                    }
                });
            }
        }
        var value = ObjectValue.builder();
        routes.forEach((prefix, hops) -> value.put(prefix, Value.array(hops)));
        return value.build();
    }

    private static void hop(
            Map<String, List<Value>> routes, Map<String, String> owners, String router, String prefix, Value way) {
        var via = way instanceof ObjectValue one && one.get("Via") instanceof StringValue text ? text.text() : "";
        var next = owners.get(via);
        if (next != null) {
            var edge = Value.array(Value.of(router), Value.of(next));
            var hops = routes.computeIfAbsent(prefix, key -> new ArrayList<>());
            if (!hops.contains(edge)) {
                hops.add(edge);
            }
        }
    }

    private static boolean operational(String root) {
        return root.startsWith("operational-");
    }

    private static String router(String root) {
        return root.substring("operational-".length());
    }
}
