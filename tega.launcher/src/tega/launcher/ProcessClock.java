package tega.launcher;

import java.time.Duration;
import java.time.Instant;

/** Since when this process runs, counted from its exec and thus with the start of the JVM itself. */
final class ProcessClock {
    private final long beganNanos;

    ProcessClock() {
        Instant now = Instant.now();
        Instant began = ProcessHandle.current().info().startInstant().orElse(now);
        beganNanos =
                System.nanoTime() - Math.max(0, Duration.between(began, now).toNanos());
    }

    /** On the scale of {@link System#nanoTime()}. */
    long beganNanos() {
        return beganNanos;
    }

    long millis() {
        return Duration.ofNanos(System.nanoTime() - beganNanos).toMillis();
    }
}
