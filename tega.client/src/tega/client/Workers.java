package tega.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of one client: none while nothing happens, and no program waits for them to end. */
final class Workers implements Executor, AutoCloseable {
    private static final long FIRST_PAUSE = 50;
    private static final long LONGEST_PAUSE = 5000;

    private final AtomicInteger made = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        var thread = new Thread(work, "tega-client-" + made.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });

    /** After the end nothing is done any more: then what is left is what nobody waits for. */
    @Override
    public void execute(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            return;
        }
    }

    /** Has {@code work} done by a thread that is interrupted when it is cancelled. */
    Future<?> submit(Runnable work) {
        return threads.submit(work);
    }

    /** Does {@code work} after so long. */
    void after(Duration delay, Runnable work) {
        CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, this)
                .execute(work);
    }

    /** How long to wait after so many failures in a row: longer each time, and not all clients alike. */
    static Duration pause(int failures) {
        var longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures, 10));
        return Duration.ofMillis(longest / 2 + ThreadLocalRandom.current().nextLong(longest));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
