package tega.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.TegaException;
import tega.api.spi.CommitLog;
import tega.api.spi.Proposal;
import tega.api.spi.Receipt;

/**
 * Makes the one order of commits: checks all that wait one after the other, each on the state that the one before makes, and
 * hands them to the log as one batch. Whose thread does that is the {@link CommitQueue}'s affair.
 */
final class Committer {
    private static final int BYTES_AT_ONCE = 4 << 20;
    private static final int TRIES_OUTSIDE = 3;

    private final Store store;
    private final CommitLog log;
    private final Guards guards;
    private final long proposer;
    private final CommitQueue queue = new CommitQueue(this::commitAll);
    private long proposals;
    final LongAdder commits = new LongAdder();
    final LongAdder batches = new LongAdder();
    final LongAdder conflicts = new LongAdder();
    final LongAdder vetoes = new LongAdder();

    Committer(Store store, CommitLog log, Guards guards, long proposer) {
        this.store = store;
        this.log = log;
        this.guards = guards;
        this.proposer = proposer;
    }

    /** Commits, or throws and has changed nothing, unless it throws {@code UNKNOWN_OUTCOME}. */
    Commit commit(Intent intent) {
        try {
            return intent.isGuarded() && !guards.isEmpty() ? guarded(intent) : submit(intent, null);
        } catch (TegaException.Conflict | TegaException.Precondition e) {
            conflicts.increment();
            throw e;
        } catch (TegaException.Vetoed e) {
            vetoes.increment();
            throw e;
        }
    }

    /** Guards run on the caller's thread, for their time is nobody else's; who loses the race too often has them run inside. */
    private Commit guarded(Intent intent) {
        for (var i = 0; i < TRIES_OUTSIDE; i++) {
            var now = store.state();
            var prepared = store.rehearse(intent, now, now.revision() + 1);
            if (prepared.isNothing()) {
                break;
            }
            var verdict = guards.judge(intent, prepared);
            verdict.orThrow();
            var submission = new Submission(intent, verdict);
            run(submission);
            var commit = submission.outcome();
            if (commit != null) {
                return commit;
            }
        }
        return submit(intent, null);
    }

    /** Commits all of them in order; when one fails those after it do, and this throws why. */
    List<Commit> commit(List<Intent> intents) {
        var train = new ArrayList<Submission>(intents.size());
        Submission before = null;
        for (var intent : intents) {
            before = new Submission(intent, before);
            train.add(before);
        }
        queue.run(train);
        var made = new ArrayList<Commit>(train.size());
        for (var submission : train) {
            var commit = submission.outcome();
            if (commit == null) {
                throw new IllegalStateException("undecided: " + submission.intent());
            }
            made.add(commit);
        }
        return made;
    }

    private Commit submit(Intent intent, Guards.@Nullable Verdict verdict) {
        var submission = new Submission(intent, verdict);
        run(submission);
        var commit = submission.outcome();
        if (commit == null) {
            throw new IllegalStateException("undecided: " + intent);
        }
        return commit;
    }

    /** Runs {@code task} while nothing is committed. */
    void exclusively(Runnable task) {
        var submission = new Submission(task);
        run(submission);
        submission.outcome();
    }

    /** How many commits wait for their turn. */
    int waiting() {
        return queue.waiting();
    }

    /** No more commits; returns when the last has ended. */
    void close() throws InterruptedException {
        queue.close();
    }

    private void run(Submission submission) {
        queue.run(List.of(submission));
    }

    private void commitAll(List<Submission> batch) {
        var rest = new ArrayDeque<>(batch);
        while (!rest.isEmpty()) {
            var task = rest.peek().task();
            if (task == null) {
                appendSome(rest);
            } else {
                rest.remove();
                task.run();
            }
        }
    }

