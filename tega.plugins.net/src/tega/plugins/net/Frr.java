package tega.plugins.net;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The routing daemons of a space.
 *
 * @param daemons their names, such as {@code bgpd}
 * @param text all of their configuration
 */
public record Frr(SortedSet<String> daemons, String text) {
    /** The set is copied. */
    public Frr {
        daemons = Collections.unmodifiableSortedSet(new TreeSet<>(daemons));
    }

    /** These daemons with this text. */
    public static Frr of(Collection<String> daemons, String text) {
        return new Frr(new TreeSet<>(daemons), text);
    }
}
