package tega.api;

import org.jspecify.annotations.Nullable;

/** Whether two values are equal, and their hashes: on the heap, not on the stack, so that no depth is too deep. */
final class Equality {
    /** So far down a hash looks: equal values still have equal ones. */
    private static final int HASHED = 64;

    /** Two values that are still to be compared. */
    private record Pair(Value one, Value other, @Nullable Pair next) {}

    private @Nullable Pair open;

    private Equality() {}

    static boolean equal(Value one, Value other) {
        var equality = new Equality();
        if (!equality.note(one, other)) {
            return false;
        }
        for (var pair = equality.open; pair != null; pair = equality.open) {
            equality.open = pair.next();
            if (!equality.isEqual(pair)) {
                return false;
            }
        }
        return true;
    }

    /** Compares what is flat at once, the rest later. */
    @SuppressWarnings("ReferenceEquality") // what is shared is equal
    private boolean note(Value one, Value other) {
        if (one == other) {
            return true;
        }
        if (one instanceof ObjectValue left && other instanceof ObjectValue right) {
            open = new Pair(one, other, open);
            return left.size() == right.size();
        }
        if (one instanceof ArrayValue left && other instanceof ArrayValue right) {
            open = new Pair(one, other, open);
            return left.size() == right.size();
        }
        return !isContainer(one) && !isContainer(other) && one.equals(other);
    }

    private static boolean isContainer(Value value) {
        return value instanceof ObjectValue || value instanceof ArrayValue;
    }

    private boolean isEqual(Pair pair) {
        if (pair.one() instanceof ObjectValue left && pair.other() instanceof ObjectValue right) {
            return Comparison.compare(
                    left, right, (name, mine, theirs) -> mine != null && theirs != null && note(mine, theirs));
        }
        var left = (ArrayValue) pair.one();
        var right = (ArrayValue) pair.other();
        for (var i = 0; i < left.size(); i++) {
            if (!note(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    static int hash(Value value) {
        return hash(value, HASHED);
    }

    private static int hash(Value value, int depthLeft) {
        if (value instanceof ObjectValue object) {
            var hash = object.size();
            if (depthLeft > 0) {
                for (var member : object) {
                    hash += 31 * member.name().hashCode() ^ hash(member.value(), depthLeft - 1);
                }
            }
            return hash;
        }
        if (value instanceof ArrayValue array) {
            var hash = 1 + array.size();
            if (depthLeft > 0) {
                for (var i = 0; i < array.size(); i++) {
                    hash = 31 * hash + hash(array.get(i), depthLeft - 1);
                }
            }
            return hash;
        }
        return value.hashCode();
    }
}
