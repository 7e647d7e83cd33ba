package tega.plugins.net;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;

/** A network as a value, for the journal. {@code of(value(n))} equals {@code n}. */
final class NetworkValue {
    private NetworkValue() {}

    static ObjectValue value(Network network) {
        var spaces = ObjectValue.builder();
        network.spaces().forEach((name, space) -> spaces.put(name, value(space)));
        return spaces.build();
    }

    private static ObjectValue value(Space space) {
        var links = new ArrayList<Value>();
        space.links().values().forEach(link -> links.add(value(link)));
        var routes = new ArrayList<Value>();
        space.routes()
                .forEach(route -> routes.add(
                        Value.array(Value.of(route.prefix()), Value.of(route.via()), Value.of(route.dev()))));
        var value = Value.object("links", Value.array(links), "routes", Value.array(routes))
                .with("sysctls", texts(space.sysctls()))
                .with("nft", texts(space.nft()));
        var frr = space.frr();
        return frr == null
                ? value
                : value.with("frr", Value.object("daemons", texts(frr.daemons()), "text", Value.of(frr.text())));
    }

    private static ObjectValue value(Link link) {
        return Value.object("name", Value.of(link.name()), "kind", Value.of(link.kind()))
                .with("fixed", texts(link.fixed()))
                .with("master", Value.of(link.master()))
                .with("mtu", Value.of(link.mtu()))
                .with("up", Value.of(link.up()))
                .with("addresses", texts(link.addresses()))
                .with("flood", texts(link.flood()));
    }

    private static ObjectValue texts(Map<String, String> map) {
        var value = ObjectValue.builder();
        map.forEach((name, text) -> value.put(name, Value.of(text)));
        return value.build();
    }

    private static ArrayValue texts(Collection<String> all) {
        return Value.array(all.stream().map(Value::of).toList());
    }

    static Network of(Value value) {
        var spaces = new TreeMap<String, Space>();
        for (var member : object(value)) {
            spaces.put(member.name(), space(object(member.value())));
        }
        return new Network(spaces);
    }

    private static Space space(ObjectValue value) {
        var space = Space.EMPTY;
        for (var link : array(value, "links")) {
            space = space.with(link(object(link)));
        }
        for (var route : array(value, "routes")) {
            var words = route instanceof ArrayValue array ? array.items() : List.<Value>of();
            space = space.with(new Route(text(words.get(0)), text(words.get(1)), text(words.get(2))));
        }
        space = space.sysctls(map(value, "sysctls")).nft(map(value, "nft"));
        return value.get("frr") instanceof ObjectValue frr
                ? space.frr(Frr.of(list(frr, "daemons"), text(frr.get("text"))))
                : space;
    }

    private static Link link(ObjectValue value) {
        return new Link(
                text(value.get("name")),
                text(value.get("kind")),
                new TreeMap<>(map(value, "fixed")),
                text(value.get("master")),
                value.get("mtu") instanceof NumberValue mtu ? (int) mtu.longValue() : 0,
                Value.of(true).equals(value.get("up")),
                new TreeSet<>(list(value, "addresses")),
                new TreeSet<>(list(value, "flood")));
    }

    private static ObjectValue object(@Nullable Value value) {
        return value instanceof ObjectValue object ? object : Value.object();
    }

    private static List<Value> array(ObjectValue value, String name) {
        return value.get(name) instanceof ArrayValue array ? array.items() : List.of();
    }

    private static List<String> list(ObjectValue value, String name) {
        return array(value, name).stream().map(NetworkValue::text).toList();
    }

    private static Map<String, String> map(ObjectValue value, String name) {
        var map = new TreeMap<String, String>();
        for (var member : object(value.get(name))) {
            map.put(member.name(), text(member.value()));
        }
        return map;
    }

    private static String text(@Nullable Value value) {
        return value instanceof StringValue string ? string.text() : "";
    }
}
