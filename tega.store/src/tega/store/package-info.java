/**
 * The tree: one immutable {@link tega.store.State} after the other, made by commits that the log has taken. Data flows one
 * way: session, transaction, committer, log, publish, dispatch.
 */
@NullMarked
package tega.store;

import org.jspecify.annotations.NullMarked;