    /** Prepares submissions from the front of {@code rest}, each on the state that the one before makes, and appends them. */
    private void appendSome(ArrayDeque<Submission> rest) {
        var state = store.state();
        var revision = log.last() + 1;
        var prepared = new ArrayList<Prepared>();
        var owners = new ArrayList<Submission>();
        var bytes = 0L;
        while (!rest.isEmpty() && bytes < BYTES_AT_ONCE) {
            var submission = rest.element();
            var intent = submission.intent();
            if (intent == null || (submission.isAlone() && !prepared.isEmpty())) {
                break;
            }
            rest.remove();
            var next = prepare(submission, intent, state, revision);
            if (next != null) {
                prepared.add(next);
                owners.add(submission);
                state = next.after();
                revision++;
                bytes += next.bytes();
            }
            if (submission.isAlone()) {
                break;
            }
        }
        if (!prepared.isEmpty()) {
            append(prepared, owners, rest);
        }
    }

    /** Null when there is nothing to append. */
    private @Nullable Prepared prepare(Submission submission, Intent intent, State state, long revision) {
        var failureBefore = submission.failureBefore();
        if (failureBefore != null) {
            submission.fail(failureBefore);
            return null;
        }
        var verdict = submission.verdict();
        if (verdict != null && !guards.holds(verdict, state)) {
            return null;
        }
        try {
            var notes = verdict == null ? notes(intent, state, revision) : verdict.notes();
            var prepared = store.prepare(intent, state, revision, notes);
            if (prepared.isNothing()) {
                submission.succeed(prepared.commit());
                return null;
            }
            return prepared;
        } catch (TegaException e) {
            submission.fail(e);
            return null;
        }
    }

    /** What the guards remark who were not asked before. */
    private List<String> notes(Intent intent, State state, long revision) {
        if (!intent.isGuarded() || guards.isEmpty()) {
            return List.of();
        }
        var look = store.rehearse(intent, state, revision);
        if (look.isNothing()) {
            return List.of();
        }
        var verdict = guards.judge(intent, look);
        verdict.orThrow();
        return verdict.notes();
    }

    private void append(List<Prepared> prepared, List<Submission> owners, ArrayDeque<Submission> rest) {
        var batch = new ArrayList<Proposal>(prepared.size());
        for (var each : prepared) {
            batch.add(new Proposal(new UUID(proposer, proposals++), each.commit(), each.durable()));
        }
        store.expect(prepared);
        List<Receipt> receipts;
        try {
            receipts = log.append(batch);
        } catch (TegaException.Unavailable e) {
            owners.forEach(owner -> owner.fail(e));
            return;
        } catch (RuntimeException e) {
            owners.forEach(owner -> owner.fail(new TegaException.UnknownOutcome(
                    "whether the commit happened is not known, the log failed: " + e.getMessage(), e)));
            return;
        }
        batches.increment();
        var afterTooLarge = false;
        for (var i = 0; i < owners.size(); i++) {
            if (afterTooLarge && receipts.get(i) instanceof Receipt.Refused) {
                // Only for want of the one before it; behind those that came later it has its turn again.
                rest.add(owners.get(i));
            } else {
                settle(owners.get(i), prepared.get(i), receipts.get(i));
                afterTooLarge |= receipts.get(i) instanceof Receipt.TooLarge;
            }
        }
        if (prepared.get(0).commit().kind() == CommitKind.CLEAR && receipts.get(0) instanceof Receipt.Appended) {
            log.clear();
        }
    }

    private void settle(Submission owner, Prepared prepared, Receipt receipt) {
        if (receipt instanceof Receipt.Appended) {
            commits.increment();
            owner.succeed(prepared.commit());
        } else if (receipt instanceof Receipt.Refused refused) {
            owner.fail(new TegaException.Unavailable("the commit was not taken: " + refused.reason()));
        } else if (receipt instanceof Receipt.TooLarge large) {
            owner.fail(new TegaException.LimitExceeded("the commit is " + large.bytes()
                    + " bytes, more than the log's limit of " + large.maximum() + "; divide it into smaller ones"));
        } else if (receipt instanceof Receipt.Unknown unknown) {
            owner.fail(new TegaException.UnknownOutcome(
                    "whether the commit happened is not known: " + unknown.reason(),
                    new IllegalStateException(unknown.reason())));
        }
    }
}
