package tega.store;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Confirmations;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.spi.Action;

/** What one session may decide about commits that wait. */
record StoreConfirmations(Store store, Sight sight, Intent.Actor actor) implements Confirmations {
    @Override
    public List<Pending> pending() {
        sight.requireSome(Path.EMPTY);
        return store.state().pending().stream().flatMap(this::pending).toList();
    }

    private Stream<Pending> pending(PendingCommit waiting) {
        var commit = waiting.commit();
        var entry = store.chronicle().get(commit.revision());
        var seen =
                sight.of(commit, entry == null ? null : entry.before().visible().tree());
        var deadline = store.deadlines().deadline(waiting.revision());
        return Sight.concerns(seen, commit)
                ? Stream.of(
                        new Pending(seen, deadline == null ? store.scheduler().now() : deadline))
                : Stream.empty();
    }

    @Override
    public Commit confirm(long revision) {
        require(revision);
        return sight.own(store.commit(Intent.of(actor, CommitKind.CONFIRM, new Operation.Keep(revision))
                .about(revision)));
    }

    @Override
    public void extend(long revision, Duration window) {
        require(revision);
        if (window.isNegative() || window.isZero()) {
            throw new TegaException.Invalid(
                    "the window of a confirmed commit is " + window + ", not longer than nothing");
        }
        store.deadlines().wind(revision, window);
    }

    @Override
    public Commit cancel(long revision) {
        require(revision);
        return sight.own(store.deadlines().undo(actor, revision, null));
    }

    private void require(long revision) {
        var waiting = store.state().pending(revision);
        if (waiting == null) {
            throw new TegaException.NotFound("revision " + revision + " does not wait to be confirmed");
        }
        waiting.commit().edits().forEach(edit -> sight.require(Action.WRITE, edit.path()));
    }
}
