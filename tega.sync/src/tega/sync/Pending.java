package tega.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.Edit;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.WatchEvent;
import tega.api.WatchRequest;

/**
 * What was written here to the replica of a stream and is not yet merged at the home: found in the log of this server, where it
 * is durable. While there is any, what the home has made is kept apart (the shadow), and what readers see is that with what
 * is pending on top. All on the lane of the peer.
 */
final class Pending {
    /** A commit that is pending, and the durable tree before it. */
    record Write(Commit commit, Tree before) {}

    private final SyncNode node;
    private final String stream;
    private final Set<String> roots;
    private final String name;
    private final ArrayDeque<Write> writes = new ArrayDeque<>();
    private final Map<String, Long> seen = new HashMap<>();
    private final long born;
    private long read;
    private @Nullable Tree shadow;
    private boolean shadowLost;

    Pending(SyncNode node, String stream, Set<String> roots) {
        this.node = node;
        this.stream = stream;
        this.roots = roots;
        this.name = Streams.pending(node.id(), stream);
        var standing = node.replication().standing();
        this.born = standing.snapshot().revision();
        this.read = Math.max(
                Math.max(
                        standing.position(name).revision(),
                        standing.position(Streams.clean(stream)).revision()),
                oldest());
    }

    private long oldest() {
        return node.tega().history().oldest();
    }

    /** The name of the stream of what is pending. */
    String name() {
        return name;
    }

    boolean isEmpty() {
        return writes.isEmpty();
    }

    int size() {
        return writes.size();
    }

    /** The last revision before what is pending; the greatest there is when nothing is. */
    long first() {
        return writes.isEmpty() ? Long.MAX_VALUE : writes.element().commit().revision() - 1;
    }

    Iterable<Write> writes() {
        return writes;
    }

    /** Everything up to this revision of this server has been looked at. */
    long read() {
        return read;
    }

    /** Whether what the home has made must be asked for as a whole, for it was not kept apart all the time. */
    boolean isShadowLost() {
        return shadowLost;
    }

    /** What the home has made; null when nothing is pending, or it is lost. */
    @Nullable
    Tree shadow() {
        return shadow;
    }

    /** Looks for what was written here since the last time. */
    void drain() {
        var now = node.replication().standing().snapshot();
        var changed = false;
        for (var root : roots) {
            changed |= now.version(root).orElse(-1) != seen.getOrDefault(root, -2L);
        }
        if (!changed) {
            return;
        }
        try (var watch = node.tega().watch(WatchRequest.of(Path.EMPTY).from(read))) {
            for (var event = watch.poll(); event.isPresent(); event = watch.poll()) {
                take(event.get());
            }
            read = Math.max(read, watch.revision());
        }
        if (read >= now.revision()) {
            for (var root : roots) {
                seen.put(root, now.version(root).orElse(-1));
            }
        }
    }

    private void take(WatchEvent event) {
        if (event instanceof WatchEvent.Changed changed) {
            var commit = changed.change().commit();
            if (commit.revision() > read || commit.refersTo() != commit.revision()) {
                read = Math.max(read, commit.revision());
                look(commit);
            }
        } else if (event instanceof WatchEvent.Compacted compacted) {
            read = Math.max(read, compacted.oldest());
            shadowLost = true;
            node.figures.compactedPending.increment();
            node.note("what was written to '" + stream + "' before revision " + read
                    + " is no longer in the log; if some of it was pending, it is given up for what is at the home");
        }
    }

    private void look(Commit commit) {
        if (commit.edits().stream().noneMatch(edit -> isOurs(edit))) {
            return;
        }
        commit.versions().forEach((root, version) -> {
            if (roots.contains(root)) {
                seen.put(root, version);
            }
        });
        if (commit.source(stream) == null && commit.source(Streams.rebased(stream)) == null) {
            add(commit);
        } else {
            rebuild(commit);
        }
    }

    private boolean isOurs(Edit edit) {
        return !edit.ephemeral() && roots.contains(edit.path().root());
    }

    private void add(Commit commit) {
        var before = durableBefore(commit.revision());
        if (writes.isEmpty() && !shadowLost) {
            shadow = before;
        }
        writes.add(new Write(commit, before));
        node.figures.pending.increment();
    }

    private Tree durableBefore(long revision) {
        return node.tega().history().at(revision - 1).tree();
    }

    /** After a restart: what was taken over meanwhile belongs into the shadow, if it is what the home has made. */
    private void rebuild(Commit commit) {
        if (commit.revision() > born || writes.isEmpty()) {
            return;
        }
        var merged = commit.source(name);
        if (merged != null) {
            drop(merged.revision());
        }
        if (commit.source(Streams.rebased(stream)) != null || shadow == null) {
            shadow = null;
            shadowLost = true;
        } else {
            for (var edit : commit.edits()) {
                if (isOurs(edit)) {
                    shadow = shadow.apply(edit, shadow.stamp() + 1);
                }
            }
        }
    }

    /** This server has taken over {@code commit} itself just now. */
    void adopted(Commit commit) {
        read = Math.max(read, commit.revision());
        commit.versions().forEach((root, version) -> {
            if (roots.contains(root)) {
                seen.put(root, version);
            }
        });
    }

    /** What the home has made is this from now on. */
    void advance(@Nullable Tree newShadow) {
        shadow = writes.isEmpty() ? null : newShadow;
    }

    /** A picture of all the home has made has come. */
    void found() {
        shadowLost = false;
    }

    /** What is pending up to {@code revision} is merged. */
    void drop(long revision) {
        while (!writes.isEmpty() && writes.element().commit().revision() <= revision) {
            writes.remove();
        }
    }

    /** What is left pending when that up to {@code revision} is merged, on top of {@code tree}. */
    Tree onTop(Tree tree, long revision) {
        var result = tree;
        for (var write : writes) {
            if (write.commit().revision() > revision) {
                for (var edit : write.commit().edits()) {
                    if (isOurs(edit)) {
                        result = applied(result, edit);
                    }
                }
            }
        }
        return result;
    }

    /** Where the home has put something in the way, the home's stays. */
    private static Tree applied(Tree tree, Edit edit) {
        try {
            return tree.apply(edit, tree.stamp() + 1);
        } catch (TegaException.Conflict | TegaException.Invalid e) {
            return tree;
        }
    }

    /** The paths of all that is pending, for people. */
    List<Path> paths() {
        var paths = new ArrayList<Path>();
        for (var write : writes) {
            write.commit().edits().stream().filter(this::isOurs).map(Edit::path).forEach(paths::add);
        }
        return paths;
    }
}
