package tega.api;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The stamps of an object's members in one small array, 4 bytes each: null when all are inherited; else the first of them in
 * two halves and the distance of each from it; or, where a distance does not fit 32 bits, all of them in two halves each
 * after three unused places, which the length tells.
 *
 * <p>In each call {@code inherited} is what a missing array meant before, and {@code own} what it will mean in the result.
 */
final class Stamps {
    private static final int NEAR = 2;
    private static final int FAR = 3;

    private Stamps() {}

    /** The stamp at {@code at} of {@code count}. */
    static long get(int @Nullable [] stamps, int count, int at, long inherited) {
        if (stamps == null) {
            return inherited;
        }
        return stamps.length == count + NEAR ? base(stamps) + stamps[NEAR + at] : joined(stamps, FAR + 2 * at);
    }

    /** These stamps, one of each member. */
    static int @Nullable [] of(long[] all, long own) {
        var near = true;
        var same = true;
        for (var stamp : all) {
            same &= stamp == own;
            near &= isNear(all[0], stamp);
        }
        if (same) {
            return null;
        }
        var stamps = new int[near ? all.length + NEAR : 2 * all.length + FAR];
        if (near) {
            split(all[0], stamps, 0);
        }
        for (var i = 0; i < all.length; i++) {
            if (near) {
                stamps[NEAR + i] = (int) (all[i] - all[0]);
            } else {
                split(all[i], stamps, FAR + 2 * i);
            }
        }
        return stamps;
    }

    /** The same stamps where {@code own} is inherited. */
    static int @Nullable [] moved(int @Nullable [] stamps, int count, long inherited, long own) {
        return stamps != null || inherited == own || count == 0 ? stamps : same(inherited, count);
    }

    /** With another stamp at {@code at}. */
    static int @Nullable [] set(int @Nullable [] stamps, int count, int at, long stamp, long inherited, long own) {
        if (stamp == own && (count == 1 || (stamps == null && inherited == own))) {
            return null;
        }
        var result = stamps == null ? same(inherited, count) : stamps.clone();
        if (result.length == count + NEAR && isNear(base(result), stamp)) {
            result[NEAR + at] = (int) (stamp - base(result));
            return result;
        }
        var all = all(stamps, count, inherited);
        all[at] = stamp;
        return of(all, own);
    }

    /** With one stamp more before {@code at}. */
    static int @Nullable [] insert(int @Nullable [] stamps, int count, int at, long stamp, long inherited, long own) {
        if (stamp == own && (count == 0 || (stamps == null && inherited == own))) {
            return null;
        }
        if (stamps == null ? isNear(inherited, stamp) : stamps.length == count + NEAR && isNear(base(stamps), stamp)) {
            var result = stamps == null ? same(inherited, count + 1) : Arrays.copyOf(stamps, stamps.length + 1);
            System.arraycopy(result, NEAR + at, result, NEAR + at + 1, count - at);
            result[NEAR + at] = (int) (stamp - base(result));
            return result;
        }
        var all = Arrays.copyOf(all(stamps, count, inherited), count + 1);
        System.arraycopy(all, at, all, at + 1, count - at);
        all[at] = stamp;
        return of(all, own);
    }

    /** Without the stamp at {@code at}; others must remain. */
    static int @Nullable [] remove(int @Nullable [] stamps, int count, int at, long inherited, long own) {
        if (stamps == null) {
            return moved(null, count - 1, inherited, own);
        }
        if (stamps.length == count + NEAR) {
            var result = Arrays.copyOf(stamps, stamps.length - 1);
            System.arraycopy(stamps, NEAR + at + 1, result, NEAR + at, count - at - 1);
            return result;
        }
        var all = all(stamps, count, inherited);
        System.arraycopy(all, at + 1, all, at, count - at - 1);
        return of(Arrays.copyOf(all, count - 1), own);
    }

    /** Those from {@code from} to before {@code to}. */
    static int @Nullable [] slice(int @Nullable [] stamps, int count, int from, int to, long inherited) {
        return stamps == null ? null : of(Arrays.copyOfRange(all(stamps, count, inherited), from, to), inherited);
    }

    /** All as they are, for the slow ways. */
    static long[] all(int @Nullable [] stamps, int count, long inherited) {
        var all = new long[count];
        for (var i = 0; i < count; i++) {
            all[i] = get(stamps, count, i, inherited);
        }
        return all;
    }

    private static int[] same(long stamp, int count) {
        var stamps = new int[count + NEAR];
        split(stamp, stamps, 0);
        return stamps;
    }

    private static boolean isNear(long base, long stamp) {
        return (int) (stamp - base) == stamp - base;
    }

    private static long base(int[] stamps) {
        return joined(stamps, 0);
    }

    private static long joined(int[] halves, int at) {
        return ((long) halves[at] << 32) | (halves[at + 1] & 0xffff_ffffL);
    }

    private static void split(long stamp, int[] halves, int at) {
        halves[at] = (int) (stamp >> 32);
        halves[at + 1] = (int) stamp;
    }
}
