package tega.plugins.openwrt;

import java.io.IOException;
import java.time.Duration;

/** Lets time pass. */
@FunctionalInterface
interface Pause {
    /** @throws IOException when the wait is cut short because the plugin stops */
    void sleep(Duration duration) throws IOException;
}
