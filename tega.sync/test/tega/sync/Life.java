package tega.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import tega.api.spi.Scheduler;

/** One run of a server, from its start to its death: when it is over, nothing of it runs any more, and it sends nothing. */
final class Life implements Scheduler {
    private final Clock clock;
    private final Consumer<Life> died;
    private boolean over;

    /** {@code died} is told when the power goes. */
    Life(Clock clock, Consumer<Life> died) {
        this.clock = clock;
        this.died = died;
    }

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }

    /** The power is gone in the middle of something; what catches that goes on for nothing. */
    void darken() {
        if (!over) {
            over = true;
            died.accept(this);
        }
    }

    /** Does something in it, if it still is. */
    void run(Runnable task) {
        if (over) {
            return;
        }
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            // Whatever comes of the power being gone is nobody's fault.
            if (!over) {
                throw e;
            }
        }
    }

    @Override
    public Instant now() {
        return clock.now();
    }

    @Override
    public long nanos() {
        return clock.nanos();
    }

    @Override
    public Task after(Duration delay, Runnable task) {
        return clock.after(delay, () -> run(task));
    }

    @Override
    public Executor background() {
        return task -> clock.background().execute(() -> run(task));
    }
}
