package tega.log;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import tega.api.spi.Scheduler;

/** Time that stands still until told otherwise; tasks run on the calling thread when told. */
final class TestScheduler implements Scheduler {
    private final Queue<Runnable> soon = new ArrayDeque<>();
    private final TreeMap<Long, ArrayDeque<Runnable>> later = new TreeMap<>();
    private long nanos;

    @Override
    public Instant now() {
        return Instant.ofEpochSecond(1_700_000_000).plusNanos(nanos);
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Task after(Duration delay, Runnable task) {
        later.computeIfAbsent(nanos + delay.toNanos(), at -> new ArrayDeque<>()).add(task);
        return () -> later.values().forEach(tasks -> tasks.remove(task));
    }

    @Override
    public Executor background() {
        return soon::add;
    }

    /** Runs what is due, and what that makes due. */
    void run() {
        for (var task = soon.poll(); task != null; task = soon.poll()) {
            task.run();
        }
    }

    /** Lets time pass. */
    void advance(Duration duration) {
        var to = nanos + duration.toNanos();
        run();
        for (var next = later.firstEntry(); next != null && next.getKey() <= to; next = later.firstEntry()) {
            nanos = next.getKey();
            later.remove(next.getKey());
            next.getValue().forEach(Runnable::run);
            run();
        }
        nanos = to;
    }

    /** Forgets every task, as the end of a process does. */
    void stop() {
        soon.clear();
        later.clear();
    }
}
