package tega.api;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Lends objects with the same names the same arrays, and those with some names in common the same strings: data that looks
 * alike, thousands of hosts each with an address, takes little memory and stays in the processor's caches. Two tables of fixed
 * size, in which the latest takes the place of what was there before; forgetting costs memory, never meaning.
 */
final class Names {
    private static final int LONGEST = 64;
    private static final AtomicReferenceArray<String> NAMES = new AtomicReferenceArray<>(1 << 13);
    private static final AtomicReferenceArray<String[]> SHAPES = new AtomicReferenceArray<>(1 << 11);

    private Names() {}

    /** An equal string. */
    static String shared(String name) {
        if (name.length() > LONGEST) {
            return name;
        }
        var slot = slot(name.hashCode(), NAMES.length());
        var there = NAMES.getAcquire(slot);
        if (name.equals(there)) {
            return there;
        }
        NAMES.setRelease(slot, name);
        return name;
    }

    /** An array of equal strings; takes over {@code names}. */
    static String[] shared(String[] names) {
        var hash = 0;
        for (var i = 0; i < names.length; i++) {
            if (names[i].length() > LONGEST) {
                return names;
            }
            names[i] = shared(names[i]);
            hash = 31 * hash + names[i].hashCode();
        }
        var slot = slot(hash, SHAPES.length());
        var there = SHAPES.getAcquire(slot);
        if (Arrays.equals(there, names)) {
            return there;
        }
        SHAPES.setRelease(slot, names);
        return names;
    }

    private static int slot(int hash, int slots) {
        return ((hash * 0x9e3779b1) >>> 16) & (slots - 1);
    }
}
