package tega.api;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An object of few members, and the leaf of a {@link WideObject}: sorted arrays, copied on change; the names are shared between
 * versions with the same ones.
 */
final class CompactObject extends ObjectValue implements Node {
    /** The empty object. */
    static final CompactObject NONE = new CompactObject(new String[0], new Value[0], null, UNSTAMPED);

    private final String[] names;
    private final Value[] values;
    private final int @Nullable [] stamps;

    /** Takes over the arrays; names sorted and distinct. */
    CompactObject(String[] names, Value[] values, int @Nullable [] stamps, long own) {
        super(own);
        this.names = names;
        this.values = values;
        this.stamps = stamps;
    }

    @Override
    public int size() {
        return names.length;
    }

    @Override
    public int width() {
        return names.length;
    }

    @Override
    public int members() {
        return names.length;
    }

    /** Where the member {@code name} is, or {@code -(gap) - 1}. */
    int find(String name) {
        return CodePointOrder.search(names, name);
    }

    String name(int at) {
        return names[at];
    }

    Value value(int at) {
        return values[at];
    }

    long stamp(int at, long inherited) {
        return isStamped(values[at])
                ? ((ObjectValue) values[at]).own()
                : Stamps.get(stamps, names.length, at, inherited);
    }

    private static boolean isStamped(Value value) {
        return value instanceof ObjectValue object && object.own() != UNSTAMPED;
    }

    /** Whether the other has its names in the same array, so that they need not be compared. */
    @SuppressWarnings("ReferenceEquality")
    boolean sharesNames(CompactObject other) {
        return names == other.names;
    }

    @Override
    CompactObject leaf(String name) {
        return this;
    }

    @Override
    Node root() {
        return this;
    }

    @Override
    long implied(long inherited) {
        return inherited;
    }

    @Override
    ObjectValue change(String name, Step step, long stamp, long inherited, long own) {
        var changed = changed(name, step, stamp, inherited, own, own);
        if (changed.names.length > WideObject.FROM) {
            return changed.widened(own);
        }
        return changed.names.length > names.length
                ? new CompactObject(Names.shared(changed.names), changed.values, changed.stamps, own)
                : changed;
    }

    @Override
    public Node change(String name, Step step, long stamp, long inherited) {
        return changed(name, step, stamp, inherited, inherited, UNSTAMPED);
    }

    /** {@code implied} is what the lack of a stamp means in the result. */
    private CompactObject changed(String name, Step step, long stamp, long inherited, long implied, long own) {
        var at = find(name);
        if (at >= 0) {
            var value = step.of(values[at], stamp(at, inherited));
            return value == null ? remove(at, inherited, implied, own) : set(at, value, stamp, inherited, implied, own);
        }
        var value = step.of(null, -1);
        return value == null ? this : insert(-at - 1, name, value, stamp, inherited, implied, own);
    }

    private CompactObject set(int at, Value value, long stamp, long inherited, long implied, long own) {
        var newValues = values.clone();
        newValues[at] = value;
        var newStamps = isStamped(value)
                ? names.length == 1 ? null : Stamps.moved(stamps, names.length, inherited, implied)
                : Stamps.set(stamps, names.length, at, stamp, inherited, implied);
        return new CompactObject(names, newValues, newStamps, own);
    }

    private CompactObject insert(
            int gap, String name, Value value, long stamp, long inherited, long implied, long own) {
        var newNames = Arrays.copyOf(names, names.length + 1);
        var newValues = Arrays.copyOf(values, values.length + 1);
        System.arraycopy(names, gap, newNames, gap + 1, names.length - gap);
        System.arraycopy(values, gap, newValues, gap + 1, names.length - gap);
        newNames[gap] = Names.shared(name);
        newValues[gap] = value;
        return new CompactObject(
                newNames, newValues, Stamps.insert(stamps, names.length, gap, stamp, inherited, implied), own);
    }

    private CompactObject remove(int at, long inherited, long implied, long own) {
        var size = names.length - 1;
        if (size == 0) {
            return NONE;
        }
        var newNames = Arrays.copyOf(names, size);
        var newValues = Arrays.copyOf(values, size);
        System.arraycopy(names, at + 1, newNames, at, size - at);
        System.arraycopy(values, at + 1, newValues, at, size - at);
        return new CompactObject(newNames, newValues, Stamps.remove(stamps, names.length, at, inherited, implied), own);
    }

    private ObjectValue widened(long own) {
        return ObjectValue.of(names, values, stamps == null ? null : Stamps.all(stamps, names.length, own), own);
    }

    /** The same where {@code implied} is inherited, as an object with its {@code own} stamp. */
    CompactObject moved(long inherited, long implied, long own) {
        return new CompactObject(names, values, Stamps.moved(stamps, names.length, inherited, implied), own);
    }

    @Override
    public Node head(int at, long inherited) {
        return slice(0, at, inherited);
    }

    @Override
    public Node tail(int at, long inherited) {
        return slice(at, names.length, inherited);
    }

    private CompactObject slice(int from, int to, long inherited) {
        return new CompactObject(
                Names.shared(Arrays.copyOfRange(names, from, to)),
                Arrays.copyOfRange(values, from, to),
                Stamps.slice(stamps, names.length, from, to, inherited),
                UNSTAMPED);
    }

    @Override
    public String bound(int at) {
        return names[at];
    }

    @Override
    public CompactObject join(String bound, Node next, long inherited) {
        var right = (CompactObject) next;
        var size = names.length + right.names.length;
        var newNames = Arrays.copyOf(names, size);
        var newValues = Arrays.copyOf(values, size);
        System.arraycopy(right.names, 0, newNames, names.length, right.names.length);
        System.arraycopy(right.values, 0, newValues, names.length, right.names.length);
        if (stamps == null && right.stamps == null) {
            return new CompactObject(newNames, newValues, null, UNSTAMPED);
        }
        var newStamps = Arrays.copyOf(Stamps.all(stamps, names.length, inherited), size);
        for (var i = names.length; i < size; i++) {
            newStamps[i] = Stamps.get(right.stamps, right.names.length, i - names.length, inherited);
        }
        return new CompactObject(newNames, newValues, Stamps.of(newStamps, inherited), UNSTAMPED);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // identity tells whether anything had to be copied
    public CompactObject unstamped() {
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
        return copy == null && stamps == null && own() == UNSTAMPED
                ? this
                : new CompactObject(names, copy == null ? values : copy, null, UNSTAMPED);
    }
}
