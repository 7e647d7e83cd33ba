package tega.api;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A place before a node of an object's B+-tree, moving on from node to node. */
final class NodeCursor {
    private Branch[] above = new Branch[4];
    private int[] at = new int[4];
    private int depth;
    private @Nullable Node node;

    NodeCursor(Node root) {
        node = root;
    }

    /** Whether all nodes have been passed. */
    boolean isAtEnd() {
        return node == null;
    }

    /** The node it is before; there must be one. */
    Node node() {
        if (node == null) {
            throw new IllegalStateException("all nodes have been passed");
        }
        return node;
    }

    boolean isAtLeaf() {
        return node instanceof CompactObject;
    }

    CompactObject leaf() {
        return (CompactObject) node();
    }

    /** How far above the leaves the node is. */
    int height() {
        var height = 0;
        for (var below = node(); below instanceof Branch branch; below = branch.child(0)) {
            height++;
        }
        return height;
    }

    /** Goes to the child of the node, a branch, at {@code child}. */
    void enter(int child) {
        var branch = (Branch) node();
        if (depth == above.length) {
            above = Arrays.copyOf(above, 2 * depth);
            at = Arrays.copyOf(at, 2 * depth);
        }
        above[depth] = branch;
        at[depth] = child;
        depth++;
        node = branch.child(child);
    }

    /** Goes down to the next leaf; false when there is none. */
    boolean toLeaf() {
        while (node instanceof Branch) {
            enter(0);
        }
        return node != null;
    }

    /** Goes past the node. */
    void skip() {
        node = null;
        while (node == null && depth > 0) {
            var branch = above[depth - 1];
            if (++at[depth - 1] < branch.width()) {
                node = branch.child(at[depth - 1]);
            } else {
                depth--;
            }
        }
    }
}
