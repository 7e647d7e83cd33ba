package tega.api.spi;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;
import tega.api.Commit;

/** Decides where the commits are made that sessions of this server ask for. Asked by any number of threads. */
@ConsumerType
public interface Router {
    /** Whether {@code root} has its home at another server. Quick: it is asked for every commit. */
    boolean isAway(String root);

    /**
     * Has {@code write}, which changes at least one root that is away, committed where it belongs; the stage ends with the commit
     * as this server has taken it over. {@code base} is what it was prepared on; what it read and expects holds there. Empty when
     * it is to be committed here, to be merged later; throws when it may not be made at all.
     */
    Optional<CompletionStage<Commit>> route(Foreign write, Replication.Standing base);
}
