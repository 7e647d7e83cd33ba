package tega.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tega.api.spi.Scheduler;

/** One thread with a clock of its own: what is due runs when time is let go by. */
final class Clock implements Scheduler {
    private record Timer(long at, long order, Runnable task) {}

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::order));
    private final ArrayDeque<Runnable> soon = new ArrayDeque<>();
    private long nanos;
    private long order;

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Task after(Duration delay, Runnable task) {
        var timer = new Timer(nanos + Math.max(0, delay.toNanos()), order++, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public Executor background() {
        return soon::add;
    }

    /** Runs what is to run now. */
    void settle() {
        for (var task = soon.poll(); task != null; task = soon.poll()) {
            task.run();
        }
    }

    /** Lets time go by. */
    void pass(Duration duration) {
        var end = nanos + duration.toNanos();
        settle();
        for (var due = next(end); due != null; due = next(end)) {
            nanos = Math.max(nanos, due.at);
            due.task.run();
            settle();
        }
        nanos = end;
    }

    private @Nullable Timer next(long end) {
        var due = timers.peek();
        return due == null || due.at > end ? null : timers.poll();
    }

    /** Lets time go by until {@code condition} holds; for at most five minutes. */
    void until(String what, BooleanSupplier condition) {
        for (var i = 0; i < 30_000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            pass(Duration.ofMillis(10));
        }
        throw new AssertionError("it never came to be that " + what);
    }
}
