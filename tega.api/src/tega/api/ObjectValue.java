package tega.api;

import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object: names and values in code-point order of the names. {@link #with} and {@link #without} give a new object
 * that shares all it can with this one.
 *
 * <p>Inside a {@link Tree} each member also carries a stamp, the revision of the last commit at or below it. An object
 * whose members were all written at once has none of its own: they inherit the stamp of the object. Stamps take no part in
 * equality.
 */
public abstract sealed class ObjectValue implements Value, Iterable<Member> permits CompactObject {
    ObjectValue() {}

    /** An object under construction. */
    public static Builder builder() {
        return new Builder();
    }

    /** How many members. */
    public abstract int size();

    /** The value of the member {@code name}, or null when there is none. */
    public abstract @Nullable Value get(String name);

    /** The members after {@code name} in order (it need not exist), for reading page by page. */
    public abstract Iterator<Member> after(String name);

    /** All members in order. */
    @Override
    public abstract Iterator<Member> iterator();

    /** The stamp of the member {@code name}, {@code inherited} where it has none of its own, or -1 when it is absent. */
    abstract long stamp(String name, long inherited);

    /** This object with the member set and stamped; the others keep their stamp, {@code inherited} where they had none. */
    abstract ObjectValue put(String name, Value value, long stamp, long inherited);

    /** This object without the member; the others keep their stamp, {@code inherited} where they had none. */
    abstract ObjectValue remove(String name, long inherited);

    /** An equal object without stamps at any depth: itself when it has none. */
    abstract ObjectValue unstamped();

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
        return put(Objects.requireNonNull(name), Objects.requireNonNull(value), 0, 0);
    }

    /** This object without the member; itself when there is none. */
    public final ObjectValue without(String name) {
        return has(name) ? remove(name, 0) : this;
    }

    @Override
    public final String kind() {
        return "object";
    }

    @Override
    public final boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof ObjectValue that) || size() != that.size()) {
            return false;
        }
        var mine = iterator();
        var theirs = that.iterator();
        while (mine.hasNext()) {
            if (!mine.next().equals(theirs.next())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public final int hashCode() {
        var hash = 0;
        for (var member : this) {
            hash += member.hashCode();
        }
        return hash;
    }

    @Override
    public final String toString() {
        return JsonText.of(this);
    }

    /** Collects members in any order. Not safe for use by several threads. */
    public static final class Builder {
        private final Map<String, Value> members = new TreeMap<>(CodePointOrder.INSTANCE);

        private Builder() {}

        /** Sets a member, replacing what was there. */
        public Builder put(String name, Value value) {
            members.put(Objects.requireNonNull(name), Objects.requireNonNull(value));
            return this;
        }

        /** Adds a member; {@code INVALID} when the name is already there. */
        public Builder add(String name, Value value) {
            if (members.putIfAbsent(Objects.requireNonNull(name), Objects.requireNonNull(value)) != null) {
                throw new TegaException.Invalid("the name " + Value.of(name) + " occurs twice in one object");
            }
            return this;
        }

        /** The object. */
        public ObjectValue build() {
            return CompactObject.of(
                    members.keySet().toArray(new String[0]), members.values().toArray(new Value[0]));
        }
    }
}
