package tega.store;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import tega.api.CommitKind;
import tega.api.WatchMode;
import tega.api.WatchRequest;

/**
 * What waits for one reader, within bounds: entries that all watchers share, so that a thousand of them cost no copy. In state
 * mode it holds at most one, which stands for all that came. Not safe for several threads.
 */
final class Mailbox {
    /** What waited: the newest entry, the state before the first, and how many there were. */
    record Mail(Chronicle.Entry entry, State before, int count) {
        /** Whether it says which ephemeral nodes there are, and that there are no others: told even when there is none. */
        boolean isInventory() {
            var commit = entry.commit();
            return commit.kind() == CommitKind.LEASE && commit.refersTo() == commit.revision();
        }
    }

    private final WatchRequest request;
    private final ArrayDeque<Chronicle.Entry> entries = new ArrayDeque<>();
    private long bytes;
    private @Nullable Mail combined;

    Mailbox(WatchRequest request) {
        this.request = request;
    }

    boolean isEmpty() {
        return entries.isEmpty() && combined == null;
    }

    int size() {
        return combined == null ? entries.size() : combined.count();
    }

    /** Takes the entry in; false when it is full. One always fits. */
    boolean put(Chronicle.Entry entry) {
        if (request.mode() == WatchMode.STATE) {
            combined = combined == null
                    ? new Mail(entry, entry.before(), 1)
                    : new Mail(entry, combined.before(), combined.count() + 1);
            return true;
        }
        if (!entries.isEmpty()
                && (entries.size() >= request.queueEvents() || bytes + entry.bytes() > request.queueBytes())) {
            return false;
        }
        entries.add(entry);
        bytes += entry.bytes();
        return true;
    }

    /** The next, or null. */
    @Nullable
    Mail take() {
        var all = combined;
        if (all != null) {
            combined = null;
            return all;
        }
        var entry = entries.poll();
        if (entry == null) {
            return null;
        }
        bytes -= entry.bytes();
        return new Mail(entry, entry.before(), 1);
    }

    void clear() {
        entries.clear();
        bytes = 0;
        combined = null;
    }
}
