package tega.api;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** The members of an object in order. */
final class Members implements Iterator<Member> {
    private final NodeCursor cursor;
    private int next;

    private Members(NodeCursor cursor, int next) {
        this.cursor = cursor;
        this.next = next;
        settle();
    }

    /** All members at or below {@code root}. */
    static Members of(Node root) {
        var cursor = new NodeCursor(root);
        cursor.toLeaf();
        return new Members(cursor, 0);
    }

    /** Those after {@code name}. */
    static Members after(Node root, String name) {
        var cursor = new NodeCursor(root);
        while (cursor.node() instanceof Branch branch) {
            cursor.enter(branch.find(name));
        }
        var at = cursor.leaf().find(name);
        return new Members(cursor, at < 0 ? -at - 1 : at + 1);
    }

    /** Goes to the next leaf when this one is at its end. */
    private void settle() {
        while (!cursor.isAtEnd() && next == cursor.leaf().size()) {
            cursor.skip();
            cursor.toLeaf();
            next = 0;
        }
    }

    @Override
    public boolean hasNext() {
        return !cursor.isAtEnd();
    }

    @Override
    public Member next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        var leaf = cursor.leaf();
        var member = new Member(leaf.name(next), leaf.value(next));
        next++;
        settle();
        return member;
    }
}
