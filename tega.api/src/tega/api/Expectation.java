package tega.api;

/** What a commit expects of a node, or else fails with {@code PRECONDITION} and changes nothing. */
public sealed interface Expectation {
    /** There must be no such node. */
    record Absent() implements Expectation {}

    /** There must be such a node. */
    record Present() implements Expectation {}

    /** The last commit at or below the node must be {@code revision} (an ETag). */
    record AtRevision(long revision) implements Expectation {}

    /** The node must have last changed at {@code version} of its root (v1's version check; 0 counts). */
    record AtVersion(long version) implements Expectation {}

    /** The value must equal {@code value}. */
    record Equal(Value value) implements Expectation {}
}
