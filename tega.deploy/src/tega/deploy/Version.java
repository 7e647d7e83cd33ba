package tega.deploy;

import java.util.Comparator;
import tega.api.TegaException;

/** The version of a bundle, as OSGi orders them (OSGi Core, 3.2.5): three numbers, then a text. */
record Version(int major, int minor, int micro, String qualifier) implements Comparable<Version> {
    private static final Comparator<Version> ORDER = Comparator.comparingInt(Version::major)
            .thenComparingInt(Version::minor)
            .thenComparingInt(Version::micro)
            .thenComparing(Version::qualifier);

    /** Of its text; what is missing is 0 or empty. {@code INVALID} when it is none. */
    static Version parse(String text) {
        var parts = text.strip().split("\\.", 4);
        try {
            return new Version(
                    number(parts, 0), number(parts, 1), number(parts, 2), parts.length > 3 ? qualifier(parts[3]) : "");
        } catch (NumberFormatException e) {
            throw new TegaException.Invalid("'" + text + "' is not the version of a bundle");
        }
    }

    private static int number(String[] parts, int at) {
        return parts.length > at ? Integer.parseUnsignedInt(parts[at]) : 0;
    }

    private static String qualifier(String text) {
        if (!text.matches("[\\w-]+")) {
            throw new NumberFormatException();
        }
        return text;
    }

    @Override
    public int compareTo(Version other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + micro + (qualifier.isEmpty() ? "" : "." + qualifier);
    }
}
