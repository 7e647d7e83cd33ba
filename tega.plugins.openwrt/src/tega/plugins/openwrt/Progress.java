package tega.plugins.openwrt;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where an application stands, told to the tree before the next step is taken. */
@FunctionalInterface
interface Progress {
    /** @param deadline until when a trial must be confirmed; null when there is none */
    void at(Stage stage, String reason, int ops, @Nullable Instant deadline);
}
