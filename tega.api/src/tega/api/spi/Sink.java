package tega.api.spi;

import org.osgi.annotation.versioning.ConsumerType;
import tega.api.Commit;

/** What a {@link CommitLog} feeds: deterministic, called by one thread at a time. */
@ConsumerType
public interface Sink {
    /** Takes the next commit; its revision is one more than the last one's, or more when volatile commits were lost. */
    void apply(Commit commit);

    /** Starts over from {@code picture}. */
    void restore(Picture picture);

    /** An immutable picture of everything applied so far; costs nothing, and is read later by another thread. */
    Picture freeze();
}
