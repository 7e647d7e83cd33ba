package tega.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
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

    /** {@code FORBIDDEN} unless at least something there may be read. */
    void requireSome(Path path) {
        if (extent(path) == Extent.NONE) {
            require(Action.READ, path);
        }
    }

    private Extent extent(Path path) {
        return authorizer.get().extent(identity, Action.READ, path);
    }

    private boolean seesAll() {
        return extent(Path.EMPTY) == Extent.ALL;
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
                : new Snapshot(snapshot.revision(), snapshot.tree().only(this::extent), versions(snapshot.versions()));
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

    /** The commit without the edits that it may not see. */
    Commit of(Commit commit) {
        if (seesAll()) {
            return commit;
        }
        return new Commit(
                commit.revision(),
                commit.time(),
                commit.by(),
                commit.origin(),
                commit.kind(),
                commit.message(),
                commit.refersTo(),
                commit.edits().stream().filter(this::sees).toList(),
                commit.notes(),
                commit.confirm() == null
                        ? null
                        : new Confirm(
                                commit.confirm().window(), commit.confirm().automatic(), List.of()),
                commit.versions(),
                commit.sources());
    }

    private boolean sees(Edit edit) {
        return extent(edit.path()) == Extent.ALL;
    }

    /** The change without what it may not see. */
    Change of(Change change) {
        if (seesAll()) {
            return change;
        }
        return new Change(
                of(change.commit()),
                change.edits().stream().filter(this::sees).toList(),
                of(change.before()),
                of(change.after()),
                change.skipped());
    }
}
