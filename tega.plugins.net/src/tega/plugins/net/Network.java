package tega.plugins.net;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Namespaces and what is in them: what is wanted, or what is there.
 *
 * @param spaces by name; "" is the one that the server runs in
 */
public record Network(SortedMap<String, Space> spaces) {
    /** Nothing. */
    public static final Network EMPTY = new Network(new TreeMap<>());

    /** The map is copied. */
    public Network {
        spaces = Collections.unmodifiableSortedMap(new TreeMap<>(spaces));
    }

    /** These. */
    public static Network of(Map<String, Space> spaces) {
        return new Network(new TreeMap<>(spaces));
    }

    /** The space {@code name}, empty where there is none. */
    public Space space(String name) {
        return spaces.getOrDefault(name, Space.EMPTY);
    }

    /** The same with {@code space} as {@code name}. */
    public Network with(String name, Space space) {
        var more = new TreeMap<>(spaces);
        more.put(name, space);
        return new Network(more);
    }

    /**
     * What has to be put back when {@code want} does not come about: interfaces of others are left out where {@code want} does
     * not use them; a namespace of ours has none of others.
     */
    Network concerning(Realm realm, Network want) {
        var kept = new TreeMap<String, Space>();
        spaces.forEach((name, space) -> {
            var links = new TreeMap<>(space.links());
            var wanted = want.space(name).links();
            links.values()
                    .removeIf(link -> !realm.ownsSpace(name)
                            && link.isHost()
                            && link.addresses().isEmpty()
                            && !wanted.containsKey(link.name()));
            kept.put(name, new Space(links, space.routes(), space.sysctls(), space.nft(), space.frr()));
        });
        return new Network(kept);
    }
}
