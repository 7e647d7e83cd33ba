package tega.api.spi;

/** What an identity may be granted at a path and below. */
public enum Action {
    /** See values, history and changes. */
    READ,
    /** Commit, lease, confirm. */
    WRITE,
    /** Call RPCs. */
    CALL,
    /** Publish messages. */
    PUBLISH,
    /** Clear, grant, install, and whatever concerns the server itself. */
    ADMIN
}
