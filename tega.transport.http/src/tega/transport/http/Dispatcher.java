package tega.transport.http;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Brings what watches have to whom it concerns. A commit that thousands watch costs its thread a queue entry each; a few
 * workers do the rest.
 */
final class Dispatcher {
    private static final int WORKERS = 2;
    private static final int AT_ONCE = 64;

    /** Something to bring, again and again. */
    interface Bringer {
        /** Brings up to {@code most} events; whether there may be more now. */
        boolean bring(int most);
    }

    private final Executor executor;
    private final Queue<Round> ready = new ConcurrentLinkedQueue<>();
    private final AtomicInteger workers = new AtomicInteger();

    Dispatcher(Executor executor) {
        this.executor = executor;
    }

    Round round(Bringer bringer) {
        return new Round(bringer);
    }

    private void wake() {
        while (true) {
            var running = workers.get();
            if (running >= WORKERS) {
                return;
            }
            if (workers.compareAndSet(running, running + 1)) {
                break;
            }
        }
        try {
            executor.execute(this::work);
        } catch (RejectedExecutionException e) {
            workers.decrementAndGet();
        }
    }

    private void work() {
        while (true) {
            var round = ready.poll();
            if (round != null) {
                round.go();
                continue;
            }
            workers.decrementAndGet();
            // Somebody may have come after the look and before the count.
            if (ready.isEmpty()) {
                return;
            }
            workers.incrementAndGet();
        }
    }

    /** One bringer's turn: signalled by any thread, run by one at a time. */
    final class Round {
        private static final int IDLE = 0;
        private static final int READY = 1;
        private static final int RUNNING = 2;
        private static final int AGAIN = 3;

        private final Bringer bringer;
        private final AtomicInteger state = new AtomicInteger(IDLE);

        Round(Bringer bringer) {
            this.bringer = bringer;
        }

        /** There is something to bring. Returns at once. */
        void signal() {
            while (true) {
                var now = state.get();
                if (now == READY || now == AGAIN) {
                    return;
                }
                if (state.compareAndSet(now, now == IDLE ? READY : AGAIN)) {
                    if (now == IDLE) {
                        ready.add(this);
                        wake();
                    }
                    return;
                }
            }
        }

        private void go() {
            state.set(RUNNING);
            boolean more;
            try {
                more = bringer.bring(AT_ONCE);
            } catch (RuntimeException e) {
                Problem.unexpected(e);
                more = false;
            }
            if (more || !state.compareAndSet(RUNNING, IDLE)) {
                state.set(READY);
                ready.add(this);
            }
        }
    }
}
