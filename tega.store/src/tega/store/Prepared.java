package tega.store;

import tega.api.Commit;

/**
 * A commit that is ready for the log, and what it makes of the state it was prepared on.
 *
 * @param durable whether its content goes to disk
 * @param bytes the size of its JSON text, roughly
 */
record Prepared(Commit commit, State before, State after, boolean durable, int bytes) {
    /** Whether there is nothing to commit. */
    boolean isNothing() {
        return commit.revision() == before.revision();
    }
}
