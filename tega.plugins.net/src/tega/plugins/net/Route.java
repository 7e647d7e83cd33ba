package tega.plugins.net;

/**
 * A route of ours; it carries {@link #PROTOCOL}.
 *
 * @param prefix {@code default} or a network with its length
 * @param via the next hop, "" for none
 * @param dev the interface
 */
public record Route(String prefix, String via, String dev) implements Comparable<Route> {
    /** By which routes of ours are known. */
    public static final String PROTOCOL = "201";

    @Override
    public int compareTo(Route other) {
        return toString().compareTo(other.toString());
    }

    /** As {@code ip route} takes it. */
    @Override
    public String toString() {
        return prefix + (via.isEmpty() ? "" : " via " + via) + " dev " + dev + " proto " + PROTOCOL;
    }
}
