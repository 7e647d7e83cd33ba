package tega.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.ErrorCode;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Transaction;
import tega.api.Value;

/** Whatever is done to a store, it is what a slate with the same done to it would be; the past included. */
class StoreLawsProperties {
    /** What the slate knows. */
    private static final class Slate {
        Naive now = Naive.empty();
        long revision;
        final List<Naive> states = new ArrayList<>(List.of(Naive.empty()));
        final List<Commit> commits = new ArrayList<>();
        /** Root to its versions: the revision of each. */
        final Map<String, List<Long>> versions = new TreeMap<>();

        void commit(Commit commit, Naive after) {
            revision++;
            assertThat(commit.revision()).isEqualTo(revision);
            var replayed = now.copy();
            commit.edits().forEach(edit -> replayed.apply(edit, revision));
            assertThat(replayed.value()).as("the edits of %s", commit).isEqualTo(after.value());
            now = replayed;
            states.add(now.copy());
            commits.add(commit);
            for (var root : PendingCommit.durableRoots(commit.edits())) {
                versions.computeIfAbsent(root, name -> new ArrayList<>()).add(revision);
                assertThat(commit.versions())
                        .containsEntry(root, (long) versions.get(root).size() - 1);
            }
        }

        long version(String root, long stamp) {
            return versions.get(root).stream().filter(made -> made <= stamp).count() - 1;
        }
    }

    @Property(tries = 250)
    void aStoreIsAsGoodAsASlate(@ForAll("histories") List<Histories.Step> history) {
        try (var bench = new Bench(options -> options.inMemory(5))) {
            run(bench, history);
        }
    }

    @Property(tries = 15)
    void alsoOnTheDisk(@ForAll("histories") List<Histories.Step> history) throws IOException {
        try (var bench = Bench.onDisk(options -> options.inMemory(5))) {
            run(bench, history);
        }
    }

    @Provide
    Arbitrary<List<Histories.Step>> histories() {
        return Histories.durable();
    }

    private static void run(Bench bench, List<Histories.Step> history) {
        var slate = new Slate();
        for (var step : history) {
            step(bench, slate, step);
            assertThat(bench.db.snapshot().tree().top()).isEqualTo(slate.now.value());
            assertThat(bench.db.snapshot().revision()).isEqualTo(slate.revision);
        }
        present(bench, slate);
        past(bench, slate);
        bench.crash();
        present(bench, slate);
        past(bench, slate);
    }

    private static void step(Bench bench, Slate slate, Histories.Step step) {
        if (step instanceof Histories.Change change) {
            change(bench, slate, List.of(change));
        } else if (step instanceof Histories.Together together) {
            change(bench, slate, together.changes());
        } else if (step instanceof Histories.Rollback rollback) {
            rollback(bench, slate, rollback);
        } else if (step instanceof Histories.Revert revert) {
            revert(bench, slate, slate.revision - revert.back());
        } else if (step instanceof Histories.Crash) {
            bench.crash();
        } else if (step instanceof Histories.Picture) {
            bench.log().snapshot();
        }
    }

    /** What a transaction of these changes comes to on the slate: an error, or the tree after it. */
    private record Outcome(@Nullable ErrorCode error, Naive after) {}

    private static Outcome expected(Naive now, List<Histories.Change> changes, long revision) {
        var tree = now.copy();
        for (var change : changes) {
            var error = apply(tree, change, revision);
            if (error != null) {
                return new Outcome(error, now);
            }
        }
        return new Outcome(null, tree);
    }

    private static @Nullable ErrorCode apply(Naive tree, Histories.Change change, long revision) {
        if (change instanceof Histories.Put put) {
            return set(tree, put.path(), put.value(), revision);
        }
        if (change instanceof Histories.Delete delete) {
            if (tree.find(delete.path()) == null) {
                return ErrorCode.NOT_FOUND;
            }
            tree.delete(delete.path(), revision);
            return null;
        }
        if (change instanceof Histories.Merge merge) {
            var before = tree.find(merge.path());
            return set(
                    tree, merge.path(), Naive.merge(before == null ? null : before.value(), merge.patch()), revision);
        }
        var patch = (Histories.Patch) change;
        var before = tree.find(patch.path());
        if (before == null || !before.isObject()) {
            return ErrorCode.CONFLICT;
        }
        var object = (tega.api.ObjectValue) before.value();
        var has = object.has(patch.name());
        return switch (patch.op()) {
            case "add" -> set(tree, patch.path(), object.with(patch.name(), patch.value()), revision);
            case "replace" ->
                has ? set(tree, patch.path(), object.with(patch.name(), patch.value()), revision) : ErrorCode.CONFLICT;
            case "remove" -> has ? set(tree, patch.path(), object.without(patch.name()), revision) : ErrorCode.CONFLICT;
            default ->
                !has
                        ? ErrorCode.CONFLICT
                        : patch.value().equals(object.get(patch.name())) ? null : ErrorCode.PRECONDITION;
        };
    }

