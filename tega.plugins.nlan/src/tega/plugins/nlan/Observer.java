package tega.plugins.nlan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.JsonCodec;
import tega.plugins.net.FrrDaemons;
import tega.plugins.net.Tools;

/** Looks at what routers have and learnt, for {@code operational-<router>} and {@code stats-<router>}. */
final class Observer {
    private static final String MARK = "@@tega ";

    private final Tools tools;
    private final Function<String, FrrDaemons> frr;
    private final JsonCodec json;

    /** @param frr the daemons of a lab */
    Observer(Tools tools, Function<String, FrrDaemons> frr, JsonCodec json) {
        this.tools = tools;
        this.frr = frr;
        this.json = json;
    }

    /** A router, and where it is on this machine: the lab and the namespace. */
    record Post(String lab, String space) {}

    /** What each router is now, by its name. */
    Map<String, ObjectValue> look(Map<String, Post> posts) throws IOException {
        var script = new StringBuilder();
        posts.forEach((router, post) -> {
            var in = post.space().isEmpty() ? "" : " -n " + post.space();
            script.append("printf '\\n")
                    .append(MARK)
                    .append("addr ")
                    .append(router)
                    .append("\\n'\n");
            script.append("ip").append(in).append(" -j addr show\n");
            script.append("printf '\\n")
                    .append(MARK)
                    .append("route ")
                    .append(router)
                    .append("\\n'\n");
            script.append("ip").append(in).append(" -j route show\n");
        });
        var said = tools.run(List.of("sh", "-s"), script.toString());
        var looked = new TreeMap<String, ObjectValue>();
        for (var part : said.out().split("(?m)^" + MARK)) {
            var end = part.indexOf('\n');
            if (end <= 0) {
                continue;
            }
            var head = part.substring(0, end).split(" ");
            var text = part.substring(end + 1).strip();
            var items = text.isEmpty() ? List.<Value>of() : items(json.readJson(text));
            var ip = looked.getOrDefault(head[1], Value.object());
            looked.put(head[1], head[0].equals("addr") ? addresses(ip, items) : ip.with("route", routes(items)));
        }
        var all = new TreeMap<String, ObjectValue>();
        looked.forEach((router, ip) -> {
            var post = posts.get(router);
            if (post != null) {
                all.put(router, daemons(Value.object("ip", ip), post));
            }
        });
        return all;
    }

    private static List<Value> items(@Nullable Value value) {
        return value instanceof ArrayValue array ? array.items() : List.of();
    }

    private static String text(ObjectValue value, String name) {
        return value.get(name) instanceof StringValue text ? text.text() : "";
    }

    private static ObjectValue addresses(ObjectValue ip, List<Value> items) {
        var byAddress = ObjectValue.builder();
        var byDevice = ObjectValue.builder();
        for (var item : items) {
            if (!(item instanceof ObjectValue link)) {
                continue;
            }
            var mine = new ArrayList<Value>();
            for (var one : items(link.get("addr_info"))) {
                if (one instanceof ObjectValue address
                        && text(address, "family").equals("inet")) {
                    mine.add(Value.of(text(address, "local")));
                    byAddress.put(text(address, "local"), Value.of(text(link, "ifname")));
                }
            }
            byDevice.put(text(link, "ifname"), Value.array(mine));
        }
        return ip.with("addr", byAddress.build()).with("dev", byDevice.build());
    }

    /** Several ways of one cost are several items. */
    private static ObjectValue routes(List<Value> items) {
        var routes = new TreeMap<String, List<Value>>();
        for (var item : items) {
            if (item instanceof ObjectValue route) {
                var ways = items(route.get("nexthops")).isEmpty() ? List.of(item) : items(route.get("nexthops"));
                for (var way : ways) {
                    if (way instanceof ObjectValue hop) {
                        routes.computeIfAbsent(text(route, "dst"), prefix -> new ArrayList<>())
                                .add(Value.object(Map.of(
                                        "Via", Value.of(text(hop, "gateway")),
                                        "Dev", Value.of(text(hop, "dev")),
                                        "Src", Value.of(text(route, "prefsrc")),
                                        "Proto", Value.of(text(route, "protocol")))));
                    }
                }
            }
        }
        var value = ObjectValue.builder();
        routes.forEach((prefix, ways) -> value.put(prefix, Value.array(ways)));
        return value.build();
    }

    private ObjectValue daemons(ObjectValue value, Post post) {
        var more = value;
        var bgp = ask(post, "bgpd", "show ip bgp summary json");
        if (bgp != null && bgp.get("ipv4Unicast") instanceof ObjectValue unicast) {
            more = more.with("bgp", states(unicast.get("peers"), "state"));
        }
        var ospf = ask(post, "ospfd", "show ip ospf neighbor json");
        if (ospf != null && ospf.get("neighbors") instanceof ObjectValue neighbors) {
            var states = ObjectValue.builder();
            for (var neighbor : neighbors) {
                var state = items(neighbor.value()).isEmpty()
                        ? null
                        : items(neighbor.value()).get(0);
                states.put(neighbor.name(), Value.of(state instanceof ObjectValue one ? text(one, "nbrState") : ""));
            }
            more = more.with("ospf", states.build());
        }
        try {
            var peers = ObjectValue.builder();
            for (var peer : items(json.readJson(frr.apply(post.lab())
                    .ask(post.space(), "bfdd", "show bfd peers json")
                    .strip()))) {
                if (peer instanceof ObjectValue one) {
                    peers.put(text(one, "peer"), Value.of(text(one, "status")));
                }
            }
            more = more.with("bfd", peers.build());
        } catch (IOException | TegaException e) {
            return more; // It does not run there.
        }
        return more;
    }

    private static ObjectValue states(@Nullable Value peers, String member) {
        var states = ObjectValue.builder();
        if (peers instanceof ObjectValue all) {
            for (var peer : all) {
                states.put(peer.name(), Value.of(peer.value() instanceof ObjectValue one ? text(one, member) : ""));
            }
        }
        return states.build();
    }

    private @Nullable ObjectValue ask(Post post, String daemon, String command) {
        try {
            return json.readJson(frr.apply(post.lab())
                                    .ask(post.space(), daemon, command)
                                    .strip())
                            instanceof ObjectValue object
                    ? object
                    : null;
        } catch (IOException | TegaException e) {
            return null; // It does not run there.
        }
    }

    /** Who speaks TCP with whom in each router's namespace: {@code {"tcp": [{"Ip", "Port", "ForeignIp", "ForeignPort"}]}}. */
    ObjectValue sockets(Collection<String> spaces) throws IOException {
        var script = new StringBuilder();
        for (var space : spaces) {
            script.append(space.isEmpty() ? "" : "ip netns exec " + space + " ").append("ss -tnH state established\n");
        }
        var said = tools.run(List.of("sh", "-s"), script.toString());
        var tcp = new ArrayList<Value>();
        said.out().lines().forEach(line -> {
            var words = line.strip().split("\\s+");
            if (words.length >= 4) {
                var here = words[2];
                var there = words[3];
                tcp.add(Value.object(Map.of(
                        "Ip", Value.of(here.substring(0, here.lastIndexOf(':'))),
                        "Port", Value.of(here.substring(here.lastIndexOf(':') + 1)),
                        "ForeignIp", Value.of(there.substring(0, there.lastIndexOf(':'))),
                        "ForeignPort", Value.of(there.substring(there.lastIndexOf(':') + 1)))));
            }
        });
        return Value.object("tcp", Value.array(tcp));
    }
}
