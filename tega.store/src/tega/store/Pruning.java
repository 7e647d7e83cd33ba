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
    private volatile int due = EVERY;

    Pruning(Store store) {
        this.store = store;
    }

    /** Called by the thread that commits. */
    void applied() {
        if (++commits >= due && running.compareAndSet(false, true)) {
            commits = 0;
            store.scheduler().background().execute(this::run);
        }
    }

    private void run() {
        try {
            // So many commits later again as there was to look at: a commit costs the same however large the tree is.
            due = Math.max(EVERY, prune());
        } catch (TegaException.Unavailable e) {
            // The store is closing.
            return;
        } finally {
            running.set(false);
        }
    }

    /** Forgets now what is not needed; returns how many things it had to look at. */
    int prune() {
        var first = store.chronicle().oldest();
        var oldest = first == null ? store.state() : first.before();
        var kept = Math.min(store.oldest(), oldest.revision());
        var old = old(store.state(), kept);
        if (old == 0) {
            return 0;
        }
        var borne = stamps(oldest);
        store.committer().exclusively(() -> {
            var now = store.state();
            var roots = now.roots();
            for (var root : roots.keys()) {
                var log = now.root(root);
                var shorter = log.keep(kept, borne::contains);
                roots = shorter.size() == log.size() ? roots : roots.with(root, shorter);
            }
            store.amend(now.withRoots(roots));
        });
        return Math.max(old(store.state(), kept), borne.size());
    }

    /** How many entries are of revisions before {@code kept}. */
    private static int old(State state, long kept) {
        var count = 0L;
        for (var root : state.roots().keys()) {
            count += state.root(root).before(kept);
        }
        return (int) Math.min(Integer.MAX_VALUE, count);
    }

    private static Set<Long> stamps(State state) {
        var stamps = new HashSet<Long>();
        state.durable().pieces().forEachRemaining(piece -> stamps.add(piece.stamp()));
        return stamps;
    }
}
