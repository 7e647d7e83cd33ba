package tega.plugins.net;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;
import tega.api.spi.JsonCodec;

/** Reads what {@code ip -d -j}, {@code bridge -j} and {@code nft -s} say about one namespace. */
final class KernelText {
    private final Realm realm;
    private final JsonCodec json;

    KernelText(Realm realm, JsonCodec json) {
        this.realm = realm;
        this.json = json;
    }

    /**
     * The space, without its daemons.
     *
     * @param said what each tool said: addr, route, fdb, nft, sysctl
     * @param claims names of interfaces that are ours although they may not be marked
     */
    Space space(Map<String, String> said, Set<String> claims) {
        var flood = flood(said.getOrDefault("fdb", ""));
        var links = new TreeMap<String, Link>();
        for (var item : items(said.getOrDefault("addr", ""))) {
            var link = link(item, claims, flood);
            links.put(link.name(), link);
        }
        var routes = new TreeSet<Route>();
        for (var item : items(said.getOrDefault("route", ""))) {
            routes.add(new Route(text(item, "dst"), text(item, "gateway"), text(item, "dev")));
        }
        return new Space(links, routes, new TreeMap<>(), new TreeMap<>(), null)
                .sysctls(sysctls(said.getOrDefault("sysctl", "")))
                .nft(nft(said.getOrDefault("nft", "")));
    }

    private Link link(ObjectValue item, Set<String> claims, Map<String, Set<String>> flood) {
        var name = text(item, "ifname");
        var alias = text(item, "ifalias");
        var info = item.get("linkinfo") instanceof ObjectValue object ? object : Value.object();
        var ours = realm.ownsAlias(alias) || claims.contains(name);
        var addresses = new TreeSet<String>();
        if (item.get("addr_info") instanceof ArrayValue array) {
            for (var one : array) {
                if (one instanceof ObjectValue address
                        && text(address, "scope").equals("global")
                        && (ours || Realm.isLabel(text(address, "label")))) {
                    addresses.add(text(address, "local") + "/" + address.get("prefixlen"));
                }
            }
        }
        return new Link(
                name,
                ours ? text(info, "info_kind") : Link.HOST,
                ours ? realm.fixed(alias) : new TreeMap<>(),
                ours ? text(item, "master") : "",
                ours && item.get("mtu") instanceof NumberValue mtu ? (int) mtu.longValue() : 0,
                item.get("flags") instanceof ArrayValue flags && flags.items().contains(Value.of("UP")),
                addresses,
                ours ? new TreeSet<>(flood.getOrDefault(name, Set.of())) : new TreeSet<>());
    }

    private Map<String, Set<String>> flood(String text) {
        var flood = new HashMap<String, Set<String>>();
        for (var item : items(text)) {
            if (text(item, "mac").equals("00:00:00:00:00:00")
                    && !text(item, "dst").isEmpty()) {
                flood.computeIfAbsent(text(item, "ifname"), name -> new TreeSet<>())
                        .add(text(item, "dst"));
            }
        }
        return flood;
    }

    private static Map<String, String> sysctls(String text) {
        var values = new TreeMap<String, String>();
        text.lines().forEach(line -> {
            var colon = line.indexOf(':');
            if (colon > 0) {
                values.put(line.substring("/proc/sys/".length(), colon).replace('/', '.'), line.substring(colon + 1));
            }
        });
        return values;
    }

    /** What is between the braces of our tables, by family. */
    private Map<String, String> nft(String text) {
        var tables = new TreeMap<String, String>();
        @Nullable String family = null;
        var body = new StringBuilder();
        for (var line : text.lines().toList()) {
            if (line.startsWith("table ")) {
                var words = List.of(line.split(" "));
                family = words.get(2).equals(realm.table()) ? words.get(1) : null;
                body.setLength(0);
            } else if (line.equals("}") && family != null) {
                tables.put(family, body.toString());
                family = null;
            } else if (family != null) {
                body.append(line).append('\n');
            }
        }
        return tables;
    }

    private List<ObjectValue> items(String text) {
        if (text.isBlank()) {
            return List.of();
        }
        return json.readJson(text.strip()) instanceof ArrayValue array
                ? array.items().stream()
                        .filter(ObjectValue.class::isInstance)
                        .map(ObjectValue.class::cast)
                        .filter(item -> !item.isEmpty())
                        .toList()
                : List.of();
    }

    private static String text(ObjectValue value, String name) {
        return value.get(name) instanceof StringValue text ? text.text() : "";
    }
}
