package tega.api;

import java.util.Comparator;

/**
 * The order of member names: by Unicode code point, where a surrogate without its partner counts as the code point of its own
 * number. {@link String#compareTo} orders by UTF-16 code unit, which differs where a pair meets a character from U+E000 up.
 */
final class CodePointOrder implements Comparator<String> {
    static final CodePointOrder INSTANCE = new CodePointOrder();

    /** From here on the two orders may differ; below, and against anything, they agree. */
    private static final char FIRST_HIGH = Character.MIN_SURROGATE;

    private CodePointOrder() {}

    @Override
    public int compare(String a, String b) {
        var common = Math.min(a.length(), b.length());
        for (var i = 0; i < common; i++) {
            var x = a.charAt(i);
            var y = b.charAt(i);
            if (x != y) {
                return x < FIRST_HIGH || y < FIRST_HIGH ? x - y : rank(a, i) - rank(b, i);
            }
        }
        return a.length() - b.length();
    }

    /** Moves the halves of a pair above the basic plane. */
    private static int rank(String text, int at) {
        var c = text.charAt(at);
        var paired = Character.isHighSurrogate(c)
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : Character.isLowSurrogate(c) && at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
        return paired ? c + Character.MIN_SUPPLEMENTARY_CODE_POINT : c;
    }

    /** Where {@code name} is among the {@code sorted} names, or {@code -(gap) - 1} when it is not there. */
    static int search(String[] sorted, String name) {
        // One name without high characters is enough for compareTo, which the JVM compares by words, to be right.
        var plain = isPlain(name);
        var low = 0;
        var high = sorted.length - 1;
        while (low <= high) {
            var middle = (low + high) >>> 1;
            var order = plain ? sorted[middle].compareTo(name) : INSTANCE.compare(sorted[middle], name);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    private static boolean isPlain(String name) {
        for (var i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= FIRST_HIGH) {
                return false;
            }
        }
        return true;
    }
}
