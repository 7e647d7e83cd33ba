package tega.api;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object: names and values in code-point order of the names. {@link #with} and {@link #without} give a new object
 * that shares all it can with this one.
 *
 * <p>Inside a {@link Tree} each member also carries a stamp, the revision of the last commit at or below it. An object
 * whose members were all written at once has none of its own: they inherit the stamp of the object. Stamps take no part in
 * equality.
 */
public abstract sealed class ObjectValue implements Value, Iterable<Member> permits CompactObject, WideObject {
    /** What an object has as its own stamp when it inherits that of whatever it is in. */
    static final long UNSTAMPED = -1;

    private final long own;

    /** {@code own} is the stamp of the object itself, kept here so that the objects above need not copy theirs. */
    ObjectValue(long own) {
        this.own = own;
    }

    /** The stamp of the object itself, or {@link #UNSTAMPED}. */
    final long own() {
        return own;
    }

    /** An object under construction. */
    public static Builder builder() {
        return new Builder();
    }

    /** An object of these members, sorted and distinct, with these stamps, null when all have {@code own}; takes over the arrays. */
    static ObjectValue of(String[] names, Value[] values, long @Nullable [] stamps, long own) {
        if (names.length > WideObject.FROM) {
            return WideObject.of(names, values, stamps, own);
        }
        return names.length == 0
                ? CompactObject.NONE
                : new CompactObject(Names.shared(names), values, stamps == null ? null : Stamps.of(stamps, own), own);
    }

    /** How many members. */
    public abstract int size();

    /** The part of this object where the member {@code name} is if it is anywhere. */
    abstract CompactObject leaf(String name);

    /** All members: a leaf, or a tree of leaves. */
    abstract Node root();

    /** What the lack of a stamp means in a leaf when {@code inherited} is the stamp of this object. */
    abstract long implied(long inherited);

    /**
     * This object after {@code step} for the member {@code name}, which is stamped with {@code stamp}; the others keep their
     * stamp. {@code inherited} is the stamp of this object and {@code own} that of the result.
     */
    abstract ObjectValue change(String name, Step step, long stamp, long inherited, long own);

    /** An equal object without stamps at any depth: itself when it has none. */
    abstract ObjectValue unstamped();

    /** The value of the member {@code name}, or null when there is none. */
    public final @Nullable Value get(String name) {
        var leaf = leaf(name);
        var at = leaf.find(name);
        return at < 0 ? null : leaf.value(at);
    }

    /** The members after {@code name} in order (it need not exist), for reading page by page. */
    public final Iterator<Member> after(String name) {
        return Members.after(root(), name);
    }

    /** All members in order. */
    @Override
    public final Iterator<Member> iterator() {
        return Members.of(root());
    }

    /** The stamp of the member {@code name}, {@code inherited} where it has none of its own, or -1 when it is absent. */
    final long stamp(String name, long inherited) {
        var leaf = leaf(name);
        var at = leaf.find(name);
        return at < 0 ? -1 : leaf.stamp(at, implied(inherited));
    }

    /** Takes a member with its stamp. */
    interface Stamped {
        /** False ends the walk. */
        boolean member(String name, Value value, long stamp);
    }

    /** Gives all members in order, until told to end: then false. */
    final boolean each(long inherited, Stamped visitor) {
        var implied = implied(inherited);
        for (var cursor = new NodeCursor(root()); cursor.toLeaf(); cursor.skip()) {
            var leaf = cursor.leaf();
            for (var i = 0; i < leaf.size(); i++) {
                if (!visitor.member(leaf.name(i), leaf.value(i), leaf.stamp(i, implied))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether there are no members. */
    public final boolean isEmpty() {
        return size() == 0;
    }

    /** Whether there is a member {@code name}. */
    public final boolean has(String name) {
        return get(name) != null;
    }

    /** This object with the member set; {@code value} is taken as it is. */
    public final ObjectValue with(String name, Value value) {
        Objects.requireNonNull(value);
        return change(Objects.requireNonNull(name), (member, stamp) -> value, UNSTAMPED, UNSTAMPED, UNSTAMPED);
    }

    /** This object without the member; itself when there is none. */
    public final ObjectValue without(String name) {
        return change(Objects.requireNonNull(name), (member, stamp) -> null, UNSTAMPED, UNSTAMPED, UNSTAMPED);
    }

    @Override
    public final String kind() {
        return "object";
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof ObjectValue that && Equality.equal(this, that);
    }

    @Override
    public final int hashCode() {
        return Equality.hash(this);
    }

    @Override
    public final String toString() {
        return JsonText.of(this);
    }

    /** Collects members in any order, at best in order of their names. Not safe for use by several threads. */
    public static final class Builder {
        private String[] names = new String[8];
        private Value[] values = new Value[8];
        private int size;

        /** Where each name is, once they no longer came in order. */
        private @Nullable Map<String, Integer> places;

        private Builder() {}

        /** Sets a member, replacing what was there. */
        public Builder put(String name, Value value) {
            var place = place(name);
            if (place < 0) {
                append(name, value);
            } else {
                values[place] = Objects.requireNonNull(value);
            }
            return this;
        }

        /** Adds a member; {@code INVALID} when the name is already there. */
        public Builder add(String name, Value value) {
            if (place(name) >= 0) {
                throw new TegaException.Invalid("the name " + Value.of(name) + " occurs twice in one object");
            }
            append(name, value);
            return this;
        }

        private int place(String name) {
            Objects.requireNonNull(name);
            if (places == null) {
                var order = size == 0 ? 1 : CodePointOrder.INSTANCE.compare(name, names[size - 1]);
                if (order >= 0) {
                    return order == 0 ? size - 1 : -1;
                }
                places = new HashMap<>(4 * size);
                for (var i = 0; i < size; i++) {
                    places.put(names[i], i);
                }
            }
            var place = places.get(name);
            return place == null ? -1 : place;
        }

        private void append(String name, Value value) {
            Objects.requireNonNull(value);
            if (size == names.length) {
                names = Arrays.copyOf(names, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
            }
            if (places != null) {
                places.put(name, size);
            }
            names[size] = name;
            values[size] = value;
            size++;
        }

        /** The object. */
        public ObjectValue build() {
            if (places == null) {
                return of(Arrays.copyOf(names, size), Arrays.copyOf(values, size), null, UNSTAMPED);
            }
            var sortedNames = Arrays.copyOf(names, size);
            Arrays.sort(sortedNames, CodePointOrder.INSTANCE);
            var sortedValues = new Value[size];
            for (var i = 0; i < size; i++) {
                sortedValues[i] = values[Objects.requireNonNull(places.get(sortedNames[i]))];
            }
            return of(sortedNames, sortedValues, null, UNSTAMPED);
        }
    }
}
