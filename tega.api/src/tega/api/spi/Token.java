package tega.api.spi;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A bearer token, as far as it is known after it was made: its text is shown once and kept nowhere.
 *
 * @param id the part of the text that is no secret
 * @param name who shows it is this
 * @param made when it was made
 * @param by by whom
 * @param expires from when on it is worth nothing, or null
 * @param revoked when it was revoked, or null
 */
public record Token(
        String id,
        String name,
        Instant made,
        String by,
        @Nullable Instant expires,
        @Nullable Instant revoked) {
    /** Whether it proves a name at {@code time}. */
    public boolean isValid(Instant time) {
        return revoked == null && (expires == null || time.isBefore(expires));
    }
}
