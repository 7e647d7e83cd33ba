package tega.plugins.net;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A network interface.
 *
 * @param name at most 15 characters
 * @param kind as {@code ip link add type} calls it; {@link #HOST} for one that is nobody's to make or remove
 * @param fixed what cannot be changed without making it anew: the words of {@code ip link add}; {@link #PEER} of a veth is
 *     {@code space/name} of its other end, {@link #LINK} the interface below
 * @param master the bridge it is a port of, "" for none
 * @param mtu 0: whatever comes
 * @param up whether it is up
 * @param addresses with prefix length; of a {@link #HOST} only those that are marked
 * @param flood where a vxlan sends what has no known place
 */
public record Link(
        String name,
        String kind,
        SortedMap<String, String> fixed,
        String master,
        int mtu,
        boolean up,
        SortedSet<String> addresses,
        SortedSet<String> flood)
        implements Comparable<Link> {
    /** The kind of interfaces that were there before. */
    public static final String HOST = "host";

    /** The kind of bridges. */
    public static final String BRIDGE = "bridge";

    /** The kind of pairs. */
    public static final String VETH = "veth";

    /** The kind of tunnels that carry Ethernet. */
    public static final String VXLAN = "vxlan";

    /** The fixed word that names the other end of a veth. */
    public static final String PEER = "peer";

    /** The fixed word that names the interface below. */
    public static final String LINK = "link";

    private static final List<String> ORDER = List.of(BRIDGE, VETH, VXLAN);

    /** The collections are copied. */
    public Link {
        fixed = Collections.unmodifiableSortedMap(new TreeMap<>(fixed));
        addresses = Collections.unmodifiableSortedSet(new TreeSet<>(addresses));
        flood = Collections.unmodifiableSortedSet(new TreeSet<>(flood));
    }

    /** One that is to be made and up. */
    public static Link of(String name, String kind, Map<String, String> fixed) {
        return new Link(name, kind, new TreeMap<>(fixed), "", 0, true, new TreeSet<>(), new TreeSet<>());
    }

    /** One that is there and is to be up. */
    public static Link host(String name) {
        return of(name, HOST, Map.of());
    }

    /** Whether it is nobody's to make or remove. */
    public boolean isHost() {
        return kind.equals(HOST);
    }

    /** The same as a port of {@code bridge}. */
    public Link in(String bridge) {
        return new Link(name, kind, fixed, bridge, mtu, up, addresses, flood);
    }

    /** The same with this MTU. */
    public Link mtu(int bytes) {
        return new Link(name, kind, fixed, master, bytes, up, addresses, flood);
    }

    /** The same, up or down. */
    public Link up(boolean isUp) {
        return new Link(name, kind, fixed, master, mtu, isUp, addresses, flood);
    }

    /** The same with these addresses. */
    public Link with(String... all) {
        return new Link(name, kind, fixed, master, mtu, up, new TreeSet<>(List.of(all)), flood);
    }

    /** The same that floods to these. */
    public Link flood(Collection<String> peers) {
        return new Link(name, kind, fixed, master, mtu, up, addresses, new TreeSet<>(peers));
    }

    /** The other end of a veth; {@code at} is the space of this one. */
    Place peer(String at) {
        var peer = fixed.getOrDefault(PEER, at + "/");
        var slash = peer.lastIndexOf('/');
        return new Place(peer.substring(0, Math.max(0, slash)), peer.substring(slash + 1));
    }

    /** In the order in which they can be made: what others stand on first. */
    @Override
    public int compareTo(Link other) {
        var order = Integer.compare(rank(), other.rank());
        return order != 0 ? order : name.compareTo(other.name);
    }

    private int rank() {
        var rank = ORDER.indexOf(kind);
        return fixed.containsKey(LINK) ? 9 : rank < 0 ? 8 : rank;
    }

    /** Where an interface is. */
    record Place(String space, String name) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            var order = space.compareTo(other.space);
            return order != 0 ? order : name.compareTo(other.name);
        }

        @Override
        public String toString() {
            return space.isEmpty() ? name : space + "/" + name;
        }
    }
}
