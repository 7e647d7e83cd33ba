package tega.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;

/**
 * Where commits wait for their turn. There is no thread for them: who comes first leads, commits all that wait as one batch, and
 * releases the next leader before the others wake. A single writer meets no other thread.
 */
final class CommitQueue {
    private static final int MOST_AT_ONCE = 256;

    /** Commits a batch; one thread at a time. */
    interface Work {
        void commit(List<Submission> batch);
    }

    private final Work work;
    private final Object lock = new Object();
    private final ArrayDeque<Submission> queue = new ArrayDeque<>();
    private boolean busy;
    private boolean closed;
    private volatile @Nullable Thread leader;

    CommitQueue(Work work) {
        this.work = work;
    }

    /** How many commits wait for their turn. */
    int waiting() {
        synchronized (lock) {
            return queue.size();
        }
    }

    /** No more commits; returns when the last has ended. */
    void close() throws InterruptedException {
        synchronized (lock) {
            closed = true;
            while (busy) {
                lock.wait();
            }
        }
    }

    /** Returns when all of {@code train}, which are committed in this order, are decided. */
    void run(List<Submission> train) {
        if (leader == Thread.currentThread()) {
            throw new TegaException.Internal(
                    "a commit was asked for on the thread that is committing, by a guard or a signal",
                    new IllegalStateException("commit inside of a commit"));
        }
        boolean lead;
        synchronized (lock) {
            if (closed) {
                throw new TegaException.Unavailable("the database is closed");
            }
            if (train.isEmpty()) {
                return;
            }
            queue.addAll(train);
            lead = !busy;
            busy = true;
        }
        // The queue is in order, so the first of these that is undecided is the one that may have to lead.
        for (var submission : train) {
            if (lead || submission.awaitTurn()) {
                lead(submission);
                lead = false;
            }
        }
    }

    /** Commits what waits, {@code own} included. */
    private void lead(Submission own) {
        var batch = take();
        // An interrupt would close the file under the log.
        var interrupted = Thread.interrupted();
        leader = Thread.currentThread();
        try {
            work.commit(batch);
        } catch (RuntimeException | Error e) {
            for (var submission : batch) {
                if (!submission.isDecided()) {
                    submission.fail(new TegaException.Internal("a commit failed: " + e, e));
                }
            }
        } finally {
            leader = null;
            handOver();
            for (var submission : batch) {
                if (submission != own) {
                    submission.finish();
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<Submission> take() {
        synchronized (lock) {
            var batch = new ArrayList<Submission>(Math.min(queue.size(), MOST_AT_ONCE));
            while (batch.size() < MOST_AT_ONCE && !queue.isEmpty()) {
                batch.add(queue.remove());
            }
            return batch;
        }
    }

    private void handOver() {
        Submission next;
        synchronized (lock) {
            next = queue.peek();
            if (next == null) {
                busy = false;
                lock.notifyAll();
            }
        }
        if (next != null) {
            next.lead();
        }
    }
}
