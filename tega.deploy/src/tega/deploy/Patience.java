package tega.deploy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;

/**
 * How a trial is judged.
 *
 * @param first how long it may take until all works for the first time
 * @param window how long it must then go on working
 */
record Patience(Duration first, Duration window) {
    static final Patience USUAL = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(3));

    /** The same with what was set, in milliseconds; null: not set. */
    Patience with(@Nullable String firstMillis, @Nullable String windowMillis) {
        return new Patience(
                firstMillis == null ? first : millis(firstMillis),
                windowMillis == null ? window : millis(windowMillis));
    }

    private static Duration millis(String text) {
        if (!text.matches("\\d{1,8}")) {
            throw new TegaException.Invalid("'" + text + "' is no number of milliseconds for a trial to take");
        }
        return Duration.ofMillis(Long.parseLong(text));
    }
}
