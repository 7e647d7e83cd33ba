package tega.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;

/**
 * What was written off line and lost against the home's, kept at the home until somebody has looked at it: in the tree, in the
 * root of this server's replication, below {@code conflicts}.
 */
final class Conflicts {
    /** Where it is told, at both ends, that there is one. */
    static final Path CHANNEL = Path.of("tega", "sync", "conflict");

    private final SyncNode node;

    Conflicts(SyncNode node) {
        this.node = node;
    }

    private Path place() {
        return Path.of(node.root(), "conflicts");
    }

    /** The edits that keep {@code lost}; the same ones for the same commit, however often it is merged. */
    List<Edit> entries(String from, Commit commit, List<Merge.Clash> lost, @Nullable String reason) {
        var edits = new ArrayList<Edit>();
        var number = 0;
        for (var clash : lost) {
            var entry = ObjectValue.builder()
                    .put("path", clash.change().path().toValue())
                    .put("from", Value.of(from))
                    .put("revision", Value.of(commit.revision()))
                    .put("time", Value.of(commit.time().toString()))
                    .put("by", Value.of(commit.by().author()))
                    .put("home_by", Value.of(author(clash.change().path())))
                    .build();
            entry = optional(entry, "base", clash.change().base());
            entry = optional(entry, "lost", clash.change().now());
            entry = optional(entry, "home", clash.home());
            if (reason != null) {
                entry = entry.with("reason", Value.of(reason));
            }
            edits.add(Edit.put(place().child(from + "-" + commit.revision() + "-" + ++number), entry));
        }
        return edits;
    }

    private static ObjectValue optional(ObjectValue entry, String name, @Nullable Value value) {
        return value == null ? entry : entry.with(name, value);
    }

    private String author(Path path) {
        var log = node.tega().history().log(path, node.tega().snapshot().revision(), 1);
        return log.isEmpty() ? "" : log.get(0).by().author();
    }

    /** Tells whoever listens. */
    void told(String from, Commit commit, List<Merge.Clash> lost) {
        var paths = new ArrayList<Value>();
        lost.forEach(clash -> paths.add(clash.change().path().toValue()));
        node.publish(
                CHANNEL,
                ObjectValue.builder()
                        .put("from", Value.of(from))
                        .put("revision", Value.of(commit.revision()))
                        .put("by", Value.of(commit.by().author()))
                        .put("paths", Value.array(paths))
                        .build());
    }

    /** Of a commit that was pending here, so many changes were not taken. */
    void lost(String stream, long revision, long count) {
        node.figures.lost.add(count);
        node.publish(
                CHANNEL,
                ObjectValue.builder()
                        .put("from", Value.of(node.id()))
                        .put("stream", Value.of(stream))
                        .put("revision", Value.of(revision))
                        .put("changes", Value.of(count))
                        .build());
    }

    /** All there are, by their ids. */
    ObjectValue list() {
        return node.tega().get(place()).orElse(null) instanceof ObjectValue all ? all : Value.object();
    }

    /**
     * Takes an entry off the list; when {@code take}, what was lost is written after all, by {@code by}. {@code NOT_FOUND} when
     * there is none of this id.
     */
    Commit resolve(String id, boolean take, Identity by) {
        var entry = list().get(id);
        if (!(entry instanceof ObjectValue conflict)) {
            throw new TegaException.NotFound(place().child(id), "there is no conflict '" + id + "'");
        }
        if (take) {
            var path = Path.from(Objects.requireNonNull(conflict.get("path")));
            var lost = conflict.get("lost");
            var tega = node.sessions().tega(by);
            if (lost != null) {
                tega.put(path, lost);
            } else if (tega.get(path).isPresent()) {
                tega.delete(path);
            }
        }
        return node.tega().delete(place().child(id));
    }
}
