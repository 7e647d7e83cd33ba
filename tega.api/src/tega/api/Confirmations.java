package tega.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Confirmed commits inside their window. Any session that may write what they wrote may decide about them. */
@ProviderType
public interface Confirmations {
    /** A commit that is undone at {@code deadline} unless confirmed. */
    record Pending(Commit commit, Instant deadline) {}

    /** Those that wait, oldest first. */
    List<Pending> pending();

    /** Keeps the change for good; {@code NOT_FOUND} when {@code revision} does not wait for it. */
    Commit confirm(long revision);

    /** Moves the deadline to {@code window} from now. */
    void extend(long revision, Duration window);

    /** Undoes the change now. */
    Commit cancel(long revision);
}
