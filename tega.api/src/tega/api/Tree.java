package tega.api;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A version of the whole database: an immutable tree in which every node knows its stamp, the revision of the last commit at
 * or below it. Changing it gives a new tree that shares all other nodes with this one: O(depth · log width) time and memory.
 */
public final class Tree {
    private static final int DEEPEST = 256;

    /** The database before its first commit. */
    public static final Tree EMPTY = new Tree(CompactObject.NONE, 0);

    private final ObjectValue top;
    private final long stamp;

    /**
     * A piece of a tree, for stores that write one down with its stamps and read it again.
     *
     * @param depth how many names above it: 0 for a root
     * @param name its own name
     * @param stamp its stamp
     * @param value all of it, when everything below has the same stamp; null when pieces for its members follow
     */
    public record Piece(
            int depth, String name, long stamp, @Nullable Value value) {}

    Tree(ObjectValue top, long stamp) {
        this.top = top;
        this.stamp = stamp;
    }

    /** The object whose members are the roots. */
    public ObjectValue top() {
        return top;
    }

    /** The stamp of the last change anywhere; 0 before the first. */
    public long stamp() {
        return stamp;
    }

    /** The value at {@code path}, or null when there is none. */
    public @Nullable Value get(Path path) {
        Value value = top;
        for (var i = 0; i < path.depth(); i++) {
            if (!(value instanceof ObjectValue object)) {
                return null;
            }
            var member = object.get(path.name(i));
            if (member == null) {
                return null;
            }
            value = member;
        }
        return value;
    }

    /** The stamp of the node at {@code path}, or -1 when there is none. */
    public long stamp(Path path) {
        Value value = top;
        var found = stamp;
        for (var i = 0; i < path.depth(); i++) {
            if (!(value instanceof ObjectValue object)) {
                return -1;
            }
            var leaf = object.leaf(path.name(i));
            var at = leaf.find(path.name(i));
            if (at < 0) {
                return -1;
            }
            found = leaf.stamp(at, object.implied(found));
            value = leaf.value(at);
        }
        return found;
    }

    /**
     * This tree with the node at {@code path} set to {@code value} and stamped, missing ancestors made. {@code INVALID} for the
     * empty path and for a root that is no object; {@code CONFLICT} naming the ancestor that is not an object; {@code LIMIT} when
     * it would be deeper than 256 levels, which nothing that walks through trees is made for.
     */
    public Tree put(Path path, Value value, long stamp) {
        if (path.isEmpty()) {
            throw new TegaException.Invalid(path, "the database itself cannot be set; set a root");
        }
        if (path.depth() == 1 && !(value instanceof ObjectValue)) {
            throw new TegaException.Invalid(
                    path, "the root '" + path + "' must be an object, not a " + value.kind() + "; set a node below it");
        }
        if (value instanceof ObjectValue object) {
            requireFlat(path, object, DEEPEST - path.depth());
        }
        var clean = value instanceof ObjectValue object ? object.unstamped() : value;
        return new Tree(Write.into(top, this.stamp, path, clean, stamp), stamp);
    }

    private static void requireFlat(Path path, ObjectValue object, int levels) {
        if (levels < 0) {
            throw new TegaException.LimitExceeded(
                    path.first(Math.min(path.depth(), 4)),
                    "what is set at '" + path.first(Math.min(path.depth(), 4)) + (path.depth() > 4 ? "…" : "")
                            + "' goes deeper than " + DEEPEST + " levels, more than a tree may have");
        }
        for (var member : object) {
            if (member.value() instanceof ObjectValue below) {
                requireFlat(path, below, levels - 1);
            }
        }
    }

    /**
     * This tree without the node at {@code path} and without ancestors that this leaves empty, up to but not including the root;
     * {@code NOT_FOUND} when there is no such node.
     */
    public Tree delete(Path path, long stamp) {
        if (path.isEmpty()) {
            throw new TegaException.Invalid(path, "the database itself cannot be deleted; delete its roots");
        }
        if (get(path) == null) {
            throw new TegaException.NotFound(path, "there is no '" + path + "'");
        }
        return new Tree(Write.into(top, this.stamp, path, null, stamp), stamp);
    }

