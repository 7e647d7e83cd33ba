package tega.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.Source;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;

/**
 * A state on its way to the next: operations come in, edits and changed trees come out. Of the two kinds of nodes it keeps
 * the promise that no durable node is at or below an ephemeral one. An exception leaves it of no further use.
 */
final class Workspace {
    private final State base;
    private final long revision;
    private final @Nullable Measure measure;
    private final List<Edit> edits = new ArrayList<>();
    private Tree visible;
    private Tree durable;
    private Leases leases;
    private List<PendingCommit> pending;
    private long bytes;

    /** {@code measure} holds what is put against the limits; null for what was accepted long ago. */
    Workspace(State base, long revision, @Nullable Measure measure) {
        this.measure = measure;
        this.base = base;
        this.revision = revision;
        this.visible = base.visible().tree();
        this.durable = base.durable();
        this.leases = base.leases();
        this.pending = base.pending();
    }

    Tree visible() {
        return visible;
    }

    Tree durable() {
        return durable;
    }

    Leases leases() {
        return leases;
    }

    @Nullable
    PendingCommit pending(long commit) {
        return base.pending(commit);
    }

    @Nullable
    Long tag(String name) {
        return base.tags().get(name);
    }

    /** What was done so far, in order. */
    List<Edit> edits() {
        return edits;
    }

    /**
     * Sets a durable node. {@code owner} may make an ephemeral node of its own durable this way; any other lease that covers the
     * path is in the way.
     */
    void put(Path path, Value value, @Nullable String owner) {
        measure(path, value);
        var lease = leases.isEmpty() ? null : leases.covering(path);
        if (lease != null) {
            if (!lease.path().equals(path) || !lease.owner().equals(owner)) {
                throw leased(lease, path, "so nothing durable can be set there");
            }
            leases = leases.without(path);
        }
        durable(Edit.put(path, value));
    }

    /** Sets an ephemeral node of {@code owner}. */
    void putEphemeral(Path path, Value value, String owner) {
        measure(path, value);
        if (durable.get(path) != null) {
            throw new TegaException.Conflict(
                    path, "'" + path + "' is a durable node, so it cannot be set as an ephemeral one; delete it first");
        }
        for (var lease : leases.within(path)) {
            if (!lease.owner().equals(owner)) {
                throw leased(lease, path, "so '" + path + "' above it cannot be set");
            }
        }
        var lease = leases.covering(path);
        if (lease != null && !lease.owner().equals(owner)) {
            throw leased(lease, path, "so nobody else can set anything there");
        }
        ephemeral(new Edit.Put(path, value, owner));
    }

    /** Removes a node, which must be there. */
    void delete(Path path, @Nullable String owner) {
        if (leases.isEmpty() || durable.get(path) != null || visible.get(path) == null) {
            durable(Edit.delete(path));
            return;
        }
        var lease = leases.covering(path);
        for (var touched : lease == null ? leases.within(path) : List.of(lease)) {
            if (!touched.owner().equals(owner)) {
                throw leased(touched, path, "so nobody else can delete it");
            }
        }
        deleteEphemeral(path);
    }

    /**
     * Removes a node that is ephemeral, or above ephemeral ones and nothing else, such that the edit alone tells what happened:
     * ancestors that exist for its sake only go with it, and those that history knows stay though they are left empty.
     */
    void deleteEphemeral(Path path) {
        var top = path;
        while (top.depth() > 1 && visible.get(top.parent()) instanceof ObjectValue above && above.size() == 1) {
            var parent = top.parent();
            if (durable.get(parent) != null) {
                // It was set empty, and a delete below it would prune it.
                var owner = leases.within(path).stream().findFirst().map(Leases.Lease::owner);
                ephemeral(
                        parent.depth() == 1
                                ? new Edit.Delete(path, true)
                                : new Edit.Put(parent, Value.object(), owner.orElse("")));
                return;
            }
            top = parent;
        }
        ephemeral(new Edit.Delete(top.depth() == 1 ? top : path, true));
    }

    private void measure(Path path, Value value) {
        if (measure != null) {
            measure.path(path);
            bytes += measure.value(path, value);
            measure.commit(bytes());
        }
    }

    /** How many bytes of JSON text the edits come down to, roughly. */
    long bytes() {
        var names = 0;
        for (var edit : edits) {
            names += edit.path().depth() + 1;
        }
        return bytes + 16L * names;
    }

    /** Does again what a log says was done. */
    void replay(Edit edit) {
        if (edit.ephemeral()) {
            ephemeral(edit);
        } else {
            durable(edit);
        }
    }

