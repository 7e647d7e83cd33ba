package tega.api;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Takes a tree to pieces, depth first, and puts it together again. */
final class TreePieces implements Iterator<Tree.Piece> {
    /** An object whose members are being given. */
    private record Level(ObjectValue object, long stamp, Iterator<Member> members) {}

    private final Deque<Level> levels = new ArrayDeque<>();

    TreePieces(Tree tree) {
        descend(tree.top(), tree.stamp());
    }

    private void descend(ObjectValue object, long stamp) {
        levels.push(new Level(object, stamp, object.iterator()));
    }

    @Override
    public boolean hasNext() {
        while (!levels.isEmpty() && !levels.peek().members().hasNext()) {
            levels.pop();
        }
        return !levels.isEmpty();
    }

    @Override
    public Tree.Piece next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        var level = levels.element();
        var depth = levels.size() - 1;
        var member = level.members().next();
        var stamp = level.object().stamp(member.name(), level.stamp());
        if (!(member.value() instanceof ObjectValue object)) {
            return new Tree.Piece(depth, member.name(), stamp, member.value());
        }
        if (isUniform(object, stamp)) {
            return new Tree.Piece(depth, member.name(), stamp, object.unstamped());
        }
        descend(object, stamp);
        return new Tree.Piece(depth, member.name(), stamp, null);
    }

    /** Whether everything below has the stamp of the object itself. */
    private static boolean isUniform(ObjectValue object, long stamp) {
        return object.each(
                stamp,
                (name, value, below) ->
                        below == stamp && !(value instanceof ObjectValue inner && !isUniform(inner, stamp)));
    }

    /** An object that grows as its members come. */
    private record Growth(String name, StampedMembers members) {
        Growth(String name, long stamp) {
            this(name, new StampedMembers(stamp));
        }
    }

    static Tree join(long stamp, Iterator<Tree.Piece> pieces) {
        var growing = new ArrayDeque<Growth>();
        growing.push(new Growth("", stamp));
        while (pieces.hasNext()) {
            var piece = pieces.next();
            if (piece.depth() < 0 || piece.depth() >= growing.size()) {
                throw new TegaException.Invalid(
                        "a piece of a tree at depth " + piece.depth() + " follows none above it");
            }
            while (growing.size() > piece.depth() + 1) {
                close(growing);
            }
            if (piece.value() == null) {
                growing.push(new Growth(piece.name(), piece.stamp()));
            } else {
                growing.element().members().add(piece.name(), piece.value(), piece.stamp());
            }
        }
        while (growing.size() > 1) {
            close(growing);
        }
        return new Tree(growing.element().members().object(), stamp);
    }

    private static void close(Deque<Growth> growing) {
        var done = growing.pop();
        growing.element()
                .members()
                .add(done.name(), done.members().object(), done.members().own());
    }
}
