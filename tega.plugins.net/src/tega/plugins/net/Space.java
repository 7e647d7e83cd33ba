package tega.plugins.net;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is in one network namespace, as far as it is ours or concerns us.
 *
 * @param links by name
 * @param routes those of ours
 * @param sysctls by name, such as {@code net.ipv4.ip_forward}; set where named, never taken back by a lack of them
 * @param nft our tables: by family what is between the braces, as {@code nft -s list} writes it
 * @param frr the routing daemons, null where there are none
 */
public record Space(
        SortedMap<String, Link> links,
        SortedSet<Route> routes,
        SortedMap<String, String> sysctls,
        SortedMap<String, String> nft,
        @Nullable Frr frr) {
    /** With nothing in it. */
    public static final Space EMPTY = of(List.of());

    /** A new namespace. */
    static final Space NEW = of(List.of(Link.host("lo").up(false)));

    /** The collections are copied. */
    public Space {
        links = Collections.unmodifiableSortedMap(new TreeMap<>(links));
        routes = Collections.unmodifiableSortedSet(new TreeSet<>(routes));
        sysctls = Collections.unmodifiableSortedMap(new TreeMap<>(sysctls));
        nft = Collections.unmodifiableSortedMap(new TreeMap<>(nft));
    }

    /** One with these interfaces. */
    public static Space of(Collection<Link> links) {
        var named = new TreeMap<String, Link>();
        links.forEach(link -> named.put(link.name(), link));
        return new Space(named, new TreeSet<>(), new TreeMap<>(), new TreeMap<>(), null);
    }

    /** The same with one more interface, or another of the same name. */
    public Space with(Link link) {
        var more = new TreeMap<>(links);
        more.put(link.name(), link);
        return new Space(more, routes, sysctls, nft, frr);
    }

    /** The same with one more route. */
    public Space with(Route route) {
        var more = new TreeSet<>(routes);
        more.add(route);
        return new Space(links, more, sysctls, nft, frr);
    }

    /** The same with these sysctls. */
    public Space sysctls(Map<String, String> all) {
        return new Space(links, routes, new TreeMap<>(all), nft, frr);
    }

    /** The same with these tables. */
    public Space nft(Map<String, String> tables) {
        return new Space(links, routes, sysctls, new TreeMap<>(tables), frr);
    }

    /** The same with these daemons. */
    public Space frr(@Nullable Frr daemons) {
        return new Space(links, routes, sysctls, nft, daemons);
    }
}
