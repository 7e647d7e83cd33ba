package tega.api;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** A JSON array: one value, with order and emptiness kept; it is replaced as a whole. */
public final class ArrayValue implements Value, Iterable<Value> {
    private static final ArrayValue EMPTY = new ArrayValue(new Value[0]);

    private final Value[] items;

    private ArrayValue(Value[] items) {
        this.items = items;
    }

    static ArrayValue of(Value... items) {
        return items.length == 0 ? EMPTY : new ArrayValue(List.of(items).toArray(new Value[0]));
    }

    static ArrayValue of(Collection<? extends Value> items) {
        return items.isEmpty() ? EMPTY : new ArrayValue(List.copyOf(items).toArray(new Value[0]));
    }

    /** How many items. */
    public int size() {
        return items.length;
    }

    /** The item at {@code index}, counted from 0. */
    public Value get(int index) {
        return items[index];
    }

    /** The items as an unmodifiable list. */
    public List<Value> items() {
        return Collections.unmodifiableList(Arrays.asList(items));
    }

    @Override
    public Iterator<Value> iterator() {
        return items().iterator();
    }

    @Override
    public String kind() {
        return "array";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ArrayValue that && Equality.equal(this, that);
    }

    @Override
    public int hashCode() {
        return Equality.hash(this);
    }

    @Override
    public String toString() {
        return JsonText.of(this);
    }
}
