package tega.transport.http;

import java.time.Duration;
import tega.api.NumberValue;
import tega.api.TegaException;
import tega.api.Transaction;
import tega.api.Value;

/** How a commit is asked to be undone unless it is confirmed: in so many seconds, or by itself. */
final class Confirming {
    private static final Duration AUTOMATIC = Duration.ofMinutes(10);
    private static final long LONGEST = 1_000_000;

    private Confirming() {}

    /** Seconds, or {@code auto}. */
    static void apply(String confirm, Transaction transaction) {
        apply(confirm.equals("auto") ? Value.of(confirm) : NumberValue.parse(confirm), transaction);
    }

    /** Seconds, or {@code "auto"}, or both as {@code {"window":90,"auto":true}}. */
    static void apply(Value confirm, Transaction transaction) {
        if (confirm instanceof NumberValue seconds) {
            transaction.confirm(window(seconds.longValue()), false);
        } else if (confirm.equals(Value.of("auto"))) {
            transaction.confirm(AUTOMATIC, true);
        } else {
            var object = TransactionResource.object(confirm, "confirm");
            transaction.confirm(
                    window(TransactionResource.number(object, "window")), TransactionResource.isTrue(object, "auto"));
        }
    }

    private static Duration window(long seconds) {
        if (seconds < 1 || seconds > LONGEST) {
            throw new TegaException.Invalid("a window to confirm in is 1 to " + LONGEST + " seconds, not " + seconds);
        }
        return Duration.ofSeconds(seconds);
    }
}
