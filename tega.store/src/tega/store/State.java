package tega.store;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.Source;
import tega.api.Tree;
import tega.api.Value;

/**
 * The database at one revision. Immutable: the store is at any time exactly one of these, and goes to the next by one
 * reference swap.
 *
 * @param revision the last commit in it
 * @param visible what readers see, ephemeral nodes included
 * @param durable what history knows; the same tree when there are no ephemeral nodes
 * @param roots at which revision each root got which version
 * @param leases which nodes are ephemeral
 * @param pending the confirmed commits inside their windows, oldest first
 * @param tags names of revisions
 * @param cleared the revision at which everything was removed, or 0; there is no history before it
 * @param memory which roots are kept in memory only
 * @param positions how far the streams of other servers were taken over
 */
record State(
        long revision,
        Snapshot visible,
        Tree durable,
        PersistentMap<String, RootLog> roots,
        Leases leases,
        List<PendingCommit> pending,
        PersistentMap<String, Long> tags,
        long cleared,
        VolatileRoots memory,
        PersistentMap<String, Source> positions) {
    static final State EMPTY = new State(
            0,
            new Snapshot(0, Tree.EMPTY, Value.object()),
            Tree.EMPTY,
            PersistentMap.empty(),
            Leases.NONE,
            List.of(),
            PersistentMap.empty(),
            0,
            VolatileRoots.NONE,
            PersistentMap.empty());

    /**
     * Roots in memory only.
     *
     * @param names which
     * @param noted those of which the log knows that they are or were so: their versions were counted where nothing keeps
     *     them, so when one is on disk again, its go on behind all that may have been given out
     * @param born the revision at which this run of the server began: their versions begin there, so that no number of an
     *     earlier run, whose content is lost, is ever given to other content
     */
    record VolatileRoots(Set<String> names, long born, Set<String> noted) {
        static final VolatileRoots NONE = new VolatileRoots(Set.of(), 0, Set.of());

        VolatileRoots noting(String root) {
            var more = new HashSet<>(noted);
            more.add(root);
            return new VolatileRoots(names, born, Set.copyOf(more));
        }

        /** After commits of these roots: those on disk are as any other. */
        VolatileRoots after(Set<String> touched) {
            if (noted.isEmpty() || touched.stream().noneMatch(root -> noted.contains(root) && !names.contains(root))) {
                return this;
            }
            var rest = new HashSet<>(noted);
            rest.removeIf(root -> touched.contains(root) && !names.contains(root));
            return new VolatileRoots(names, born, Set.copyOf(rest));
        }
    }

    /** The database without ephemeral nodes. */
    Snapshot history() {
        return leases.isEmpty() ? visible : new Snapshot(revision, durable, visible.versions());
    }

    /** What is known of the versions of {@code root}. */
    RootLog root(String root) {
        var log = roots.get(root);
        return log == null ? RootLog.NONE : log;
    }

    /** The version that {@code root} gets by a commit at {@code revision} that touches it. */
    long nextVersion(String root, long revision) {
        var next = root(root).current() + 1;
        if (memory.names().contains(root)) {
            return Math.max(next, memory.born());
        }
        // no version was ever greater than the revision before the one that made it
        return memory.noted().contains(root) ? Math.max(next, revision - 1) : next;
    }

    /** The version the root had when the node last changed; -1 when there is no such node, or no durable one of its root. */
    long version(Path path) {
        var stamp = visible.tree().stamp(path);
        return path.isEmpty() || stamp < 0 ? -1 : root(path.root()).version(stamp);
    }

    @Nullable
    PendingCommit pending(long commit) {
        for (var waiting : pending) {
            if (waiting.revision() == commit) {
                return waiting;
            }
        }
        return null;
    }

    /** Those of {@code names} in memory only from now on; this run of the server began at {@code born}. */
    State withMemory(Set<String> names, long born) {
        var volatileRoots = new VolatileRoots(names, born, memory.noted());
        return new State(revision, visible, durable, roots, leases, pending, tags, cleared, volatileRoots, positions);
    }

    State withRoots(PersistentMap<String, RootLog> newRoots) {
        return new State(revision, visible, durable, newRoots, leases, pending, tags, cleared, memory, positions);
    }

    /** The same without ephemeral nodes. */
    State bare() {
        return new State(revision, history(), durable, roots, Leases.NONE, pending, tags, cleared, memory, positions);
    }

    /** The same at a later revision, when the commits in between left nothing. */
    State at(long later) {
        return later == revision
                ? this
                : new State(
                        later,
                        new Snapshot(later, visible.tree(), visible.versions()),
                        durable,
                        roots,
                        leases,
                        pending,
                        tags,
                        cleared,
                        memory,
                        positions);
    }

    /** The durable tree without the roots that are kept in memory only. */
    Tree onDisk() {
        var tree = durable;
        for (var root : memory.names()) {
            tree = tree.get(Path.of(root)) == null ? tree : tree.withRoot(root, Tree.EMPTY, tree.stamp());
        }
        return tree;
    }
}
