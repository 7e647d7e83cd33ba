package tega.api;

import java.util.Locale;

/** What a commit is. */
public enum CommitKind {
    /** A transaction. */
    EDIT,
    /** A root was set back to an earlier version. */
    ROLLBACK,
    /** One older commit was undone. */
    REVERT,
    /** Off-line work of another server was merged. */
    MERGE,
    /** Ephemeral nodes came or went. */
    LEASE,
    /** A confirmed commit was not confirmed in time, or was cancelled, and is undone. */
    CONFIRM_EXPIRED,
    /** A confirmed commit was confirmed; it changes no node. */
    CONFIRM,
    /** A revision got a name; it changes no node. */
    TAG,
    /** The root that its message names is kept in memory only from now on; it changes no node. */
    VOLATILE,
    /** Data from outside, such as a documented text commit log. */
    IMPORT,
    /** Everything was removed, with its history. */
    CLEAR;

    /** The name on the wire, in the log and in the shell: {@code edit}, {@code confirm-expired}, … */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The kind with this {@link #wireName()}; {@code INVALID} when there is none. */
    public static CommitKind of(String wireName) {
        for (var kind : values()) {
            if (kind.wireName().equals(wireName)) {
                return kind;
            }
        }
        throw new TegaException.Invalid("'" + wireName + "' is not a kind of commit");
    }
}
