package tega.api;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** An object of few members: sorted arrays, copied on change; the names are shared between versions with the same ones. */
final class CompactObject extends ObjectValue {
    static final CompactObject NONE = new CompactObject(new String[0], new Value[0], null);

    private final String[] names;
    private final Value[] values;
    private final long @Nullable [] stamps;

    private CompactObject(String[] names, Value[] values, long @Nullable [] stamps) {
        this.names = names;
        this.values = values;
        this.stamps = stamps;
    }

    /** Takes over both arrays; names sorted and distinct. */
    static CompactObject of(String[] names, Value[] values) {
        return names.length == 0 ? NONE : new CompactObject(names, values, null);
    }

    @Override
    public int size() {
        return names.length;
    }

    private int find(String name) {
        return Arrays.binarySearch(names, name, CodePointOrder.INSTANCE);
    }

    @Override
    public @Nullable Value get(String name) {
        var at = find(name);
        return at < 0 ? null : values[at];
    }

    @Override
    long stamp(String name, long inherited) {
        var at = find(name);
        if (at < 0) {
            return -1;
        }
        return stamps == null ? inherited : stamps[at];
    }

    @Override
    ObjectValue put(String name, Value value, long stamp, long inherited) {
        var at = find(name);
        if (at >= 0) {
            var newValues = values.clone();
            newValues[at] = value;
            var newStamps = stampsOr(inherited).clone();
            newStamps[at] = stamp;
            return new CompactObject(names, newValues, unlessInherited(newStamps, inherited));
        }
        var gap = -at - 1;
        var newNames = Arrays.copyOf(names, names.length + 1);
        var newValues = Arrays.copyOf(values, values.length + 1);
        var newStamps = Arrays.copyOf(stampsOr(inherited), names.length + 1);
        System.arraycopy(names, gap, newNames, gap + 1, names.length - gap);
        System.arraycopy(values, gap, newValues, gap + 1, names.length - gap);
        System.arraycopy(newStamps, gap, newStamps, gap + 1, names.length - gap);
        newNames[gap] = name;
        newValues[gap] = value;
        newStamps[gap] = stamp;
        return new CompactObject(newNames, newValues, unlessInherited(newStamps, inherited));
    }

    @Override
    ObjectValue remove(String name, long inherited) {
        var at = find(name);
        if (at < 0) {
            return this;
        }
        var size = names.length - 1;
        if (size == 0) {
            return NONE;
        }
        var newNames = Arrays.copyOf(names, size);
        var newValues = Arrays.copyOf(values, size);
        var newStamps = Arrays.copyOf(stampsOr(inherited), size);
        System.arraycopy(names, at + 1, newNames, at, size - at);
        System.arraycopy(values, at + 1, newValues, at, size - at);
        System.arraycopy(stampsOr(inherited), at + 1, newStamps, at, size - at);
        return new CompactObject(newNames, newValues, unlessInherited(newStamps, inherited));
    }

    /** Stamps that are all zero outside a tree need no array. */
    private static long @Nullable [] unlessInherited(long[] stamps, long inherited) {
        if (inherited != 0) {
            return stamps;
        }
        for (var stamp : stamps) {
            if (stamp != 0) {
                return stamps;
            }
        }
        return null;
    }

    private long[] stampsOr(long inherited) {
        if (stamps != null) {
            return stamps;
        }
        var all = new long[names.length];
        Arrays.fill(all, inherited);
        return all;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // identity tells whether anything had to be copied
    ObjectValue unstamped() {
        Value[] copy = null;
        for (var i = 0; i < values.length; i++) {
            if (values[i] instanceof ObjectValue object) {
                var clean = object.unstamped();
                if (clean != object) {
                    copy = copy == null ? values.clone() : copy;
                    copy[i] = clean;
                }
            }
        }
        if (copy == null && stamps == null) {
            return this;
        }
        return new CompactObject(names, copy == null ? values : copy, null);
    }

    @Override
    public Iterator<Member> iterator() {
        return from(0);
    }

    @Override
    public Iterator<Member> after(String name) {
        var at = find(name);
        return from(at >= 0 ? at + 1 : -at - 1);
    }

    private Iterator<Member> from(int start) {
        return new Iterator<>() {
            private int next = start;

            @Override
            public boolean hasNext() {
                return next < names.length;
            }

            @Override
            public Member next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                var at = next++;
                return new Member(names[at], values[at]);
            }
        };
    }
}
