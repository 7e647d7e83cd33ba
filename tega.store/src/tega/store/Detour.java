package tega.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.Edit;
import tega.api.Expectation;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.spi.Foreign;
import tega.api.spi.Router;

/** The way of a commit to roots that have their home at another server: what it comes down to here is committed there. */
final class Detour {
    private final Store store;
    private final Router router;

    Detour(Store store, Router router) {
        this.store = store;
        this.router = router;
    }

    /** Whether {@code intent} may concern roots that are away. */
    static boolean isPossible(Intent intent, Router router) {
        if (intent.foreign() != null || !intent.isWrite()) {
            return false;
        }
        for (var operation : intent.operations()) {
            if (operation.path().isEmpty() || router.isAway(operation.path().root())) {
                return true;
            }
        }
        return false;
    }

    /** The commit as it was made elsewhere; null when it is to be made here. */
    @Nullable
    Commit commit(Intent intent) {
        var state = store.state();
        var prepared = store.rehearse(intent, state, state.revision() + 1);
        var edits = prepared.commit().edits();
        var away = edits.stream().filter(this::isAway).findFirst();
        if (away.isEmpty()) {
            return null;
        }
        require(intent, edits, away.get().path());
        var write = new Foreign(
                intent.actor().identity(),
                null,
                null,
                intent.kind(),
                intent.message(),
                edits,
                List.of(),
                null,
                List.of(),
                conditions(intent, state),
                false);
        var elsewhere = router.route(write, new StateStanding(state));
        return elsewhere.isPresent() ? outcome(elsewhere.get()) : null;
    }

    private boolean isAway(Edit edit) {
        return router.isAway(edit.path().root());
    }

    private void require(Intent intent, List<Edit> edits, Path away) {
        var root = Path.of(away.root());
        if (!edits.stream().allMatch(this::isAway)) {
            throw new TegaException.Invalid(
                    away,
                    "one commit cannot write both to '" + root
                            + "', which lives at another server, and to roots that live here; make two of it");
        }
        if (edits.stream().anyMatch(Edit::ephemeral)) {
            throw new TegaException.Invalid(
                    away, "'" + root + "' lives at another server; an ephemeral node of it can be made only there");
        }
        if (intent.window() != null) {
            throw new TegaException.Invalid(
                    away, "'" + root + "' lives at another server; a commit that waits to be confirmed is made there");
        }
    }

    /** What the transaction read and expects; it has just been checked on {@code state}. */
    private static List<Foreign.Condition> conditions(Intent intent, State state) {
        var conditions = new ArrayList<Foreign.Condition>();
        for (var read : intent.reads()) {
            conditions.add(new Foreign.Unchanged(read.path(), read.stamp() >= 0, state.revision()));
        }
        for (var expected : intent.expected()) {
            var what = expected.expectation();
            conditions.add(
                    what instanceof Expectation.AtRevision || what instanceof Expectation.AtVersion
                            ? new Foreign.Unchanged(expected.path(), true, state.revision())
                            : new Foreign.Expected(expected.path(), what));
        }
        return conditions;
    }

    private static Commit outcome(CompletionStage<Commit> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TegaException known) {
                throw known;
            }
            throw new TegaException.Internal("a write at another server failed: " + e.getCause(), e);
        }
    }
}
