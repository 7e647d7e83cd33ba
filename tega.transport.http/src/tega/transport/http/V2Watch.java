package tega.transport.http;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import tega.api.Change;
import tega.api.ObjectValue;
import tega.api.PathPattern;
import tega.api.Value;
import tega.api.Watch;
import tega.api.WatchEvent;
import tega.api.spi.Registration;

/** One watch of a tega.v2 client, by its id. With a window it is told no more than so many changes it has not acknowledged. */
final class V2Watch implements Registration {
    private final Value id;
    private final PathPattern pattern;
    private final Outbox outbox;
    private final int window;
    private final Runnable whenEnded;
    private final ArrayDeque<Long> unacknowledged = new ArrayDeque<>();
    private final Delivery delivery;

    V2Watch(
            Value id,
            PathPattern pattern,
            Watch watch,
            int window,
            Outbox outbox,
            Dispatcher dispatcher,
            Runnable whenEnded) {
        this.id = id;
        this.pattern = pattern;
        this.outbox = outbox;
        this.window = window;
        this.whenEnded = whenEnded;
        this.delivery = new Delivery(watch, outbox, dispatcher, this::tell);
    }

    void start() {
        delivery.start();
    }

    private void tell(WatchEvent event) {
        if (event instanceof WatchEvent.Changed changed) {
            tell(changed.change());
        } else if (event instanceof WatchEvent.Initial initial) {
            send("initial", CommitJson.initial(initial, pattern));
        } else if (event instanceof WatchEvent.Progress progress) {
            send("progress", Value.object("revision", Value.of(progress.revision())));
        } else if (event instanceof WatchEvent.Compacted compacted) {
            whenEnded.run(); // before it is told: then its id is free for whoever begins anew
            send("compacted", Value.object("oldest", Value.of(compacted.oldest())));
        } else if (event instanceof WatchEvent.Slow slow) {
            whenEnded.run();
            send("slow", Value.object("resume", Value.of(slow.resume())));
        }
    }

    private void tell(Change change) {
        if (window > 0) {
            synchronized (unacknowledged) {
                unacknowledged.add(change.commit().revision());
                if (unacknowledged.size() >= window) {
                    delivery.hold();
                }
            }
        }
        send("change", CommitJson.change(change).build());
    }

    private void send(String op, @Nullable ObjectValue content) {
        var frame = content == null ? Value.object() : content;
        outbox.send(frame.with("op", Value.of(op)).with("id", id).toString());
    }

    /** Everything up to {@code revision} has been dealt with. */
    void acknowledge(long revision) {
        synchronized (unacknowledged) {
            while (!unacknowledged.isEmpty() && unacknowledged.peek() <= revision) {
                unacknowledged.remove();
            }
            if (window > 0 && unacknowledged.size() < window) {
                delivery.go();
            }
        }
    }

    @Override
    public void close() {
        delivery.close();
    }
}
