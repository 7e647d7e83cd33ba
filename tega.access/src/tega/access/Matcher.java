package tega.access;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import tega.api.Extent;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.TegaException;

/**
 * A pattern made ready to be asked quickly how much of a subtree is at or below nodes that it means. It follows all ways of
 * matching at once, one bit for each place in the pattern; it takes nothing from the heap and no time that anybody could stretch.
 */
final class Matcher {
    private static final int MOST_PARTS = 62;

    /** The name at each place, null where any will do. */
    private final @Nullable String[] names;

    /** The places of {@code **}. */
    private final long any;

    /** The place behind the last. */
    private final long end;

    private Matcher(@Nullable String[] names, long any) {
        this.names = names;
        this.any = any;
        this.end = 1L << names.length;
    }

    /** {@code INVALID} when the pattern has regular expressions, or too many parts. */
    static Matcher of(PathPattern pattern) {
        var names = new ArrayList<@Nullable String>();
        var any = 0L;
        for (var part : pattern.parts()) {
            if (part instanceof PathPattern.Part.Name name) {
                names.add(name.name());
            } else if (part instanceof PathPattern.Part.One) {
                names.add(null);
            } else if (part instanceof PathPattern.Part.Any) {
                var twice = !names.isEmpty() && (any >>> (names.size() - 1) & 1) != 0;
                if (!twice) { // two in a row mean the same as one
                    any |= 1L << names.size();
                    names.add(null);
                }
            } else {
                throw new TegaException.Invalid(
                        "'" + pattern + "' is a regular expression; grants are for dotted patterns with * and **");
            }
        }
        if (names.size() > MOST_PARTS) {
            throw new TegaException.Invalid("the pattern '" + pattern + "' has more than " + MOST_PARTS + " parts");
        }
        return new Matcher(names.toArray(new String[0]), any);
    }

    /** ALL: it means the node or one above it; SOME: it may mean something below; NONE: neither. */
    Extent extent(Path path) {
        var places = withSkips(1);
        for (var depth = 0; ; depth++) {
            if ((places & end) != 0) {
                return Extent.ALL;
            }
            if (places == 0) {
                return Extent.NONE;
            }
            if (depth == path.depth()) {
                return Extent.SOME;
            }
            places = step(places, path.name(depth));
        }
    }

    private long step(long places, String name) {
        var next = places & any;
        for (var rest = places & ~any; rest != 0; rest &= rest - 1) {
            var at = Long.numberOfTrailingZeros(rest);
            var expected = names[at];
            if (expected == null || expected.equals(name)) {
                next |= 1L << (at + 1);
            }
        }
        return withSkips(next);
    }

    /** {@code **} may stand for nothing. */
    private long withSkips(long places) {
        return places | ((places & any) << 1);
    }
}
