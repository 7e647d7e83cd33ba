package tega.store;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.TegaException;
import tega.api.spi.Scheduler;

/** When confirmed commits are undone. The commits themselves are part of the state; here are only the clocks. */
final class Deadlines {
    private record Clock(Instant deadline, Scheduler.Task task) {}

    private final Store store;
    private final Map<Long, Clock> clocks = new HashMap<>();
    private boolean closed = true;

    Deadlines(Store store) {
        this.store = store;
    }

    /** Winds or stops clocks as the commit says. */
    void applied(Chronicle.Entry entry) {
        var commit = entry.commit();
        var confirm = commit.confirm();
        if (confirm != null) {
            wind(commit.revision(), confirm.window());
        } else if (commit.kind() == CommitKind.CONFIRM || commit.kind() == CommitKind.CONFIRM_EXPIRED) {
            stop(commit.refersTo());
        } else if (commit.kind() == CommitKind.CLEAR) {
            stopAll();
        }
    }

    /** From now on commits are undone in time; what waited before, when the log was read, is undone at once instead. */
    synchronized void begin() {
        closed = false;
    }

    /** When the commit is undone, or null when it has no clock. */
    synchronized @Nullable Instant deadline(long revision) {
        var clock = clocks.get(revision);
        return clock == null ? null : clock.deadline;
    }

    /** Begins to count from now. */
    synchronized void wind(long revision, Duration window) {
        stop(revision);
        if (!closed) {
            var scheduler = store.scheduler();
            clocks.put(revision, new Clock(scheduler.now().plus(window), scheduler.after(window, () -> scheduler
                    .background()
                    .execute(() -> expire(revision)))));
        }
    }

    private synchronized void stop(long revision) {
        var clock = clocks.remove(revision);
        if (clock != null) {
            clock.task.cancel();
        }
    }

    /** Undoes the commit now; tries again later when nothing can be written. */
    void expire(long revision) {
        if (store.state().pending(revision) == null) {
            return;
        }
        try {
            undo(store.self(), revision, null);
        } catch (TegaException.NotFound e) {
            stop(revision);
        } catch (TegaException e) {
            wind(revision, Store.RETRY);
        }
    }

    /** Undoes the commit in the name of {@code actor}. */
    Commit undo(Intent.Actor actor, long revision, @Nullable String message) {
        return store.commit(Intent.of(actor, CommitKind.CONFIRM_EXPIRED, new Operation.Expire(revision))
                .about(revision)
                .saying(message));
    }

    /** Stops all clocks. */
    synchronized void close() {
        closed = true;
        stopAll();
    }

    private synchronized void stopAll() {
        clocks.values().forEach(clock -> clock.task.cancel());
        clocks.clear();
    }
}
