package tega.transport.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingNestedCallback;
import org.jspecify.annotations.Nullable;
import tega.api.ObjectValue;
import tega.api.PathPattern;
import tega.api.Value;
import tega.api.Watch;
import tega.api.WatchEvent;

/** A watch as Server-Sent Events (HTML, section 9.2): each event carries the revision to resume from as its id. */
final class EventStream implements Reply.Stream, Line {
    private static final int PIECE = 32 << 10;

    private final Caller caller;
    private final Watch watch;
    private final PathPattern pattern;
    private final Sockets sockets;
    private final Dispatcher dispatcher;
    private final Outbox outbox;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile long taken;
    private @Nullable Response response;
    private @Nullable Callback callback;
    private @Nullable Delivery delivery;

    EventStream(Caller caller, Watch watch, PathPattern pattern, Sockets sockets, Dispatcher dispatcher, int bound) {
        this.caller = caller;
        this.watch = watch;
        this.pattern = pattern;
        this.sockets = sockets;
        this.dispatcher = dispatcher;
        this.outbox = new Outbox(this, bound, sockets::countSlow);
    }

    Outbox outbox() {
        return outbox;
    }

    Caller caller() {
        return caller;
    }

    @Override
    public void begin(Request incoming, Response outgoing, Callback done) {
        response = outgoing;
        callback = done;
        outgoing.setStatus(200);
        outgoing.getHeaders().add(HttpHeader.CONTENT_TYPE, "text/event-stream");
        outgoing.getHeaders().add(HttpHeader.CACHE_CONTROL, "no-store");
        outgoing.getHeaders().add("Tega-Revision", Long.toString(watch.revision()));
        incoming.addIdleTimeoutListener(timeout -> false);
        incoming.addFailureListener(failure -> abort());
        var bringing = new Delivery(watch, outbox, dispatcher, this::tell);
        delivery = bringing;
        sockets.add(this);
        outbox.send(": tega\n\n");
        bringing.start();
    }

    private void tell(WatchEvent event) {
        if (event instanceof WatchEvent.Changed changed) {
            var revision = changed.change().commit().revision();
            outbox.send(
                    text("change", revision, CommitJson.change(changed.change()).build()));
        } else if (event instanceof WatchEvent.Initial initial) {
            outbox.send(text("initial", initial.revision(), CommitJson.initial(initial, pattern)));
        } else if (event instanceof WatchEvent.Progress progress) {
            outbox.send(text("progress", progress.revision(), Value.object("revision", Value.of(progress.revision()))));
        } else if (event instanceof WatchEvent.Compacted compacted) {
            outbox.send("event: compacted\ndata: " + Value.object("oldest", Value.of(compacted.oldest())) + "\n\n");
            outbox.closeAfter(1000, "compacted");
        } else if (event instanceof WatchEvent.Slow slow) {
            outbox.send("event: slow\ndata: " + Value.object("resume", Value.of(slow.resume())) + "\n\n");
            sockets.countSlow();
            outbox.closeAfter(Outbox.SLOW, "slow");
        }
    }

    private static String text(String event, long revision, ObjectValue data) {
        return "event: " + event + "\nid: " + revision + "\ndata: " + data + "\n\n";
    }

    /** A comment, so that neither end nor anything between takes the quiet for the end. */
    void ping() {
        outbox.send(":\n\n");
    }

    @Override
    public void write(String text, Callback done) {
        var open = response;
        if (open == null || ended.get()) {
            done.failed(new IllegalStateException("ended"));
            return;
        }
        new Pieces(open, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), done).iterate();
    }

    @Override
    public long taken() {
        return taken;
    }

    /** A text, piece by piece: when one is written, the client has taken the one before. */
    private final class Pieces extends IteratingNestedCallback {
        private final Response open;
        private final ByteBuffer text;

        Pieces(Response open, ByteBuffer text, Callback done) {
            super(done);
            this.open = open;
            this.text = text;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one text is written at a time
        protected Action process() {
            if (!text.hasRemaining()) {
                return Action.SUCCEEDED;
            }
            taken++;
            var piece = text.slice();
            piece.limit(Math.min(PIECE, piece.limit()));
            text.position(text.position() + piece.limit());
            open.write(false, piece, this);
            return Action.SCHEDULED;
        }
    }

    @Override
    public void close(int code, String reason) {
        if (code == 1000) {
            end(null);
        } else {
            abort();
        }
    }

    @Override
    public void abort() {
        end(new java.io.IOException("the event stream has ended"));
    }

    private void end(@Nullable Throwable failure) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        sockets.remove(this);
        outbox.ended();
        var bringing = delivery;
        if (bringing != null) {
            bringing.close();
        }
        var open = response;
        var done = callback;
        if (open == null || done == null) {
            return;
        }
        if (failure == null) {
            open.write(true, ByteBuffer.allocate(0), done);
        } else {
            done.failed(failure);
        }
    }
}
