package tega.sync;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs tasks one after the other on threads of the background: what belongs to one lane needs no locks. */
final class Lane {
    private final Executor executor;
    private final Consumer<RuntimeException> failed;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    /** {@code failed} is told, on the lane, of what a task throws. */
    Lane(Executor executor, Consumer<RuntimeException> failed) {
        this.executor = executor;
        this.failed = failed;
    }

    /** Runs {@code task} after all before it. */
    void run(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        executor.execute(this::work);
    }

    /**
     * Runs {@code task}, which waits for nothing, after all before it: on this thread and at once when there is none. Each hand-over
     * to another thread that is saved is a good part of what a call costs.
     */
    void soon(Runnable task) {
        synchronized (tasks) {
            if (running) {
                tasks.add(task);
                return;
            }
            running = true;
        }
        step(task);
        synchronized (tasks) {
            if (tasks.isEmpty()) {
                running = false;
                return;
            }
        }
        executor.execute(this::work);
    }

    private void work() {
        for (var task = next(); task != null; task = next()) {
            step(task);
        }
    }

    private void step(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            failed.accept(e);
        }
    }

    private @Nullable Runnable next() {
        synchronized (tasks) {
            var task = tasks.poll();
            running = task != null;
            return task;
        }
    }
}
