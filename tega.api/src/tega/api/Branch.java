package tega.api;

import java.util.Arrays;

/** An inner node: all its children are of one height, and {@code bounds[i]} parts child {@code i} from child {@code i + 1}. */
final class Branch implements Node {
    private final String[] bounds;
    private final Node[] children;
    private final int members;

    private Branch(String[] bounds, Node[] children, int members) {
        this.bounds = bounds;
        this.children = children;
        this.members = members;
    }

    private Branch(String[] bounds, Node[] children) {
        this(bounds, children, sum(children));
    }

    private static int sum(Node[] children) {
        var sum = 0;
        for (var child : children) {
            sum += child.members();
        }
        return sum;
    }

    /** Two nodes under a new root. */
    static Branch of(String bound, Node left, Node right) {
        return new Branch(new String[] {bound}, new Node[] {left, right});
    }

    /** A tree over {@code leaves}, of which there are several and {@code firsts} are the first names. */
    static Branch over(String[] firsts, Node[] leaves) {
        var names = firsts;
        var nodes = leaves;
        while (nodes.length > WIDEST) {
            var count = (nodes.length + WIDEST - 1) / WIDEST;
            var upperNames = new String[count];
            var upper = new Node[count];
            for (var i = 0; i < count; i++) {
                var from = (int) ((long) nodes.length * i / count);
                var to = (int) ((long) nodes.length * (i + 1) / count);
                upperNames[i] = names[from];
                upper[i] = new Branch(
                        Names.shared(Arrays.copyOfRange(names, from + 1, to)), Arrays.copyOfRange(nodes, from, to));
            }
            names = upperNames;
            nodes = upper;
        }
        return new Branch(Names.shared(Arrays.copyOfRange(names, 1, names.length)), nodes);
    }

    /** Which child has {@code name}, if any has. */
    int find(String name) {
        var at = CodePointOrder.search(bounds, name);
        return at < 0 ? -at - 1 : at + 1;
    }

    Node child(int at) {
        return children[at];
    }

    @Override
    public int width() {
        return children.length;
    }

    @Override
    public int members() {
        return members;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // identity tells whether anything changed
    public Node change(String name, Step step, long stamp, long inherited) {
        var at = find(name);
        var child = children[at];
        var changed = child.change(name, step, stamp, inherited);
        if (changed == child) {
            return this;
        }
        if (changed.width() > WIDEST) {
            return split(at, changed, inherited);
        }
        if (changed.width() < NARROWEST && children.length > 1) {
            return merge(at, changed, inherited);
        }
        var newChildren = children.clone();
        newChildren[at] = changed;
        return new Branch(bounds, newChildren, members - child.members() + changed.members());
    }

    private Branch split(int at, Node child, long inherited) {
        var middle = child.width() / 2;
        return replace(at, at + 1, child.head(middle, inherited), child.bound(middle), child.tail(middle, inherited));
    }

    private Branch merge(int at, Node child, long inherited) {
        var left = at == 0 ? child : children[at - 1];
        var right = at == 0 ? children[1] : child;
        var from = Math.max(at - 1, 0);
        var joined = left.join(bounds[from], right, inherited);
        if (joined.width() > WIDEST) {
            var middle = joined.width() / 2;
            return replace(
                    from,
                    from + 2,
                    joined.head(middle, inherited),
                    joined.bound(middle),
                    joined.tail(middle, inherited));
        }
        var newBounds = new String[bounds.length - 1];
        var newChildren = new Node[children.length - 1];
        System.arraycopy(bounds, 0, newBounds, 0, from);
        System.arraycopy(bounds, from + 1, newBounds, from, newBounds.length - from);
        System.arraycopy(children, 0, newChildren, 0, from);
        System.arraycopy(children, from + 2, newChildren, from + 1, newChildren.length - from - 1);
        newChildren[from] = joined;
        return new Branch(newBounds, newChildren);
    }

    /** With two children in the place of those from {@code from} to before {@code to}. */
    private Branch replace(int from, int to, Node left, String bound, Node right) {
        var more = 2 - (to - from);
        var newBounds = new String[bounds.length + more];
        var newChildren = new Node[children.length + more];
        System.arraycopy(bounds, 0, newBounds, 0, from);
        System.arraycopy(bounds, to - 1, newBounds, from + 1, bounds.length - to + 1);
        System.arraycopy(children, 0, newChildren, 0, from);
        System.arraycopy(children, to, newChildren, from + 2, children.length - to);
        newBounds[from] = bound;
        newChildren[from] = left;
        newChildren[from + 1] = right;
        return new Branch(Names.shared(newBounds), newChildren);
    }

    @Override
    public Node head(int at, long inherited) {
        return new Branch(Arrays.copyOf(bounds, at - 1), Arrays.copyOf(children, at));
    }

    @Override
    public Node tail(int at, long inherited) {
        return new Branch(
                Arrays.copyOfRange(bounds, at, bounds.length), Arrays.copyOfRange(children, at, children.length));
    }

    @Override
    public String bound(int at) {
        return bounds[at - 1];
    }

    @Override
    public Node join(String bound, Node next, long inherited) {
        var right = (Branch) next;
        var newBounds = Arrays.copyOf(bounds, children.length + right.bounds.length);
        newBounds[bounds.length] = bound;
        System.arraycopy(right.bounds, 0, newBounds, children.length, right.bounds.length);
        var newChildren = Arrays.copyOf(children, children.length + right.children.length);
        System.arraycopy(right.children, 0, newChildren, children.length, right.children.length);
        return new Branch(newBounds, newChildren, members + right.members);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // identity tells whether anything had to be copied
    public Node unstamped() {
        Node[] copy = null;
        for (var i = 0; i < children.length; i++) {
            var clean = children[i].unstamped();
            if (clean != children[i]) {
                copy = copy == null ? children.clone() : copy;
                copy[i] = clean;
            }
        }
        return copy == null ? this : new Branch(bounds, copy, members);
    }
}
