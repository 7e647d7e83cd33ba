package tega.transport.http;

import java.util.ArrayDeque;
import java.util.Queue;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Texts on their way to one client: written one after the other, in order, without a thread that waits. It holds at most so
 * many bytes; a client that lets it overflow, or takes nothing for too long, is sent away.
 */
final class Outbox {
    static final int SLOW = 1013;

    /** What a text costs beside its characters. */
    private static final int OVERHEAD = 64;

    private final Line line;
    private final int bound;
    private final Runnable whenSlow;
    private final Queue<String> waiting = new ArrayDeque<>();
    private final Writer writer = new Writer();
    private int bytes;
    private boolean closed;
    private @Nullable Runnable whenRoom;
    private @Nullable Runnable farewell;
    /** When the write that is under way began, or 0. */
    private volatile long writingSince;
    /** What was taken when it was last looked, and when that had become more. */
    private long taken;

    private long movedAt = System.nanoTime();

    /** {@code whenSlow} is told when a client is sent away because it does not read. */
    Outbox(Line line, int bound, Runnable whenSlow) {
        this.line = line;
        this.whenSlow = whenSlow;
        this.bound = bound;
    }

    /** Sends {@code text} after all before it; one that does not fit ends the connection. */
    void send(String text) {
        boolean overflow;
        synchronized (this) {
            if (closed) {
                return;
            }
            // A single text larger than the bound goes through when nothing else waits.
            overflow = bytes > 0 && bytes + text.length() + OVERHEAD > bound;
            if (!overflow) {
                bytes += text.length() + OVERHEAD;
                waiting.add(text);
            }
        }
        if (overflow) {
            slow();
        } else {
            writer.iterate();
        }
    }

    /** Whether more may be fetched for it. When not, {@code then} is called once there is. */
    boolean hasRoom(Runnable then) {
        synchronized (this) {
            if (closed) {
                return false;
            }
            if (bytes < bound / 2) {
                return true;
            }
            whenRoom = then;
            return false;
        }
    }

    /** Sends away a client that does not read. */
    void slow() {
        if (end(
                SLOW,
                "SLOW: more than " + bound
                        + " bytes wait for you, or you take none of them; connect again and resume")) {
            whenSlow.run();
        }
    }

    /** Ends the connection when what waits is sent. */
    void closeAfter(int code, String reason) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            farewell = () -> line.close(code, reason);
        }
        writer.iterate();
    }

    /** Ends the connection; what waits is dropped. */
    void close(int code, String reason) {
        var unused = end(code, reason);
    }

    /** Whether it had not ended before. */
    private boolean end(int code, String reason) {
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
            waiting.clear();
        }
        line.close(code, reason);
        return true;
    }

    /** The connection has ended. */
    synchronized void ended() {
        closed = true;
        farewell = null;
        waiting.clear();
    }

    /**
     * For how many nanoseconds the client has taken nothing of what is written, as far as those who look, one at a time, can have
     * seen. One that takes a long text slowly is not stalled.
     */
    long stalled(long now) {
        var since = writingSince;
        if (since == 0) {
            return 0;
        }
        var moved = line.taken();
        if (moved != taken) {
            taken = moved;
            movedAt = now;
        }
        return Math.min(now - since, now - movedAt);
    }

    synchronized int bytes() {
        return bytes;
    }

    private final class Writer extends IteratingCallback {
        private int size;

        @Override
        public Invocable.InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }

        @Override
        protected Action process() {
            String text;
            Runnable then = null;
            synchronized (Outbox.this) {
                bytes -= size;
                size = 0;
                text = waiting.poll();
                if (text != null) {
                    size = text.length() + OVERHEAD;
                }
                if (bytes - size < bound / 4) {
                    then = whenRoom;
                    whenRoom = null;
                }
            }
            if (then != null) {
                then.run();
            }
            if (text == null) {
                writingSince = 0;
                leave();
                return Action.IDLE;
            }
            writingSince = System.nanoTime() | 1;
            line.write(text, this);
            return Action.SCHEDULED;
        }

        private void leave() {
            Runnable last;
            synchronized (Outbox.this) {
                last = farewell;
                farewell = null;
            }
            if (last != null) {
                last.run();
            }
        }

        @Override
        protected void onFailure(Throwable cause) {
            ended();
            line.abort();
        }
    }
}
