package tega.store;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;

/**
 * The newest commits in memory, each with the states around it: a ring that one thread writes and any number read without
 * locks. A reader that comes too late finds nothing and asks the log.
 */
final class Chronicle {
    /** One commit and the states around it. */
    record Entry(Commit commit, State before, State after, int bytes) {
        long revision() {
            return commit.revision();
        }
    }

    private final AtomicReferenceArray<Entry> ring;
    private volatile long first = Long.MAX_VALUE;
    private volatile long newest;

    Chronicle(int size) {
        ring = new AtomicReferenceArray<>(Math.max(1, size));
    }

    void add(Entry entry) {
        ring.set((int) (entry.revision() % ring.length()), entry);
        newest = entry.revision();
        if (first == Long.MAX_VALUE) {
            first = entry.revision();
        }
    }

    /** Forgets all. */
    void clear() {
        first = Long.MAX_VALUE;
        for (var i = 0; i < ring.length(); i++) {
            ring.set(i, null);
        }
    }

    /** The commit at {@code revision}, or null when it is not here. */
    @Nullable
    Entry get(long revision) {
        var entry = ring.get((int) (revision % ring.length()));
        return entry != null && entry.revision() == revision ? entry : null;
    }

    /** The oldest entry here, or null. */
    @Nullable
    Entry oldest() {
        return first == Long.MAX_VALUE ? null : from(first);
    }

    /**
     * The first commit at {@code revision} or later, or null when there is none. When its {@code before} is later than the
     * revision before, commits in between are not here any more.
     */
    @Nullable
    Entry from(long revision) {
        var last = newest;
        for (var at = Math.max(revision, last - ring.length() + 1); at <= last; at++) {
            var entry = get(at);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    /** The last commit at {@code revision} or earlier, or null when it is not here. */
    @Nullable
    Entry until(long revision) {
        var last = newest;
        for (var at = Math.min(revision, last); at > last - ring.length() && at > 0; at--) {
            var entry = get(at);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }
}
