package tega.transport.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.eclipse.jetty.util.thread.Scheduler;
import tega.api.TegaException;

/** All lasting connections: looked after once a second, so that none needs a clock of its own. */
final class Sockets {
    private static final long GRACE = 2000;

    /** Codes of closing, as HTTP's 401 and 503. */
    static final int UNAUTHENTICATED = 4401;

    static final int EXCHANGED = 1012;

    private final Scheduler scheduler;
    private final Arrivals arrivals;
    private final Duration stall;
    private final long beat;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private volatile LongConsumer others = now -> {};
    private final LongAdder slow = new LongAdder();
    private long rounds;
    private volatile boolean stopped;

    Sockets(Scheduler scheduler, Arrivals arrivals, HttpOptions options) {
        this.arrivals = arrivals;
        this.scheduler = scheduler;
        this.stall = options.stall();
        this.beat = Math.max(1, options.idle().toSeconds() / 3);
    }

    void start() {
        scheduler.schedule(this::lookAfter, 1, TimeUnit.SECONDS);
    }

    /** Does this too, with the time in nanoseconds. */
    void also(LongConsumer other) {
        others = other;
    }

    void stop() {
        stopped = true;
    }

    void add(Socket socket) {
        sockets.add(socket);
    }

    void remove(Socket socket) {
        sockets.remove(socket);
    }

    void add(EventStream stream) {
        streams.add(stream);
    }

    void remove(EventStream stream) {
        streams.remove(stream);
    }

    int size() {
        return sockets.size() + streams.size();
    }

    int sockets() {
        return sockets.size();
    }

    int streams() {
        return streams.size();
    }

    /** A client was sent away because it did not take what waited for it. */
    void countSlow() {
        slow.increment();
    }

    long slow() {
        return slow.sum();
    }

    /** What waits to be sent, all together. */
    long waitingBytes() {
        return sockets.stream().mapToLong(socket -> socket.outbox().bytes()).sum()
                + streams.stream().mapToLong(stream -> stream.outbox().bytes()).sum();
    }

    /** Does something after a moment of grace. */
    void soon(Runnable task) {
        scheduler.schedule(task, GRACE, TimeUnit.MILLISECONDS);
    }

    private void lookAfter() {
        if (stopped) {
            return;
        }
        var now = System.nanoTime();
        rounds++;
        arrivals.lookAfter(now);
        others.accept(now);
        var beats = rounds % beat == 0;
        for (var socket : sockets) {
            if (isStalled(socket.outbox(), now)) {
                socket.outbox().slow();
            } else if (!isGone(socket.caller(), socket.outbox()) && beats) {
                socket.ping();
            }
        }
        for (var stream : streams) {
            if (isStalled(stream.outbox(), now)) {
                stream.outbox().slow();
            } else if (!isGone(stream.caller(), stream.outbox()) && beats) {
                stream.ping();
            }
        }
        start();
    }

    /** Sends away whose token or certificate is worth nothing any more; whether it did. */
    private static boolean isGone(Caller caller, Outbox outbox) {
        try {
            caller.check();
            return false;
        } catch (TegaException.Unauthenticated e) {
            outbox.close(UNAUTHENTICATED, "UNAUTHENTICATED: " + e.getMessage());
            return true;
        } catch (TegaException e) {
            // Nobody can tell at the moment, and as long nothing is given out.
            return false;
        }
    }

    /** The streams rely on a part that has come or gone: they must be asked for anew. */
    void exchanged() {
        streams.forEach(stream -> stream.outbox().close(EXCHANGED, "a part of the server is being exchanged"));
    }

    private boolean isStalled(Outbox outbox, long now) {
        return outbox.stalled(now) > stall.toNanos();
    }
}
