package tega.api.spi;

import java.util.Map;

/**
 * How a log is.
 *
 * @param writable whether it takes commits now
 * @param reason why it does not, or an empty text
 * @param metrics named figures such as {@code appended_bytes}, {@code payload_bytes}, {@code syncs}, {@code commits}
 */
public record LogHealth(boolean writable, String reason, Map<String, Long> metrics) {
    /** The map is copied. */
    public LogHealth {
        metrics = Map.copyOf(metrics);
    }
}
