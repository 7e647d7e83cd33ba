package tega.sync;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tega.api.spi.Scheduler;
import tega.api.spi.Wire;

/** Keeps a link to the server above: connects, and connects anew after a wait that grows and is never the same for two. */
final class Uplink {
    private final SyncNode node;
    private final Peer peer;
    private final Wire.Dialer dialer;
    private int attempts;
    private long downSince;
    private boolean closed;
    private Scheduler.@Nullable Task next;

    Uplink(SyncNode node, Peer peer, Wire.Dialer dialer) {
        this.node = node;
        this.peer = peer;
        this.dialer = dialer;
        this.downSince = node.scheduler().nanos();
    }

    Peer peer() {
        return peer;
    }

    /** Connects. */
    void dial() {
        synchronized (this) {
            if (closed) {
                return;
            }
            attempts++;
        }
        var link = Link.dialled(node, peer, this::ended);
        try {
            dialer.dial(link);
        } catch (RuntimeException e) {
            link.closed(String.valueOf(e.getMessage()));
        }
    }

    private synchronized void ended() {
        if (closed) {
            return;
        }
        var now = node.scheduler().nanos();
        if (peer.wasWelcome()) {
            attempts = 0;
            downSince = now;
        }
        next = node.scheduler()
                .after(pause(), () -> node.scheduler().background().execute(this::dial));
    }

    /** Between half and all of a wait that doubles, so that those who were cut off together do not come back together. */
    private Duration pause() {
        var timing = node.options().timing();
        var longest = timing.longest().toMillis();
        var wait = Math.min(longest, timing.retry().toMillis() << Math.min(attempts, 12));
        return Duration.ofMillis(wait / 2 + (long) (node.random().nextDouble() * wait / 2));
    }

    /** For how long there has been no link. */
    synchronized Duration downFor() {
        return peer.link() != null
                ? Duration.ZERO
                : Duration.ofNanos(node.scheduler().nanos() - downSince);
    }

    synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel();
        }
    }
}
