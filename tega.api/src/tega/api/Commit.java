package tega.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened at one revision, atomically and for good.
 *
 * @param revision its place in the history of this server: 1, 2, 3, …
 * @param time when it was committed, for people; nothing is decided by it
 * @param by who did it
 * @param origin the id of the server where it was first committed
 * @param kind what it is
 * @param message what its author said about it, or null
 * @param refersTo the revision it undoes, confirms, names or goes back to, or 0
 * @param edits what it changed, in order
 * @param notes what guards remarked
 * @param confirm the promise to undo it, or null
 * @param versions the version of every root it touched, after it
 * @param sources where it was taken over from, the nearest first; empty when it was made here
 */
public record Commit(
        long revision,
        Instant time,
        Identity by,
        String origin,
        CommitKind kind,
        @Nullable String message,
        long refersTo,
        List<Edit> edits,
        List<String> notes,
        @Nullable Confirm confirm,
        Map<String, Long> versions,
        List<Source> sources) {

    /** One that was made here. */
    public Commit(
            long revision,
            Instant time,
            Identity by,
            String origin,
            CommitKind kind,
            @Nullable String message,
            long refersTo,
            List<Edit> edits,
            List<String> notes,
            @Nullable Confirm confirm,
            Map<String, Long> versions) {
        this(revision, time, by, origin, kind, message, refersTo, edits, notes, confirm, versions, List.of());
    }

    /** The collections are copied. */
    public Commit {
        edits = List.copyOf(edits);
        notes = List.copyOf(notes);
        versions = Map.copyOf(versions);
        sources = List.copyOf(sources);
    }

    /** The place it has in {@code stream}, or null when it was not taken over from that. */
    public @Nullable Source source(String stream) {
        for (var source : sources) {
            if (source.stream().equals(stream)) {
                return source;
            }
        }
        return null;
    }

    /** Whether all of it is in memory only: it changed ephemeral nodes and nothing else. */
    public boolean ephemeral() {
        return kind == CommitKind.LEASE && edits.stream().allMatch(Edit::ephemeral);
    }

    /** Whether it changed something at, below or above {@code path}. */
    public boolean touches(Path path) {
        for (var edit : edits) {
            if (edit.path().overlaps(path)) {
                return true;
            }
        }
        return false;
    }
}
