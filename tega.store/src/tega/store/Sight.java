package tega.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tega.api.Change;
import tega.api.Commit;
import tega.api.Confirm;
import tega.api.Edit;
import tega.api.Extent;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.Tree;
import tega.api.Value;
import tega.api.spi.Action;
import tega.api.spi.Authorizer;

/** What one identity may do and see: the one place where the authorizer is asked about the tree. */
record Sight(Identity identity, Supplier<Authorizer> authorizer) {
    /** {@code FORBIDDEN} unless all of it is permitted. */
    void require(Action action, Path path) {
        authorizer.get().require(identity, action, path);
    }

    /** {@code FORBIDDEN} unless at least something there may be read. What may not is not there. */
    void requireSome(Path path) {
        if (extent(path) == Extent.NONE) {
            require(Action.READ, path);
        }
    }

    private Extent extent(Path path) {
        return authorizer.get().extent(identity, Action.READ, path);
    }

    /** Whether there is nothing that it may not see. */
    boolean seesAll() {
        return extent(Path.EMPTY) == Extent.ALL;
    }

    /** Whether it sees all at {@code path} and below. */
    boolean seesAll(Path path) {
        return extent(path) == Extent.ALL;
    }

    /** What it may see of the value at {@code path}. */
    Optional<Value> get(Tree tree, Path path) {
        requireSome(path);
        return Optional.ofNullable(extent(path) == Extent.ALL ? tree.get(path) : tree.get(path, this::extent));
    }

    /** The part of it that it may see. */
    Snapshot of(Snapshot snapshot) {
        return seesAll()
                ? snapshot
                : new Snapshot(snapshot.revision(), of(snapshot.tree()), versions(snapshot.versions()));
    }

    private ObjectValue versions(ObjectValue versions) {
        var builder = ObjectValue.builder();
        for (var root : versions) {
            if (extent(Path.of(root.name())) != Extent.NONE) {
                builder.put(root.name(), root.value());
            }
        }
        return builder.build();
    }

    /** The tree with nothing in it but what it may see. */
    Tree of(Tree tree) {
        return seesAll() ? tree : tree.only(this::extent);
    }

    /** Whether anything of {@code seen}, which is a commit as it sees it, was there for it to see. */
    static boolean concerns(Commit seen, Commit commit) {
        return commit.edits().isEmpty() || !seen.edits().isEmpty();
    }

    /**
     * The commit as it sees it: with its part of the edits; of one that it does not see whole without message and notes, which
     * may speak of the rest. {@code before} is the tree before the commit; without it an edit that is seen in part is left out.
     */
    Commit of(Commit commit, @Nullable Tree before) {
        if (seesAll()) {
            return commit;
        }
        var edits = of(commit.edits(), before);
        var whole = edits.equals(commit.edits());
        return with(edits, whole ? commit.message() : null, whole ? commit.notes() : List.of(), commit);
    }

    /** What it is told of its own commit: what it said itself, too. */
    Commit own(Commit commit) {
        return seesAll()
                ? commit
                : with(
                        commit.edits().stream()
                                .filter(edit -> extent(edit.path()) == Extent.ALL)
                                .toList(),
                        commit.message(),
                        commit.notes(),
                        commit);
    }

    private Commit with(List<Edit> edits, @Nullable String message, List<String> notes, Commit commit) {
        var confirm = commit.confirm();
        var versions = new TreeMap<>(commit.versions());
        versions.keySet().removeIf(root -> extent(Path.of(root)) == Extent.NONE);
        return new Commit(
                commit.revision(),
                commit.time(),
                commit.by(),
                commit.origin(),
                commit.kind(),
                message,
                commit.refersTo(),
                edits,
                notes,
                confirm == null ? null : new Confirm(confirm.window(), confirm.automatic(), List.of()),
                versions,
                commit.sources());
    }

    /** The edits as they change what it sees of {@code before}, to which the first of them was applied. */
    List<Edit> of(List<Edit> edits, @Nullable Tree before) {
        if (seesAll()) {
            return edits;
        }
        var seen = new ArrayList<Edit>();
        var tree = before;
        var applied = 0;
        for (var i = 0; i < edits.size(); i++) {
            var edit = edits.get(i);
            var extent = extent(edit.path());
            if (extent == Extent.ALL) {
                seen.add(edit);
            } else if (extent == Extent.SOME && tree != null) {
                while (applied < i) {
                    tree = tree.apply(edits.get(applied++), tree.stamp() + 1);
                }
                part(edit, tree).ifPresent(seen::add);
            }
        }
        return seen;
    }

    /** What an edit of a node that it sees in part does to that part. */
    private Optional<Edit> part(Edit edit, Tree tree) {
        var path = edit.path();
        var before = tree.get(path, this::extent);
        var after = tree.apply(edit, tree.stamp() + 1).get(path, this::extent);
        if (after != null) {
            var owner = edit instanceof Edit.Put put ? put.owner() : null;
            return after.equals(before) ? Optional.empty() : Optional.of(new Edit.Put(path, after, owner));
        }
        return before == null ? Optional.empty() : Optional.of(new Edit.Delete(path, edit.ephemeral()));
    }

    /** The change as it sees it. */
    Change of(Change change) {
        if (seesAll()) {
            return change;
        }
        var before = change.before().tree();
        return new Change(
                of(change.commit(), change.skipped() == 0 ? before : null),
                of(change.edits(), before),
                of(change.before()),
                of(change.after()),
                change.skipped());
    }
}