    private static @Nullable ErrorCode set(Naive tree, Path path, Value value, long revision) {
        if (path.depth() == 1 && !(value instanceof tega.api.ObjectValue)) {
            return ErrorCode.INVALID;
        }
        return tree.put(path, value, revision) ? null : ErrorCode.CONFLICT;
    }

    static void write(Transaction tx, Histories.Change change) {
        if (change instanceof Histories.Put put) {
            tx.put(put.path(), put.value());
        } else if (change instanceof Histories.Delete delete) {
            tx.delete(delete.path());
        } else if (change instanceof Histories.Merge merge) {
            tx.merge(merge.path(), merge.patch());
        } else if (change instanceof Histories.Patch patch) {
            var operation = Value.object("op", Value.of(patch.op()), "path", Value.of("/" + patch.name()));
            tx.patch(
                    patch.path(),
                    Value.array(patch.op().equals("remove") ? operation : operation.with("value", patch.value())));
        }
    }

    private static void change(Bench bench, Slate slate, List<Histories.Change> changes) {
        var expected = expected(slate.now, changes, slate.revision + 1);
        try (var tx = bench.db.begin()) {
            changes.forEach(change -> write(tx, change));
            assertThat(tx.get(Path.EMPTY)).contains(expected.after().value());
            var preview = tx.preview();
            var commit = tx.commit();
            assertThat(expected.error()).as("%s", changes).isNull();
            assertThat(preview.edits()).isEqualTo(commit.edits());
            committed(slate, commit, expected.after());
        } catch (TegaException e) {
            assertThat(e.code()).as("%s: %s", changes, e.getMessage()).isEqualTo(expected.error());
        }
    }

    /** A commit that changes nothing takes no revision. */
    private static void committed(Slate slate, Commit commit, Naive after) {
        if (commit.edits().isEmpty()) {
            assertThat(commit.revision()).isEqualTo(slate.revision);
            assertThat(after.value()).isEqualTo(slate.now.value());
        } else {
            slate.commit(commit, after);
        }
    }

    private static void rollback(Bench bench, Slate slate, Histories.Rollback rollback) {
        var root = Path.of(rollback.root());
        var versions = slate.versions.get(rollback.root());
        try {
            var commit = bench.db.history().rollback(rollback.root(), -rollback.back());
            var made = rollback.back() == 0 ? 0 : versions.size() - 1 - rollback.back();
            var target = slate.states.get((int) (long) versions.get(made)).find(root);
            var after = slate.now.copy();
            if (target == null) {
                after.delete(root, slate.revision + 1);
            } else {
                after.put(root, target.value(), slate.revision + 1);
            }
            if (!commit.edits().isEmpty()) {
                assertThat(commit.kind()).isEqualTo(CommitKind.ROLLBACK);
            }
            committed(slate, commit, after);
        } catch (TegaException.NotFound e) {
            assertThat(versions == null || versions.size() <= rollback.back())
                    .as(e.getMessage())
                    .isTrue();
        }
    }

    private static void revert(Bench bench, Slate slate, long revision) {
        try {
            var commit = bench.db.history().revert(revision);
            var undone = slate.commits.get((int) revision - 1);
            var after = slate.now.copy();
            var was = slate.states.get((int) revision - 1);
            for (var edit : undone.edits()) {
                undo(after, was, slate.states.get((int) revision), edit.path(), slate.revision + 1);
            }
            committed(slate, commit, after);
        } catch (TegaException.NotFound e) {
            assertThat(revision).isLessThan(1);
        } catch (TegaException.Conflict e) {
            assertThat(revision).isLessThan(slate.revision);
        } catch (TegaException.Invalid e) {
            assertThat(slate.states.get((int) revision).value())
                    .isEqualTo(slate.states.get((int) revision - 1).value());
        }
    }

