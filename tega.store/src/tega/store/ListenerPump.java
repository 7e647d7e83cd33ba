package tega.store;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import tega.api.ErrorCode;
import tega.api.ObjectValue;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.WatchEvent;
import tega.api.WatchMode;
import tega.api.WatchRequest;
import tega.api.plugin.ChangeListener;
import tega.api.spi.Registration;

/**
 * Calls one listener, one change at a time and in order, on threads of the background. It never misses a commit that is kept:
 * when it is slow it falls behind and catches up from memory or the log. What it throws is counted.
 */
final class ListenerPump implements Registration {
    private static final int AT_ONCE = 64;
    private static final long LONG_NANOS = 10_000_000_000L;

    private final Store store;
    private final String name;
    private final Sight sight;
    private final List<PathPattern> patterns;
    private final ChangeListener listener;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder losses = new LongAdder();
    private volatile long busySince;
    private volatile String failure = "";
    private volatile long failedAt;
    private volatile boolean closed;
    private volatile boolean waits;
    private volatile Watcher watcher;

    @SuppressWarnings("NullAway.Init") // the watch is begun before anything is delivered
    ListenerPump(Store store, String name, Sight sight, List<PathPattern> patterns, ChangeListener listener) {
        this.store = store;
        this.name = name;
        this.sight = sight;
        this.patterns = patterns;
        this.listener = listener;
        begin();
    }

    private void begin() {
        var request = new WatchRequest(
                PathPattern.subtree(tega.api.Path.EMPTY),
                OptionalLong.empty(),
                WatchMode.LOG,
                false,
                false,
                1024,
                4 << 20);
        watcher = new Watcher(store.dispatcher(), patterns, request, sight, true);
        watcher.onReady(this::wake);
    }

    private void wake() {
        if (!closed && scheduled.compareAndSet(false, true)) {
            store.scheduler().background().execute(this::run);
        }
    }

    private void run() {
        try {
            for (var i = 0; i < AT_ONCE && !closed; i++) {
                var event = next();
                if (event.isEmpty()) {
                    break;
                }
                give(event.get());
            }
        } finally {
            scheduled.set(false);
            if (waits) {
                waits = false;
                store.scheduler().after(Store.RETRY, this::wake);
            } else if (watcher.isReady()) {
                wake();
            }
        }
    }

    private Optional<WatchEvent> next() {
        try {
            return watcher.poll();
        } catch (TegaException.Unavailable e) {
            // Nothing is lost by it.
            failed(e);
            waits = true;
            return Optional.empty();
        } catch (TegaException e) {
            // Its pattern takes too long, or history cannot be read now: what comes next may be well again.
            failed(e);
            watcher.close();
            begin();
            return Optional.empty();
        }
    }

    private void give(WatchEvent event) {
        if (event instanceof WatchEvent.Changed changed) {
            busySince = Math.max(1, store.scheduler().nanos());
            try {
                listener.changed(changed.change());
                delivered.increment();
                failedAt = 0;
            } catch (RuntimeException | Error e) {
                failed(e);
                failedAt = changed.change().commit().revision();
            } finally {
                busySince = 0;
            }
        } else if (event instanceof WatchEvent.Compacted) {
            losses.increment();
            failure = "it was so slow that history it had not heard is no longer kept";
            begin();
        }
    }

    private void failed(Throwable e) {
        failures.increment();
        failure = e.toString();
    }

    String name() {
        return name;
    }

    /** What is wrong with a listener; the code is the stable one. */
    record Trouble(ErrorCode code, String sentence) {}

    /** What is wrong with it now; empty when nothing is. What it threw counts until it takes a change again. */
    Optional<Trouble> trouble() {
        var since = busySince;
        if (since != 0 && store.scheduler().nanos() - since > LONG_NANOS) {
            return Optional.of(new Trouble(
                    ErrorCode.TIMEOUT,
                    "the listener " + name + " has been busy with one change for "
                            + (store.scheduler().nanos() - since) / 1_000_000_000L + " s"));
        }
        if (losses.sum() > 0) {
            return Optional.of(
                    new Trouble(ErrorCode.COMPACTED, "the listener " + name + " missed changes: " + failure));
        }
        var at = failedAt;
        if (at != 0) {
            return Optional.of(new Trouble(
                    ErrorCode.CALLEE_FAILED,
                    "the listener " + name + " failed with the change of revision " + at + ": " + failure
                            + "; it is told of what comes after that"));
        }
        return Optional.empty();
    }

    ObjectValue figures() {
        var since = busySince;
        return ObjectValue.builder()
                .put("delivered", Value.of(delivered.sum()))
                .put("failures", Value.of(failures.sum()))
                .put("failing", Value.of(failedAt != 0))
                .put("losses", Value.of(losses.sum()))
                .put("behind", Value.of(Math.max(0, store.dispatcher().dispatched() - watcher.revision())))
                .put("busy_ms", Value.of(since == 0 ? 0 : (store.scheduler().nanos() - since) / 1_000_000))
                .put("last_failure", Value.of(failure))
                .build();
    }

    @Override
    public void close() {
        closed = true;
        watcher.close();
    }
}
