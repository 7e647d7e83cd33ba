package tega.api.spi;

import org.osgi.annotation.versioning.ConsumerType;

/** A connection to another server: texts go both ways, in order, each whole or not at all. */
@ConsumerType
public interface Wire {
    /** Sends {@code frame} after all before it. Never waits; what can no longer be sent is dropped, and the listener hears of the end. */
    void send(String frame);

    /** Ends it; the reason is for people. The listener hears of the end, if it has not yet. */
    void close(String reason);

    /** What hears of a connection: one call at a time, {@link #opened} first and {@link #closed} last. Returns at once. */
    @ConsumerType
    interface Listener {
        /** It is there. */
        void opened(Wire wire);

        /** The other server has sent {@code frame}. */
        void received(String frame);

        /** It has ended, or never came to be. */
        void closed(String reason);
    }

    /** Reaches the server above this one. */
    @ConsumerType
    @FunctionalInterface
    interface Dialer {
        /** Begins to connect, and returns at once. */
        void dial(Listener listener);
    }
}
