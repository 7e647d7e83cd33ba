package tega.api;

/**
 * The stable names of everything that can be refused or fail. They are the same in Java, REST ({@code code} of the
 * problem document), WebSocket frames and the shell, and never change their meaning.
 */
public enum ErrorCode {
    /** The path, version, revision, draft or name does not exist. */
    NOT_FOUND,
    /** Something changed, or is in the way, so that the request no longer means what its author meant. */
    CONFLICT,
    /** A precondition given with the request (ETag, expected version) does not hold. */
    PRECONDITION,
    /** The request is malformed; repeating it cannot help. */
    INVALID,
    /** A configured limit was exceeded; the message names it and its value. */
    LIMIT,
    /** A guard refused the commit; the message is the guard's. */
    VETOED,
    /** No valid credentials were given. */
    UNAUTHENTICATED,
    /** The identity may not do this here. */
    FORBIDDEN,
    /** The server cannot do this now (disk, shutdown, upgrade); nothing was changed; trying later can help. */
    UNAVAILABLE,
    /** The history asked for is no longer kept; the oldest kept revision is told. */
    COMPACTED,
    /** No answer within the deadline: whether it happened is not known. */
    TIMEOUT,
    /** Nobody owns the RPC path. */
    NO_OWNER,
    /** The request surely did not reach its target. */
    NOT_DELIVERED,
    /** The callee of an RPC failed; the message is the callee's. */
    CALLEE_FAILED,
    /** Whether it happened is not known: a failure after the write began, or the callee of an RPC went away before it answered. */
    UNKNOWN_OUTCOME,
    /** Stored data is damaged; the message names file and offset and what to do. */
    DAMAGED,
    /** A defect in tega. */
    INTERNAL
}
