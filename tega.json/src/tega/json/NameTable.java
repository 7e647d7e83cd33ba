package tega.json;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Names that were read before, so that equal ones are one String. Of fixed size: a name takes the place of another of like
 * hash, so names made to collide cost no more than not being shared. Threads race for places without harm.
 */
final class NameTable {
    private static final int PLACES = 2048;
    private static final int LONGEST = 64;

    private final @Nullable String[] names = new String[PLACES];

    /** The name of these bytes of ASCII whose {@link String#hashCode} is {@code hash}. */
    String ascii(byte[] text, int from, int to, int hash) {
        var place = place(hash);
        var known = names[place];
        if (known != null && matches(known, text, from, to)) {
            return known;
        }
        var name = new String(text, from, to - from, StandardCharsets.ISO_8859_1);
        if (name.length() <= LONGEST) {
            names[place] = name;
        }
        return name;
    }

    private static boolean matches(String name, byte[] text, int from, int to) {
        if (name.length() != to - from) {
            return false;
        }
        for (var i = 0; i < name.length(); i++) {
            if (name.charAt(i) != text[from + i]) {
                return false;
            }
        }
        return true;
    }

    /** {@code name}, or the equal one that is known. */
    String shared(String name) {
        var place = place(name.hashCode());
        var known = names[place];
        if (known != null && known.equals(name)) {
            return known;
        }
        if (name.length() <= LONGEST) {
            names[place] = name;
        }
        return name;
    }

    private static int place(int hash) {
        return (hash ^ (hash >>> 15)) & (PLACES - 1);
    }
}