    /** Removes everything. */
    void clear() {
        for (var root : visible.top()) {
            var path = Path.of(root.name());
            edits.add(new Edit.Delete(path, durable.get(path) == null));
        }
        visible = Tree.EMPTY;
        durable = Tree.EMPTY;
        leases = Leases.NONE;
    }

    private void durable(Edit edit) {
        var before = durable;
        durable = durable.apply(edit, revision);
        if (leases.isEmpty()) {
            visible = durable;
        } else {
            leases = leases.without(edit.path());
            var root = edit.path().root();
            visible = leases.inRoot(root) ? visible.apply(edit, revision) : visible.withRoot(root, durable, revision);
        }
        if (!pending.isEmpty()) {
            pending = pending.stream()
                    .map(waiting -> waiting.sparing(edit.path(), before))
                    .toList();
        }
        edits.add(edit);
    }

    private void ephemeral(Edit edit) {
        var path = edit.path();
        visible = visible.apply(edit, revision);
        if (edit instanceof Edit.Put put && put.owner() != null && durable.get(path) == null) {
            leases = leases.covering(path) == null ? leases.with(path, put.owner()) : leases;
        } else {
            leases = leases.without(path);
            var cover = leases.covering(path);
            if (cover != null && visible.get(cover.path()) == null) {
                leases = leases.without(cover.path());
            }
        }
        if (!leases.inRoot(path.root())) {
            visible = visible.withRoot(path.root(), durable, revision);
        }
        edits.add(edit);
    }

    private static TegaException leased(Leases.Lease lease, Path path, String consequence) {
        return new TegaException.Conflict(
                path, "'" + lease.path() + "' is an ephemeral node of '" + lease.owner() + "', " + consequence);
    }

    /** The state as far as nodes go: for reading what was written before it is committed. */
    State preview() {
        return new State(
                base.revision(),
                new Snapshot(base.revision(), visible, base.visible().versions()),
                durable,
                base.roots(),
                leases,
                pending,
                base.tags(),
                base.cleared(),
                base.memory(),
                base.positions());
    }

    /** The version each root that was touched by a durable edit will have. */
    Map<String, Long> versions() {
        var versions = new LinkedHashMap<String, Long>();
        for (var root : PendingCommit.durableRoots(edits)) {
            versions.put(root, base.nextVersion(root, revision));
        }
        return versions;
    }

    /** The state that {@code commit} makes, whose edits were done here and whose versions are {@link #versions()}. */
    State finish(Commit commit) {
        if (commit.kind() == CommitKind.CLEAR) {
            return new State(
                    revision,
                    new Snapshot(revision, Tree.EMPTY, Value.object()),
                    Tree.EMPTY,
                    PersistentMap.empty(),
                    Leases.NONE,
                    List.of(),
                    PersistentMap.empty(),
                    revision,
                    new State.VolatileRoots(base.memory().names(), base.memory().born(), Set.of()),
                    PersistentMap.empty());
        }
        var roots = base.roots();
        var numbers = base.visible().versions();
        for (var touched : commit.versions().entrySet()) {
            var root = touched.getKey();
            roots = roots.with(root, base.root(root).append(revision, touched.getValue()));
            numbers = numbers.with(root, Value.of(touched.getValue()));
        }
        return new State(
                revision,
                new Snapshot(revision, visible, numbers),
                durable,
                roots,
                leases,
                pendingAfter(commit),
                commit.kind() == CommitKind.TAG && commit.message() != null
                        ? base.tags().with(commit.message(), commit.refersTo())
                        : base.tags(),
                base.cleared(),
                commit.kind() == CommitKind.VOLATILE && commit.message() != null
                        ? base.memory().noting(commit.message())
                        : base.memory().after(commit.versions().keySet()),
                positionsAfter(commit));
    }

    private PersistentMap<String, Source> positionsAfter(Commit commit) {
        var positions = base.positions();
        for (var source : commit.sources()) {
            positions = positions.with(source.stream(), source);
        }
        return positions;
    }

    private List<PendingCommit> pendingAfter(Commit commit) {
        var decided = commit.kind() == CommitKind.CONFIRM || commit.kind() == CommitKind.CONFIRM_EXPIRED;
        if (!decided && commit.confirm() == null) {
            return pending;
        }
        var after = new ArrayList<PendingCommit>();
        for (var waiting : pending) {
            if (!decided || waiting.revision() != commit.refersTo()) {
                after.add(waiting);
            }
        }
        if (commit.confirm() != null) {
            after.add(new PendingCommit(commit, commit.confirm().undo()));
        }
        return List.copyOf(after);
    }
}
