package tega.api;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The database, as one session sees it: who is asking is known, what they may do is checked here. A plugin gets its own as an
 * OSGi service; an embedding program opens one; a client has one over the wire.
 *
 * <p>Safe for use by many threads. Reads do not lock and do not wait; writes return when they are durable. Every method may
 * throw a {@link TegaException}.
 */
@ProviderType
public interface Tega {
    /** Who this session is. */
    Identity identity();

    /** The id of the server. */
    String serverId();

    /** The value at {@code path} now. */
    Optional<Value> get(Path path);

    /**
     * The {@code tega_id} of the session that owns the ephemeral node at or above {@code path}; empty when the node is durable or
     * absent.
     */
    Optional<String> owner(Path path);

    /** All of the database that this session may read, now. */
    Snapshot snapshot();

    /** A transaction on the current snapshot. */
    Transaction begin();

    /** The drafts of this session's owner. */
    Drafts drafts();

    /** What was, and going back to it. */
    History history();

    /** Commits that wait to be confirmed. */
    Confirmations confirmations();

    /** Begins to watch; the caller closes it. */
    Watch watch(WatchRequest request);

    /** Removes all data, history and log; root versions begin anew, revisions go on. Watchers are told. */
    Commit clear();

    /** Sets one node in a commit of its own. */
    default Commit put(Path path, Value value) {
        try (var transaction = begin()) {
            return transaction.put(path, value).commit();
        }
    }

    /** Merges into one node (RFC 7396) in a commit of its own. */
    default Commit merge(Path path, Value patch) {
        try (var transaction = begin()) {
            return transaction.merge(path, patch).commit();
        }
    }

    /** Removes one node in a commit of its own; {@code NOT_FOUND} when it is absent. */
    default Commit delete(Path path) {
        try (var transaction = begin()) {
            return transaction.delete(path).commit();
        }
    }
}
