package tega.api;

import java.util.OptionalLong;

/**
 * What to watch.
 *
 * <p>Ephemeral nodes have no history. A watch that resumes ({@code since}) from before the server's last start, or from further
 * back than the commits in its memory, is told at that point which ephemeral nodes there are: a change whose commit is a
 * {@code LEASE} that refers to its own revision. Ephemeral nodes that the watcher knew from before, and that it does not name,
 * are gone.
 *
 * @param pattern the nodes; changes at, below and above them count
 * @param since begin with the commit after this revision; empty: with the next one
 * @param mode what to do when the reader is slow
 * @param initial first give the matching nodes as they are at the revision the watch begins at
 * @param excludeOwn leave out commits of the session's own {@code tega_id} (v1)
 * @param queueEvents the most events that wait
 * @param queueBytes the most bytes of JSON text that wait, roughly
 */
public record WatchRequest(
        PathPattern pattern,
        OptionalLong since,
        WatchMode mode,
        boolean initial,
        boolean excludeOwn,
        int queueEvents,
        long queueBytes) {

    /** The next commits at or below {@code path}, in log mode, with a queue of 1024 events and 4 MiB. */
    public static WatchRequest of(Path path) {
        return of(PathPattern.subtree(path));
    }

    /** The next commits that touch {@code pattern}, in log mode, with a queue of 1024 events and 4 MiB. */
    public static WatchRequest of(PathPattern pattern) {
        return new WatchRequest(pattern, OptionalLong.empty(), WatchMode.LOG, false, false, 1024, 4 << 20);
    }

    /** The same from the commit after {@code revision}. */
    public WatchRequest from(long revision) {
        return new WatchRequest(pattern, OptionalLong.of(revision), mode, initial, excludeOwn, queueEvents, queueBytes);
    }

    /** The same in another mode. */
    public WatchRequest in(WatchMode other) {
        return new WatchRequest(pattern, since, other, initial, excludeOwn, queueEvents, queueBytes);
    }

    /** The same, beginning with the nodes as they are. */
    public WatchRequest withInitial() {
        return new WatchRequest(pattern, since, mode, true, excludeOwn, queueEvents, queueBytes);
    }

    /** The same without the commits of the session's own {@code tega_id}. */
    public WatchRequest withoutOwn() {
        return new WatchRequest(pattern, since, mode, initial, true, queueEvents, queueBytes);
    }

    /** The same with other bounds. */
    public WatchRequest queue(int events, long bytes) {
        return new WatchRequest(pattern, since, mode, initial, excludeOwn, events, bytes);
    }
}
