package tega.store;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.Edit;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;

/**
 * What somebody wants done, before it is known what it comes down to: it is carried out on the transaction's own view, for
 * its reads, and once more on the state at commit.
 */
sealed interface Operation {
    /** Does it; {@code owner} is whose ephemeral nodes are the doer's own, or null for nobody's. */
    void run(Workspace workspace, @Nullable String owner);

    /** The node it is about; all it reads and writes is at or below it. */
    Path path();

    /** What {@code edit}, which is durable, wants done. */
    static Operation of(Edit edit) {
        return edit instanceof Edit.Put put ? new Put(put.path(), put.value()) : new Delete(edit.path());
    }

    /** Sets a node. */
    record Put(Path path, Value value) implements Operation {
        @Override
        public void run(Workspace workspace, @Nullable String owner) {
            workspace.put(path, value, owner);
        }
    }

    /** Sets an ephemeral node. */
    record PutEphemeral(Path path, Value value) implements Operation {
        @Override
        public void run(Workspace workspace, @Nullable String owner) {
            if (owner == null) {
                throw new TegaException.Conflict(
                        path, "a newer session has taken over, so this one cannot set ephemeral nodes any more");
            }
            workspace.putEphemeral(path, value, owner);
        }
    }

    /** Merges (RFC 7396). */
    record Merge(Path path, Value patch) implements Operation {
        @Override
        public void run(Workspace workspace, @Nullable String owner) {
            MergePatch.merge(workspace, owner, path, patch);
        }
    }

    /** Patches (RFC 6902). */
    record Patch(Path path, JsonPatch patch) implements Operation {
        @Override
        public void run(Workspace workspace, @Nullable String owner) {
            var before = path.isEmpty()
                    ? workspace.visible().top()
                    : workspace.visible().get(path);
            ValueDiff.write(workspace, owner, path, before, patch.apply(path, before));
        }
    }

    /** Removes a node that was there when the writer asked for it. */
    record Delete(Path path) implements Operation {
        @Override
        public void run(Workspace workspace, @Nullable String owner) {
            if (workspace.visible().get(path) == null) {
                throw new TegaException.Conflict(path, "'" + path + "' was deleted by somebody else meanwhile");
            }
            workspace.delete(path, owner);
        }
    }

    /** Removes a node in one step, absent or not when it was asked for. */
    record DeletePresent(Path path) implements Operation {
        @Override
        public void run(Workspace workspace, @Nullable String owner) {
            if (workspace.visible().get(path) == null) {
                throw new TegaException.NotFound(path, "there is no '" + path + "'");
            }
            workspace.delete(path, owner);
        }
    }

    /** Sets a subtree back to what it is in {@code target}, by the least edits. */
    record Restore(Path path, Tree target) implements Operation {
        @Override
        public void run(Workspace workspace, @Nullable String owner) {
            for (var edit : workspace.durable().diff(target, path)) {
                write(workspace, owner, edit);
            }
        }
    }

    /** Undoes an older commit, where nobody has changed since what it had left in {@code after}. */
    record Revert(List<Edit> undo, Tree after) implements Operation {
        @Override
        public Path path() {
            return Path.EMPTY;
        }

        @Override
        public void run(Workspace workspace, @Nullable String owner) {
            var now = workspace.durable();
            var changed = undo.stream()
                    .flatMap(edit -> after.diff(now, edit.path()).stream())
                    .map(Edit::path)
                    .toList();
            if (!changed.isEmpty()) {
                throw new TegaException.Conflict(
                        changed.get(0), "later commits changed what would be undone: " + Sentence.list(changed));
            }
            undo.forEach(edit -> write(workspace, owner, edit));
        }
    }

    /** Undoes what is left to undo of a confirmed commit; where an ephemeral node has come in the way, it stays. */
    record Expire(long revision) implements Operation {
        @Override
        public Path path() {
            return Path.EMPTY;
        }

        @Override
        public void run(Workspace workspace, @Nullable String owner) {
            var waiting = workspace.pending(revision);
            if (waiting == null) {
                throw new TegaException.NotFound("revision " + revision + " does not wait to be confirmed");
            }
            for (var edit : waiting.undo()) {
                if (edit instanceof Edit.Put
                        ? workspace.leases().covering(edit.path()) == null
                        : workspace.durable().get(edit.path()) != null) {
                    write(workspace, owner, edit);
                }
            }
        }
    }

    /** Keeps a confirmed commit; changes no node. */
    record Keep(long revision) implements Operation {
        @Override
        public Path path() {
            return Path.EMPTY;
        }

        @Override
        public void run(Workspace workspace, @Nullable String owner) {
            if (workspace.pending(revision) == null) {
                throw new TegaException.NotFound("revision " + revision + " does not wait to be confirmed");
            }
        }
    }

    /** Gives a name that is free; changes no node. */
    record Tag(String name) implements Operation {
        @Override
        public Path path() {
            return Path.EMPTY;
        }

        @Override
        public void run(Workspace workspace, @Nullable String owner) {
            var taken = workspace.tag(name);
            if (taken != null) {
                throw new TegaException.Conflict(
                        null, "the tag " + Value.of(name) + " is taken: it names revision " + taken);
            }
        }
    }

    /** Removes all ephemeral nodes of {@code tegaId}, if no newer session has taken them over. */
    record Leave(String tegaId, java.util.function.BooleanSupplier stillMine) implements Operation {
        @Override
        public Path path() {
            return Path.EMPTY;
        }

        @Override
        public void run(Workspace workspace, @Nullable String owner) {
            if (!stillMine.getAsBoolean()) {
                return;
            }
            for (var lease : workspace.leases().of(tegaId)) {
                if (workspace.leases().covering(lease) != null) {
                    workspace.deleteEphemeral(lease);
                }
            }
        }
    }

    /** Removes all there is. */
    record Clear() implements Operation {
        @Override
        public Path path() {
            return Path.EMPTY;
        }

        @Override
        public void run(Workspace workspace, @Nullable String owner) {
            workspace.clear();
        }
    }

    /** Does what another server has decided upon; what is in its way gives way. */
    record Adopt(List<Edit> edits) implements Operation {
        @Override
        public Path path() {
            return Path.EMPTY;
        }

        @Override
        public void run(Workspace workspace, @Nullable String owner) {
            for (var edit : edits) {
                var cover = edit.ephemeral() ? null : workspace.leases().covering(edit.path());
                if (cover != null) {
                    workspace.deleteEphemeral(cover.path());
                }
                var there = edit.ephemeral() ? workspace.visible() : workspace.durable();
                if (edit instanceof Edit.Put || there.get(edit.path()) != null) {
                    workspace.replay(edit);
                }
            }
        }
    }

    private static void write(Workspace workspace, @Nullable String owner, Edit edit) {
        if (edit instanceof Edit.Put put) {
            workspace.put(put.path(), put.value(), owner);
        } else if (workspace.durable().get(edit.path()) != null) {
            workspace.delete(edit.path(), owner);
        }
    }
}
