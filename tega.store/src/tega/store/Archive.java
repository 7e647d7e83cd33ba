package tega.store;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;
import tega.api.spi.CommitCodec;
import tega.api.spi.CommitLog;

/**
 * States of the past. The newest are in memory; older ones are rebuilt from the nearest picture and the commits after it, and
 * the last few of those are remembered.
 */
final class Archive {
    private static final int REMEMBERED = 4;

    private final Store store;
    private final CommitLog log;
    private final StateChunks chunks;
    private final Map<Long, State> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, State> eldest) {
            return size() > REMEMBERED;
        }
    };

    Archive(Store store, CommitLog log, CommitCodec codec) {
        this.store = store;
        this.log = log;
        this.chunks = new StateChunks(codec);
    }

    /** The state at {@code revision}; {@code NOT_FOUND} when it has not been, {@code COMPACTED} when it is no longer kept. */
    State at(long revision) {
        var now = store.state();
        if (revision == now.revision()) {
            return now;
        }
        if (revision > now.revision() || revision < 0) {
            throw new TegaException.NotFound(
                    "there is no revision " + revision + "; the last one is " + now.revision());
        }
        var oldest = store.oldest();
        if (revision < oldest) {
            throw new TegaException.Compacted(
                    "revision " + revision + " is no longer kept; the oldest that is, is " + oldest, oldest);
        }
        var inMemory = inMemory(revision);
        return inMemory == null ? rebuilt(revision) : inMemory.at(revision);
    }

    /** Revisions without content, such as ephemeral ones of an earlier run, have the state of the last one before them. */
    private @Nullable State inMemory(long revision) {
        var last = store.chronicle().until(revision);
        if (last != null) {
            return last.after();
        }
        var next = store.chronicle().from(revision + 1);
        return next != null && next.before().revision() <= revision ? next.before() : null;
    }

    private synchronized State rebuilt(long revision) {
        var known = remembered.get(revision);
        if (known != null) {
            return known;
        }
        var state = base(revision);
        try (var commits = log.read(state.revision() + 1)) {
            while (commits.hasNext()) {
                var commit = commits.next();
                if (commit.revision() > revision) {
                    break;
                }
                state = Store.replayed(commit, state).after();
            }
        }
        var found = state.at(revision);
        remembered.put(revision, found);
        return found;
    }

    /** The nearest state at {@code revision} or before that needs no rebuilding. */
    private State base(long revision) {
        var picture = 0L;
        for (var candidate : log.pictures()) {
            picture = candidate <= revision ? Math.max(picture, candidate) : picture;
        }
        State best = null;
        for (var state : remembered.values()) {
            if (state.revision() <= revision
                    && state.revision() >= picture
                    && (best == null || state.revision() > best.revision())) {
                best = state;
            }
        }
        if (best != null) {
            return best;
        }
        return picture == 0 ? State.EMPTY.at(log.oldest()) : chunks.read(log.picture(picture));
    }

    synchronized void clear() {
        remembered.clear();
    }
}
