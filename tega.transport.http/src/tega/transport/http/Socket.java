package tega.transport.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;
import tega.api.ErrorCode;
import tega.api.TegaException;

/**
 * One WebSocket connection: hands its messages, one at a time, to the protocol that was agreed on, and counts what the
 * protocol does not understand. Public because Jetty calls it by method handles.
 */
public final class Socket implements Session.Listener, Line {
    private static final int PATIENCE = 3;

    /** What is spoken on a connection. */
    interface Dialect {
        /** One message; {@code INVALID} when it is malformed. Must not block for long. */
        void text(String message);

        /** The text that tells of an error. */
        String error(ErrorCode code, String sentence);

        /** Whether it finds out by itself, now and then, whether the other side is there. */
        default boolean hasHeartbeat() {
            return false;
        }

        /** The connection has ended; {@code clean} when the client said good-bye. */
        void ended(boolean clean);
    }

    /** Makes the dialect of a connection that has just been opened. */
    interface Opening {
        Dialect open(Socket socket, Outbox outbox);
    }

    private final Opening opening;
    private final Caller caller;
    private final Sockets sockets;
    private final Outbox outbox;
    private final EndPoint endPoint;
    private volatile @Nullable Session session;
    private volatile @Nullable Dialect dialect;
    private volatile boolean ended;
    private int misunderstood;

    Socket(Opening opening, Caller caller, Sockets sockets, EndPoint endPoint, int bound) {
        this.endPoint = endPoint;
        this.opening = opening;
        this.caller = caller;
        this.sockets = sockets;
        this.outbox = new Outbox(this, bound, sockets::countSlow);
    }

    Outbox outbox() {
        return outbox;
    }

    Caller caller() {
        return caller;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        session = opened;
        dialect = opening.open(this, outbox);
        sockets.add(this);
        if (ended) {
            sockets.remove(this);
        }
        opened.demand();
    }

    @Override
    public void onWebSocketText(String message) {
        var open = session;
        var spoken = dialect;
        if (open == null || spoken == null) {
            return;
        }
        try {
            spoken.text(message);
            misunderstood = 0;
        } catch (TegaException e) {
            refuse(spoken, e.code(), e.getMessage());
        } catch (RuntimeException e) {
            var error = Problem.unexpected(e);
            refuse(spoken, error.code(), error.getMessage());
        }
        open.demand();
    }

    private void refuse(Dialect spoken, ErrorCode code, String sentence) {
        misunderstood = code == ErrorCode.INVALID ? misunderstood + 1 : 0;
        outbox.send(spoken.error(code, sentence));
        if (misunderstood == PATIENCE) {
            sayGoodBye(StatusCode.POLICY_VIOLATION, PATIENCE + " malformed frames in a row");
        }
    }

    /** Takes frames of up to so many bytes. */
    void expectFrames(int bytes) {
        var open = session;
        if (open != null) {
            open.setMaxTextMessageSize(bytes);
            open.setMaxFrameSize(bytes);
        }
    }

    /** Ends the connection when all that waits is sent. */
    void sayGoodBye(int code, String reason) {
        outbox.closeAfter(code, reason);
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, org.eclipse.jetty.websocket.api.Callback callback) {
        callback.succeed();
        outbox.close(StatusCode.BAD_DATA, "frames are text");
    }

    /** Tells a client that is quiet that the server is still there, and learns whether it is. */
    void ping() {
        var open = session;
        var spoken = dialect;
        if (open != null && open.isOpen() && spoken != null && !spoken.hasHeartbeat()) {
            open.sendPing(ByteBuffer.allocate(0), org.eclipse.jetty.websocket.api.Callback.NOOP);
        }
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        demand();
    }

    @Override
    public void onWebSocketPing(ByteBuffer payload) {
        var open = session;
        if (open != null) {
            open.sendPong(payload, org.eclipse.jetty.websocket.api.Callback.NOOP);
        }
        demand();
    }

    private void demand() {
        var open = session;
        if (open != null) {
            open.demand();
        }
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        // The close that follows says what there is to say.
        outbox.ended();
    }

    @Override
    public void onWebSocketClose(int code, String reason, org.eclipse.jetty.websocket.api.Callback callback) {
        end(code == StatusCode.NORMAL || code == StatusCode.SHUTDOWN);
        callback.succeed();
    }

    private void end(boolean clean) {
        ended = true;
        outbox.ended();
        sockets.remove(this);
        var spoken = dialect;
        dialect = null;
        if (spoken != null) {
            spoken.ended(clean);
        }
    }

    @Override
    public void write(String text, Callback done) {
        var open = session;
        if (open == null) {
            done.failed(new IllegalStateException("not open"));
            return;
        }
        open.sendText(text, org.eclipse.jetty.websocket.api.Callback.from(done::succeeded, done::failed));
    }

    @Override
    public long taken() {
        return MeasuredEndPoint.taken(endPoint);
    }

    @Override
    public void close(int code, String reason) {
        var open = session;
        if (open != null) {
            open.close(code, reason, org.eclipse.jetty.websocket.api.Callback.NOOP);
            // Whoever does not read will not read this either.
            sockets.soon(this::abort);
        }
    }

    @Override
    public void abort() {
        var open = session;
        if (open != null) {
            open.disconnect();
        }
    }
}
