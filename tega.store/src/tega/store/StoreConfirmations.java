package tega.store;

import java.time.Duration;
import java.util.List;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Confirmations;
import tega.api.TegaException;
import tega.api.spi.Action;

/** What one session may decide about commits that wait. */
record StoreConfirmations(Store store, Sight sight, Intent.Actor actor) implements Confirmations {
    @Override
    public List<Pending> pending() {
        return store.state().pending().stream().map(this::pending).toList();
    }

    private Pending pending(PendingCommit waiting) {
        var deadline = store.deadlines().deadline(waiting.revision());
        return new Pending(
                sight.of(waiting.commit()), deadline == null ? store.scheduler().now() : deadline);
    }

    @Override
    public Commit confirm(long revision) {
        require(revision);
        return store.commit(Intent.of(actor, CommitKind.CONFIRM, new Operation.Keep(revision))
                .about(revision));
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
        return store.deadlines().undo(actor, revision, null);
    }

    private void require(long revision) {
        var waiting = store.state().pending(revision);
        if (waiting == null) {
            throw new TegaException.NotFound("revision " + revision + " does not wait to be confirmed");
        }
        waiting.commit().edits().forEach(edit -> sight.require(Action.WRITE, edit.path()));
    }
}
