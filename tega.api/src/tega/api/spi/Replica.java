package tega.api.spi;

import org.osgi.annotation.versioning.ProviderType;
import tega.api.Snapshot;

/**
 * The tree as a sink and nothing else: no sessions, no watches. For tools that must know what commits come to, such as import and
 * compaction.
 */
@ProviderType
public interface Replica extends Sink {
    /** The database as the commits applied so far have made it. */
    Snapshot snapshot();
}
