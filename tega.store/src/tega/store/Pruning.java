package tega.store;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import tega.api.TegaException;

/**
 * Keeps what is known of versions from growing for ever: which version a revision made is needed for the revisions that are
 * kept, and for those that a node still bears as its stamp. From time to time the rest is forgotten.
 */
final class Pruning {
    private static final int EVERY = 20_000;

    private final Store store;
    private final AtomicBoolean running = new AtomicBoolean();
    private int commits;

    Pruning(Store store) {
        this.store = store;
    }

    /** Called by the thread that commits. */
    void applied() {
        if (++commits >= EVERY && running.compareAndSet(false, true)) {
            commits = 0;
            store.scheduler().background().execute(this::run);
        }
    }

    private void run() {
        try {
            prune();
        } catch (TegaException.Unavailable e) {
            // The store is closing.
            return;
        } finally {
            running.set(false);
        }
    }

    /** Forgets now what is not needed. */
    void prune() {
        var first = store.chronicle().oldest();
        var oldest = first == null ? store.state() : first.before();
        var kept = Math.min(store.oldest(), oldest.revision());
        var borne = stamps(oldest);
        store.committer().exclusively(() -> {
            var now = store.state();
            var roots = now.roots();
            for (var root : roots.keys()) {
                roots = roots.with(root, now.root(root).keep(revision -> revision >= kept || borne.contains(revision)));
            }
            store.amend(now.withRoots(roots));
        });
    }

    private static Set<Long> stamps(State state) {
        var stamps = new HashSet<Long>();
        state.durable().pieces().forEachRemaining(piece -> stamps.add(piece.stamp()));
        return stamps;
    }
}
