package tega.api;

import java.time.Duration;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A queue of what happens to the watched nodes: every commit that touches them, whole, once, in order. The queue is bounded
 * and nobody waits for its reader. For one reading thread at a time.
 */
@ProviderType
public interface Watch extends AutoCloseable {
    /** The next event, if there is one now. */
    Optional<WatchEvent> poll();

    /** The next event, waiting for it at most so long; empty when there was none or the watch is closed. */
    Optional<WatchEvent> take(Duration timeout) throws InterruptedException;

    /**
     * Calls {@code signal} whenever the queue becomes non-empty, and now if it is. It is called on the thread that commits and
     * must return at once: hand over to a thread of your own, then {@link #poll()} until empty.
     */
    void onReady(Runnable signal);

    /** Everything up to this revision has been given. */
    long revision();

    /** Ends it; waiting events are dropped. */
    @Override
    void close();
}