    /**
     * This tree with the root {@code name} as it is in {@code that}, stamps included, or without it when there it is absent;
     * {@code stamp} is the whole tree's then. Takes no time.
     */
    public Tree withRoot(String name, Tree that, long stamp) {
        var value = that.top.get(name);
        var stampThere = that.top.stamp(name, that.stamp);
        return new Tree(top.change(name, (member, old) -> value, stampThere, this.stamp, stamp), stamp);
    }

    /** All of it in order, piece by piece, with stamps; made as they are asked for. */
    public Iterator<Piece> pieces() {
        return new TreePieces(this);
    }

    /** The tree that gave these {@link #pieces()} and had this {@link #stamp()}; {@code INVALID} when they are out of order. */
    public static Tree of(long stamp, Iterator<Piece> pieces) {
        return TreePieces.join(stamp, pieces);
    }

    /** This tree after {@code edit}. A delete of what is absent changes nothing. */
    public Tree apply(Edit edit, long stamp) {
        if (edit instanceof Edit.Put put) {
            return put(put.path(), put.value(), stamp);
        }
        return get(edit.path()) == null ? this : delete(edit.path(), stamp);
    }

    /**
     * This tree with nothing but what {@code visible} says is to be seen; what is left keeps its stamps. Objects of which
     * nothing is left are left out, as are scalars and arrays that are not seen whole. {@code visible} is asked about the
     * children of what it calls {@link Extent#SOME} and no further, so that time goes with those, not with the tree.
     */
    public Tree only(Function<Path, Extent> visible) {
        var kept = only(top, stamp, Path.EMPTY, visible);
        return kept == top ? this : new Tree(kept instanceof ObjectValue object ? object : CompactObject.NONE, stamp);
    }

    /** What is left of the value at {@code path} when nothing is seen but what is {@code visible}; null when that is nothing. */
    public @Nullable Value get(Path path, Function<Path, Extent> visible) {
        var value = get(path);
        return value == null ? null : only(value, stamp(path), path, visible);
    }

    private static @Nullable Value only(Value value, long inherited, Path path, Function<Path, Extent> visible) {
        var extent = visible.apply(path);
        if (extent == Extent.ALL) {
            return value;
        }
        if (extent == Extent.NONE || !(value instanceof ObjectValue object)) {
            return null;
        }
        var kept = new StampedMembers(inherited);
        object.each(inherited, (name, member, stamp) -> {
            var part = only(member, stamp, path.child(name), visible);
            if (part != null) {
                kept.add(name, part, stamp);
            }
            return true;
        });
        return kept.isEmpty() ? null : kept.object();
    }

    /**
     * The least puts and deletes that turn the subtree at {@code path} of this tree into that of {@code that}: applying them to
     * this tree gives a subtree equal to that one. They are in order of their paths. Takes time in proportion to what differs when
     * the trees share nodes.
     */
    public List<Edit> diff(Tree that, Path path) {
        var edits = new ArrayList<Edit>();
        diff(path, get(path), that.get(path), edits);
        return edits;
    }

    @SuppressWarnings("ReferenceEquality") // what is shared is equal
    private static void diff(Path path, @Nullable Value before, @Nullable Value after, List<Edit> edits) {
        if (before == after) {
            return;
        }
        if (after == null) {
            edits.add(Edit.delete(path));
        } else if (before instanceof ObjectValue from
                && after instanceof ObjectValue to
                && (path.isEmpty() || !to.isEmpty())) {
            Comparison.compare(from, to, (name, one, other) -> {
                diff(path.child(name), one, other, edits);
                return true;
            });
        } else if (!after.equals(before)) {
            edits.add(Edit.put(path, after));
        }
    }

    /**
     * The SHA-256 of the value at {@code path} in lower-case hexadecimal, or null when there is none: of its compact JSON text
     * with members in order, in UTF-8, lone surrogates written as escapes. Values are equal when their digests are.
     */
    public @Nullable String digest(Path path) {
        var value = get(path);
        return value == null ? null : JsonText.digest(value);
    }

    /** Trees are equal when their values are; stamps do not count. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Tree that && top.equals(that.top);
    }

    @Override
    public int hashCode() {
        return top.hashCode();
    }

    @Override
    public String toString() {
        return top.toString();
    }
}
