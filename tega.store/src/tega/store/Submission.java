package tega.store;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.TegaException;

/** An intent on its way through the committer, and the thread that waits for it. */
final class Submission {
    private enum Turn {
        WAIT,
        LEAD,
        DONE
    }

    private final @Nullable Intent intent;
    private final @Nullable Runnable task;
    private final Guards.@Nullable Verdict verdict;
    private final @Nullable Submission before;
    private final Thread waiter = Thread.currentThread();
    private volatile Turn turn = Turn.WAIT;
    private @Nullable Commit commit;
    private @Nullable TegaException failure;

    /** {@code verdict} is what the guards said beforehand; null: they are asked when its turn has come. */
    Submission(Intent intent, Guards.@Nullable Verdict verdict) {
        this.intent = intent;
        this.task = null;
        this.verdict = verdict;
        this.before = null;
    }

    /** One that fails when {@code before}, which is ahead of it, does; null when nothing is. */
    Submission(Intent intent, @Nullable Submission before) {
        this.intent = intent;
        this.task = null;
        this.verdict = null;
        this.before = before;
    }

    /** Something to do while nothing is committed. */
    Submission(Runnable task) {
        this.intent = null;
        this.task = task;
        this.verdict = null;
        this.before = null;
    }

    /** What is to be committed, or null when there is a {@link #task()} instead. */
    @Nullable
    Intent intent() {
        return intent;
    }

    @Nullable
    Runnable task() {
        return task;
    }

    /** Whether it shares its turn with no other. */
    boolean isAlone() {
        return intent == null || intent.kind() == CommitKind.CLEAR;
    }

    Guards.@Nullable Verdict verdict() {
        return verdict;
    }

    /** Why what it must follow failed, or null. */
    @Nullable
    TegaException failureBefore() {
        return before == null ? null : before.failure;
    }

    void succeed(Commit result) {
        commit = result;
    }

    void fail(TegaException reason) {
        failure = reason;
    }

    boolean isDecided() {
        return commit != null || failure != null;
    }

    /** The commit; throws why there is none; null when the verdict was out of date. */
    @Nullable
    Commit outcome() {
        if (failure != null) {
            throw failure;
        }
        return commit;
    }

    /** Makes the waiting thread the leader. */
    void lead() {
        wake(Turn.LEAD);
    }

    /** Lets the waiting thread go. */
    void finish() {
        wake(Turn.DONE);
    }

    private void wake(Turn next) {
        turn = next;
        LockSupport.unpark(waiter);
    }

    /** Waits; true when this thread is now the leader, false when the outcome is there. */
    boolean awaitTurn() {
        var interrupted = false;
        while (turn == Turn.WAIT) {
            LockSupport.park(this);
            // A commit cannot be taken back, so the caller learns what became of it and sees the interrupt later.
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            waiter.interrupt();
        }
        return turn == Turn.LEAD;
    }
}
