package tega.api;

import org.jspecify.annotations.Nullable;

/**
 * Goes through two objects side by side, in order of names, and past all nodes that they share, so that comparing two versions
 * takes time in proportion to what differs.
 */
final class Comparison {
    /** Takes the members that are not the very same in both. */
    interface Pairs {
        /** The member in one object and in the other, null where there is none; false ends the comparison. */
        boolean pair(String name, @Nullable Value before, @Nullable Value after);
    }

    private final NodeCursor before;
    private final NodeCursor after;
    private final Pairs pairs;
    private int beforeAt;
    private int afterAt;

    private Comparison(Node before, Node after, Pairs pairs) {
        this.before = new NodeCursor(before);
        this.after = new NodeCursor(after);
        this.pairs = pairs;
    }

    /** False when {@code pairs} ended it. */
    static boolean compare(ObjectValue before, ObjectValue after, Pairs pairs) {
        return new Comparison(before.root(), after.root(), pairs).run();
    }

    private boolean run() {
        while (!before.isAtEnd() && !after.isAtEnd()) {
            if (isAtSharedNode()) {
                before.skip();
                after.skip();
            } else if (!before.isAtLeaf() || !after.isAtLeaf()) {
                descend();
            } else if (!compareLeaves()) {
                return false;
            }
        }
        return rest(before, beforeAt, true) && rest(after, afterAt, false);
    }

    @SuppressWarnings("ReferenceEquality") // identity is the point
    private boolean isAtSharedNode() {
        return beforeAt == 0 && afterAt == 0 && before.node() == after.node();
    }

    /** Into the higher of the two nodes, or into both. */
    private void descend() {
        var difference = before.height() - after.height();
        if (difference >= 0) {
            before.enter(0);
        }
        if (difference <= 0) {
            after.enter(0);
        }
    }

    private boolean compareLeaves() {
        var left = before.leaf();
        var right = after.leaf();
        var sameNames = beforeAt == afterAt && left.sharesNames(right);
        while (beforeAt < left.size() && afterAt < right.size()) {
            var order = sameNames ? 0 : order(left.name(beforeAt), right.name(afterAt));
            var goOn = order == 0
                    ? pair(left.name(beforeAt), left.value(beforeAt), right.value(afterAt))
                    : order < 0
                            ? pairs.pair(left.name(beforeAt), left.value(beforeAt), null)
                            : pairs.pair(right.name(afterAt), null, right.value(afterAt));
            if (!goOn) {
                return false;
            }
            beforeAt += order <= 0 ? 1 : 0;
            afterAt += order >= 0 ? 1 : 0;
        }
        if (beforeAt == left.size()) {
            before.skip();
            beforeAt = 0;
        }
        if (afterAt == right.size()) {
            after.skip();
            afterAt = 0;
        }
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // versions share most names
    private static int order(String left, String right) {
        return left == right ? 0 : CodePointOrder.INSTANCE.compare(left, right);
    }

    @SuppressWarnings("ReferenceEquality") // identity is the point
    private boolean pair(String name, Value left, Value right) {
        return left == right || pairs.pair(name, left, right);
    }

    private boolean rest(NodeCursor cursor, int from, boolean isBefore) {
        var at = from;
        while (cursor.toLeaf()) {
            var leaf = cursor.leaf();
            for (; at < leaf.size(); at++) {
                var value = leaf.value(at);
                if (!pairs.pair(leaf.name(at), isBefore ? value : null, isBefore ? null : value)) {
                    return false;
                }
            }
            cursor.skip();
            at = 0;
        }
        return true;
    }
}
