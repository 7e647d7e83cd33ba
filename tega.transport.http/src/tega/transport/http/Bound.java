package tega.transport.http;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import tega.api.TegaException;

/** What a client may cost: each can be set from outside by its name. */
public enum Bound {
    /** More is 413. */
    BODY(Unit.BYTES, 8 << 20, "the largest request body, as sent and unpacked"),
    /** More is 503. */
    BODIES(Unit.BYTES, 64 << 20, "all request bodies that are on their way, together"),
    /** More is 414 or 431. */
    HEADERS(Unit.BYTES, 16 << 10, "the request line with all headers"),
    /** More closes with 1009. */
    FRAME(Unit.BYTES, 8 << 20, "the largest WebSocket message"),
    /** More wait in the backlog of the listening socket. */
    CONNECTIONS(Unit.COUNT, 4096, "connections"),
    /** More is 429. */
    LASTING(Unit.COUNT, 4096, "WebSockets and event streams, together"),
    /** More is {@code LIMIT}. */
    SUBSCRIPTIONS(Unit.COUNT, 256, "subscriptions or watches of one WebSocket"),
    /** More is {@code LIMIT}. */
    CALLS(Unit.COUNT, 256, "calls of one WebSocket that wait for an answer"),
    /** More is 1013, or the end of the stream. */
    OUTBOUND(Unit.BYTES, 1 << 20, "what waits to be sent to one WebSocket or event stream"),
    /** More wait. */
    THREADS(
            Unit.COUNT,
            64,
            "threads that serve requests; without effect on Java 24 and newer, whose threads cost nothing"),
    /** Then it is closed. */
    IDLE(Unit.TIME, 60_000, "how long nothing may move on a connection"),
    /** Then it is closed with 1013. */
    STALL(Unit.TIME, 5_000, "how long a WebSocket or event stream may take nothing of what waits for it"),
    /** Then it is 408, or the connection is closed. */
    ARRIVAL(Unit.TIME, 30_000, "how long a request may take to arrive whole, headers and body"),
    /** Then it is 504. */
    CALL(Unit.TIME, 30_000, "how long a call may take, at most and when its caller does not say"),
    /** Then it is 504. */
    DEADLINE(Unit.TIME, 60_000, "how long the answer to what is no GET may take; what it did is not known then");

    /** What it counts. */
    enum Unit {
        /** May end in k, M or G: times 1024 and so on. */
        BYTES,
        /** A plain number. */
        COUNT,
        /** Milliseconds; may end in ms, s, m or h. */
        TIME
    }

    private final Unit unit;
    private final long standard;
    private final String meaning;

    Bound(Unit unit, long standard, String meaning) {
        this.unit = unit;
        this.standard = standard;
        this.meaning = meaning;
    }

    Unit unit() {
        return unit;
    }

    /** What it is when nobody says otherwise: bytes, milliseconds or a number. */
    long standard() {
        return standard;
    }

    String meaning() {
        return meaning;
    }

    /** As it is typed. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Bound> byWord(String word) {
        return Arrays.stream(values())
                .filter(bound -> bound.word().equals(word))
                .findFirst();
    }

    /** The number that {@code text} means; {@code INVALID} when it means none. */
    long read(String text) {
        var digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        try {
            var number = Math.multiplyExact(Long.parseLong(text.substring(0, digits)), factor(text.substring(digits)));
            // Sizes of buffers are numbers of 32 bits.
            if (number > 0 && number <= Integer.MAX_VALUE) {
                return number;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw wrong(text);
        }
        throw wrong(text);
    }

    private long factor(String suffix) {
        return switch (unit) {
            case COUNT -> suffix.isEmpty() ? 1 : 0;
            case BYTES ->
                switch (suffix) {
                    case "" -> 1;
                    case "k", "K" -> 1 << 10;
                    case "M" -> 1 << 20;
                    case "G" -> 1 << 30;
                    default -> 0;
                };
            case TIME ->
                switch (suffix) {
                    case "", "s" -> 1000;
                    case "ms" -> 1;
                    case "m" -> Duration.ofMinutes(1).toMillis();
                    case "h" -> Duration.ofHours(1).toMillis();
                    default -> 0;
                };
        };
    }

    private TegaException wrong(String text) {
        var form =
                switch (unit) {
                    case COUNT -> "a number";
                    case BYTES -> "a number of bytes, such as 500, 64k or 8M";
                    case TIME -> "a time, such as 500ms, 30s or 5m";
                };
        return new TegaException.Invalid("the limit '" + word() + "' is " + form + ", not '" + text + "'");
    }
}
