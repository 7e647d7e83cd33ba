package tega.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import tega.api.spi.Scheduler;

/** A clock that stands still until told to go on, and background tasks that run when told to, on the telling thread. */
final class ManualScheduler implements Scheduler {
    private record Timer(long at, long order, Runnable task) {}

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(java.util.Comparator.comparingLong(Timer::at).thenComparingLong(Timer::order));
    private final ArrayDeque<Runnable> soon = new ArrayDeque<>();
    private long nanos;
    private long order;

    @Override
    public synchronized Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized Task after(Duration delay, Runnable task) {
        var timer = new Timer(nanos + delay.toNanos(), order++, task);
        timers.add(timer);
        return () -> cancel(timer);
    }

    private synchronized void cancel(Timer timer) {
        timers.remove(timer);
    }

    @Override
    public Executor background() {
        return task -> {
            synchronized (this) {
                soon.add(task);
            }
        };
    }

    /** Forgets everything that was to happen, as a power cut does. */
    synchronized void powerCut() {
        timers.clear();
        soon.clear();
    }

    /** Runs background tasks until there is none. */
    void settle() {
        for (var task = next(); task != null; task = next()) {
            task.run();
        }
    }

    private synchronized Runnable next() {
        return soon.poll();
    }

    /** Lets time go by, running what falls due in its order. */
    void pass(Duration duration) {
        long end;
        synchronized (this) {
            end = nanos + duration.toNanos();
        }
        settle();
        while (true) {
            Timer due;
            synchronized (this) {
                due = timers.peek();
                if (due == null || due.at > end) {
                    nanos = end;
                    break;
                }
                timers.poll();
                nanos = Math.max(nanos, due.at);
            }
            due.task.run();
            settle();
        }
    }
}