    /** Gives everything that differs between two states, from the root of {@code path} on, its earlier value. */
    private static void undo(Naive now, Naive was, Naive became, Path path, long revision) {
        var root = path.first(1);
        restore(now, root, was.find(root), became.find(root), revision);
    }

    private static void restore(Naive now, Path path, @Nullable Naive was, @Nullable Naive became, long revision) {
        if (was == null && became == null) {
            return;
        }
        if (was == null) {
            now.delete(path, revision);
        } else if (became == null) {
            now.put(path, was.value(), revision);
        } else if (!was.value().equals(became.value())) {
            if (was.isObject() && became.isObject() && !was.isEmptyObject()) {
                was.names()
                        .forEach(name -> restore(
                                now, path.child(name), was.find(Path.of(name)), became.find(Path.of(name)), revision));
                became.names().stream()
                        .filter(name -> was.find(Path.of(name)) == null)
                        .forEach(name -> now.delete(path.child(name), revision));
            } else {
                now.put(path, was.value(), revision);
            }
        }
    }

    /** Stamps and versions of every node. */
    private static void present(Bench bench, Slate slate) {
        var snapshot = bench.db.snapshot();
        assertThat(snapshot.tree().top()).isEqualTo(slate.now.value());
        slate.now.each(Path.EMPTY, (path, node) -> {
            assertThat(snapshot.revision(path)).as("stamp of %s", path).hasValue(node.stamp());
            if (!path.isEmpty()) {
                assertThat(bench.db.history().version(snapshot, path))
                        .as("version of %s", path)
                        .isEqualTo(slate.version(path.root(), node.stamp()));
            }
        });
        slate.versions.forEach(
                (root, versions) -> assertThat(snapshot.version(root)).hasValue(versions.size() - 1L));
    }

    private static void past(Bench bench, Slate slate) {
        var history = bench.db.history();
        for (var revision = 0; revision <= slate.revision; revision++) {
            var then = slate.states.get(revision);
            var snapshot = history.at(revision);
            assertThat(snapshot.tree().top()).isEqualTo(then.value());
            then.each(Path.EMPTY, (path, node) -> {
                if (!path.isEmpty()) {
                    assertThat(history.version(snapshot, path))
                            .as("version of %s at %s", path, snapshot)
                            .isEqualTo(slate.version(path.root(), node.stamp()));
                }
            });
            var patched = then.copy();
            history.diff(revision, slate.revision, Path.EMPTY).forEach(edit -> patched.apply(edit, 0));
            assertThat(patched.value()).isEqualTo(slate.now.value());
        }
        for (var commit : slate.commits) {
            assertThat(history.commit(commit.revision())).isEqualTo(commit);
        }
        slate.versions.forEach((root, versions) -> {
            assertThat(history.versions(root)).hasSize(versions.size() - 1);
            for (var version = 0; version < versions.size(); version++) {
                assertThat(history.at(root, version).revision()).isEqualTo(versions.get(version));
                if (version > 0) {
                    assertThat(history.at(root, version - versions.size()).revision())
                            .isEqualTo(versions.get(version - 1));
                }
            }
        });
        for (var path : List.of(Path.EMPTY, Path.of("a"), Path.of("a", "x"), Path.of("b", "y", "z"))) {
            var touching = new ArrayList<>(slate.commits.stream()
                    .filter(commit -> commit.touches(path))
                    .toList());
            java.util.Collections.reverse(touching);
            assertThat(history.log(path, Long.MAX_VALUE, Integer.MAX_VALUE)).isEqualTo(touching);
            assertThat(history.log(path, Long.MAX_VALUE, 2))
                    .isEqualTo(touching.stream().limit(2).toList());
        }
        slate.now.names().forEach(root -> {
            for (var blame : history.blame(Path.of(root))) {
                assertThat(blame.revision())
                        .isEqualTo(slate.now.find(blame.path()).stamp());
                assertThat(blame.commit()).isEqualTo(slate.commits.get((int) blame.revision() - 1));
            }
        });
    }
}
