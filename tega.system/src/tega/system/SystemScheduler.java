package tega.system;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import tega.api.spi.Scheduler;

/**
 * The machine's clock, one timer thread, and threads for whatever may block: virtual ones where the JVM has them, else
 * daemon threads that end when they were idle for ten seconds. Threads begin with the first task. After {@link #close()}
 * tasks are not run any more.
 */
public final class SystemScheduler implements Scheduler, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SystemScheduler.class.getName());

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons("tega-timer"));
    private final ExecutorService workers = workers();
    private final Executor background = task -> runOn(workers, task);

    /** Takes no thread yet. */
    public SystemScheduler() {
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(10, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
    }

    private static ExecutorService workers() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            // A JVM before 21 has none.
            return new ThreadPoolExecutor(
                    0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons("tega-worker"));
        }
    }

    private static ThreadFactory daemons(String name) {
        var count = new AtomicLong();
        return task -> {
            var thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Task after(Duration delay, Runnable task) {
        try {
            var future = timer.schedule(() -> guarded(task), Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {};
        }
    }

    @Override
    public Executor background() {
        return background;
    }

    private static void runOn(ExecutorService workers, Runnable task) {
        try {
            workers.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.log(Level.FINE, "A task came after the end of the scheduler and is not run", e);
        }
    }

    /** Nobody waits for these tasks, so what they throw must be seen here. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "A background task failed", e);
        }
    }

    /** Ends the threads; tasks that wait are dropped, tasks that run are interrupted. */
    @Override
    public void close() {
        timer.shutdownNow();
        workers.shutdownNow();
    }
}
