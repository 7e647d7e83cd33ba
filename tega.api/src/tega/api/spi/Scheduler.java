package tega.api.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Time and threads, injected: in a server the machine's, in a simulation one thread with a clock of its own.
 */
@ConsumerType
public interface Scheduler {
    /** The time of day, for people. */
    Instant now();

    /** Nanoseconds that only ever go forward, for durations. */
    long nanos();

    /** Runs {@code task} once after {@code delay}, not on the calling thread; it must be short. */
    Task after(Duration delay, Runnable task);

    /** Runs tasks soon, on threads that may block. */
    Executor background();

    /** Something that will run. */
    @ConsumerType
    interface Task {
        /** Prevents it, if it has not begun. */
        void cancel();
    }
}
