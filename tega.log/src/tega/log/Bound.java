package tega.log;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.TegaException;

/** One end of a stretch of history: a revision, or a time. */
record Bound(long revision, @Nullable Instant time) {
    /** Null is no bound. */
    static @Nullable Bound of(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return text.matches("\\d{1,18}")
                    ? new Bound(Long.parseLong(text), null)
                    : new Bound(0, Instant.parse(text));
        } catch (DateTimeParseException e) {
            throw new TegaException.Invalid(
                    "'" + text + "' is neither a revision nor a time such as 2026-01-31T12:00:00Z");
        }
    }

    /** Negative, zero or positive as the commit lies before, at or after this. */
    int place(Commit commit) {
        return time == null
                ? Long.compare(commit.revision(), revision)
                : commit.time().compareTo(time);
    }
}
