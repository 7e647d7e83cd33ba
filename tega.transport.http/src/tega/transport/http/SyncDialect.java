package tega.transport.http;

import tega.api.ErrorCode;
import tega.api.spi.Wire;

/** A connection of another server: its frames go to whoever keeps servers equal. It has a heart-beat of its own. */
final class SyncDialect implements Socket.Dialect, Wire {
    /** Much may be on its way; the frames themselves bound it. */
    static final int BOUND = 64 << 20;

    /** The largest commit and what is around it. */
    static final int FRAME = 24 << 20;

    private final Socket socket;
    private final Outbox outbox;
    private final Wire.Listener listener;

    SyncDialect(Socket socket, Caller caller, Outbox outbox, Parts parts) {
        this.socket = socket;
        this.outbox = outbox;
        this.listener = parts.peers().accept(caller.identity());
        socket.expectFrames(FRAME);
        listener.opened(this);
    }

    @Override
    public boolean hasHeartbeat() {
        return true;
    }

    @Override
    public void text(String message) {
        listener.received(message);
    }

    @Override
    public String error(ErrorCode code, String sentence) {
        return "{\"op\":\"failure\"}";
    }

    @Override
    public void ended(boolean clean) {
        listener.closed(clean ? "the other server ended the connection" : "the connection was lost");
    }

    @Override
    public void send(String frame) {
        outbox.send(frame);
    }

    @Override
    public void close(String reason) {
        // A reason has at most 123 bytes (RFC 6455, section 5.5).
        socket.sayGoodBye(1000, reason.length() > 40 ? reason.substring(0, 40) : reason);
    }
}
