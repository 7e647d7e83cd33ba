package tega.api;

/** A part of an object's B+-tree: members in order, or nodes in order. Immutable; a change copies the way from the root. */
sealed interface Node permits CompactObject, Branch {
    /** A node with more members or children is split. */
    int WIDEST = 32;

    /** A node with fewer is joined with its neighbour: far below half, so that no two changes split and join by turns. */
    int NARROWEST = 8;

    /** How many members or children. */
    int width();

    /** How many members in all. */
    int members();

    /** This node after {@code step} for the member {@code name}, perhaps too wide or too narrow; itself when nothing changed. */
    Node change(String name, Step step, long stamp, long inherited);

    /** The first {@code at} members or children. */
    Node head(int at, long inherited);

    /** The others. */
    Node tail(int at, long inherited);

    /** A name above those before {@code at} and not above the others: the least of them when they are members. */
    String bound(int at);

    /** This and the {@code next} node in one; {@code bound} is between them. */
    Node join(String bound, Node next, long inherited);

    /** An equal node without stamps at any depth: itself when it has none. */
    Node unstamped();
}
