package tega.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Changes to make together, on one snapshot. Writes are seen by the transaction's own reads at once and by nobody else
 * before {@link #commit()}.
 *
 * <pre>{@code
 * try (var tx = tega.begin()) {
 *     var lan = tx.get(Path.of("config", "lan"));
 *     tx.put(Path.of("config", "wan"), value).message("copy").commit();
 * }
 * }</pre>
 *
 * Reads are tracked: when something read here has changed since, the commit fails with {@code CONFLICT} and nothing is applied
 * (strict serializability). Writes alone do not conflict. For one thread at a time.
 */
@ProviderType
public interface Transaction extends AutoCloseable {
    /** The snapshot it began on. */
    Snapshot base();

    /** The value at {@code path}, own writes included; tracked. */
    Optional<Value> get(Path path);

    /** Sets the node, replacing what is there. {@code INVALID} or {@code LIMIT} at once, {@code CONFLICT} below a scalar. */
    Transaction put(Path path, Value value);

    /** Sets an ephemeral node of this session; {@code CONFLICT} where a durable one or another session's is. */
    Transaction putEphemeral(Path path, Value value);

    /** Merges by RFC 7396: objects member by member, null removes. */
    Transaction merge(Path path, Value patch);

    /** Patches by RFC 6902; pointers are relative to {@code path}. */
    Transaction patch(Path path, Value operations);

    /** Removes the node; {@code NOT_FOUND} when it is absent here. */
    Transaction delete(Path path);

    /** Adds a precondition, checked at commit. */
    Transaction expect(Path path, Expectation expectation);

    /** Says what the commit is for. */
    Transaction message(String message);

    /** Makes it a confirmed commit: undone unless confirmed within {@code window}. */
    Transaction confirm(Duration window, boolean automatic);

    /** What a commit would change now, and what the guards say; changes nothing. */
    Preview preview();

    /** What it would change on its base: the candidate as edits. */
    List<Edit> candidate();

    /**
     * Commits; when this returns the commit is durable and visible. On an exception nothing was changed, except for {@code
     * UNKNOWN_OUTCOME}. The transaction is closed either way.
     */
    Commit commit();

    /** Drops it, unless it was committed. */
    @Override
    void close();
}
