package tega.plugins.openwrt;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Runs programs of the machine. */
@FunctionalInterface
interface Programs {
    /** How a program ended, and what it wrote to its standard output. */
    record Ended(int status, String output) {}

    /**
     * Runs one to its end.
     *
     * @throws IOException when there is no such program, or it has not ended within {@code deadline} and was killed
     */
    Ended run(List<String> command, Duration deadline) throws IOException;
}
