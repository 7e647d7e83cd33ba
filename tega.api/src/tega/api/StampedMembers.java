package tega.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects the members of an object, with their stamps, in order of their names. */
final class StampedMembers {
    private final long own;
    private final List<String> names = new ArrayList<>();
    private final List<Value> values = new ArrayList<>();
    private long[] stamps = new long[8];

    /** {@code own} is the stamp of the object. */
    StampedMembers(long own) {
        this.own = own;
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    long own() {
        return own;
    }

    /** {@code INVALID} unless {@code name} comes after those before it. */
    void add(String name, Value value, long stamp) {
        var count = names.size();
        if (count > 0 && CodePointOrder.INSTANCE.compare(names.get(count - 1), name) >= 0) {
            throw new TegaException.Invalid(
                    "the name " + Value.of(name) + " does not come after " + Value.of(names.get(count - 1)));
        }
        if (count == stamps.length) {
            stamps = Arrays.copyOf(stamps, 2 * count);
        }
        names.add(name);
        values.add(value);
        stamps[count] = stamp;
    }

    ObjectValue object() {
        return ObjectValue.of(
                names.toArray(new String[0]), values.toArray(new Value[0]), Arrays.copyOf(stamps, names.size()), own);
    }
}
