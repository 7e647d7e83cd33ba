package tega.plugins.openwrt;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets the routers of a group change at the same moment and only all of them, as nodes of a mesh must: none is changed unless
 * all are ready, and none stays changed unless all are proved. Each has a {@link Gate} of its own.
 */
final class Together {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final int parties;
    private final Duration patience;
    private final int[] yes = new int[2];
    private final boolean[] no = new boolean[2];

    /** @param patience how long one waits for the others */
    Together(int parties, Duration patience) {
        this.parties = parties;
        this.patience = patience;
    }

    Gate gate() {
        return new One();
    }

    private final class One implements Gate {
        private final boolean[] said = new boolean[2];

        @Override
        public boolean apply() {
            return vote(0);
        }

        @Override
        public boolean confirm() {
            return vote(1);
        }

        @Override
        public void nothing() {
            lock.lock();
            try {
                say(0, true);
                say(1, true);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void leave() {
            lock.lock();
            try {
                say(0, false);
                say(1, false);
            } finally {
                lock.unlock();
            }
        }

        private void say(int round, boolean ready) {
            if (said[round]) {
                return;
            }
            said[round] = true;
            if (ready) {
                yes[round]++;
            } else {
                no[round] = true;
            }
            changed.signalAll();
        }

        private boolean vote(int round) {
            lock.lock();
            try {
                say(round, true);
                var left = patience.toNanos();
                while (yes[round] < parties && !no[round]) {
                    if (left <= 0) {
                        no[round] = true;
                        changed.signalAll();
                    } else {
                        left = changed.awaitNanos(left);
                    }
                }
                return !no[round];
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                no[round] = true;
                changed.signalAll();
                return false;
            } finally {
                lock.unlock();
            }
        }
    }

    /** For a person who waits. */
    @Override
    public String toString() {
        return TimeUnit.SECONDS.convert(patience) + " s for " + parties;
    }
}
