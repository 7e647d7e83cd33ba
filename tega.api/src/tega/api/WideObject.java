package tega.api;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An object of many members: a B+-tree of {@link CompactObject}s under {@link Branch}es, so that a change copies a few small
 * arrays however many members there are.
 */
final class WideObject extends ObjectValue {
    /** With more members than this an object becomes wide. */
    static final int FROM = 32;

    /** With fewer than this it becomes compact again: well below, so that no two changes turn it to and fro. */
    private static final int TO = 16;

    private static final int FILL = 28;

    private final Branch root;

    /** What leaves without stamps mean, once the object has a stamp of its own. */
    private final long base;

    private WideObject(Branch root, long base, long own) {
        super(own);
        this.root = root;
        this.base = base;
    }

    /** An object of these members, many, sorted and distinct; {@code stamps} is null when all are inherited. */
    static WideObject of(String[] names, Value[] values, long @Nullable [] stamps, long own) {
        var count = (names.length + FILL - 1) / FILL;
        var firsts = new String[count];
        var leaves = new Node[count];
        for (var i = 0; i < count; i++) {
            var from = (int) ((long) names.length * i / count);
            var to = (int) ((long) names.length * (i + 1) / count);
            firsts[i] = names[from];
            leaves[i] = new CompactObject(
                    Names.shared(Arrays.copyOfRange(names, from, to)),
                    Arrays.copyOfRange(values, from, to),
                    stamps == null ? null : Stamps.of(Arrays.copyOfRange(stamps, from, to), own),
                    UNSTAMPED);
        }
        return new WideObject(Branch.over(firsts, leaves), UNSTAMPED, own);
    }

    @Override
    public int size() {
        return root.members();
    }

    @Override
    CompactObject leaf(String name) {
        Node node = root;
        while (node instanceof Branch branch) {
            node = branch.child(branch.find(name));
        }
        return (CompactObject) node;
    }

    @Override
    Node root() {
        return root;
    }

    @Override
    long implied(long inherited) {
        return base == UNSTAMPED ? inherited : base;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // identity tells whether anything changed
    ObjectValue change(String name, Step step, long stamp, long inherited, long own) {
        var implied = implied(inherited);
        var node = root.change(name, step, stamp, implied);
        if (node == root) {
            return this;
        }
        if (node.members() < TO) {
            return flat(node, implied).moved(implied, own, own);
        }
        if (node.width() > Node.WIDEST) {
            var middle = node.width() / 2;
            node = Branch.of(node.bound(middle), node.head(middle, implied), node.tail(middle, implied));
        }
        while (node instanceof Branch branch && branch.width() == 1) {
            node = branch.child(0);
        }
        return node instanceof Branch branch
                ? new WideObject(branch, implied == own ? UNSTAMPED : implied, own)
                : ((CompactObject) node).moved(implied, own, own);
    }

    private static CompactObject flat(Node node, long inherited) {
        var all = CompactObject.NONE;
        for (var cursor = new NodeCursor(node); cursor.toLeaf(); cursor.skip()) {
            all = all.join("", cursor.node(), inherited);
        }
        return all;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // identity tells whether anything had to be copied
    ObjectValue unstamped() {
        var clean = root.unstamped();
        return clean == root && base == UNSTAMPED && own() == UNSTAMPED
                ? this
                : new WideObject((Branch) clean, UNSTAMPED, UNSTAMPED);
    }
}
