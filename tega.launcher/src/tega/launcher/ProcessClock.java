package tega.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Since when this server starts: counted from the exec of Java, and thus with the start of the JVM itself, but not with what a
 * script did before in the same process, such as building tega.
 */
final class ProcessClock {
    /** What {@code sysconf(_SC_CLK_TCK)} is on every Linux. */
    private static final long TICKS_PER_SECOND = 100;

    /** Of what the kernel tells of a thread: the time it began, in ticks since the boot. */
    private static final int STARTED = 22;

    private final long beganNanos;

    /** To be made by the thread of {@code main}, which is the first of a JVM. */
    ProcessClock() {
        beganNanos = System.nanoTime() - Math.max(0, age().toNanos());
    }

    /** Of this thread; zero where the kernel is no Linux. */
    private static Duration age() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            String uptime = Files.readString(Path.of("/proc/uptime"));
            // The name of the thread, in parentheses, may hold blanks.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = Long.parseLong(fields[STARTED - 3]);
            long nowMillis = Math.round(Double.parseDouble(uptime.split(" ")[0]) * 1000);
            return Duration.ofMillis(nowMillis - ticks * 1000 / TICKS_PER_SECOND);
        } catch (IOException | RuntimeException e) {
            return Duration.ZERO;
        }
    }

    /** On the scale of {@link System#nanoTime()}. */
    long beganNanos() {
        return beganNanos;
    }

    long millis() {
        return Duration.ofNanos(System.nanoTime() - beganNanos).toMillis();
    }
}
