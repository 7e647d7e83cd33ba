package tega.transport.http;

import org.eclipse.jetty.util.Callback;

/** What an {@link Outbox} writes to: a WebSocket, or the body of a response that goes on and on. */
interface Line {
    /** Begins to write one text; {@code done} is told when the next can be written. */
    void write(String text, Callback done);

    /** How much the other side has taken of everything so far, in any unit; grows when it takes more. Asked by one thread. */
    long taken();

    /** Says good-bye with a code of RFC 6455, section 7.4, and ends. Called once. */
    void close(int code, String reason);

    /** Ends without waiting for anything. */
    void abort();
}
