package tega.transport.http;

import java.util.Optional;
import java.util.function.Consumer;
import tega.api.TegaException;
import tega.api.Watch;
import tega.api.WatchEvent;
import tega.api.spi.Registration;

/**
 * The way from one watch to one outbox: events are fetched while there is room, and wait in the bounded queue of the watch
 * while there is none.
 */
final class Delivery implements Registration, Dispatcher.Bringer {
    private final Watch watch;
    private final Outbox outbox;
    private final Consumer<WatchEvent> receiver;
    private final Dispatcher.Round round;
    private volatile boolean closed;
    private volatile boolean held;

    Delivery(Watch watch, Outbox outbox, Dispatcher dispatcher, Consumer<WatchEvent> receiver) {
        this.watch = watch;
        this.outbox = outbox;
        this.receiver = receiver;
        this.round = dispatcher.round(this);
    }

    void start() {
        watch.onReady(round::signal);
    }

    @Override
    public synchronized boolean bring(int most) {
        for (var i = 0; i < most; i++) {
            if (closed || held || !outbox.hasRoom(round::signal)) {
                return false;
            }
            Optional<WatchEvent> event;
            try {
                event = watch.poll();
            } catch (TegaException.Unavailable e) {
                outbox.close(Sockets.EXCHANGED, "a part of the server is being exchanged; connect again and resume");
                return false;
            }
            if (event.isEmpty()) {
                return false;
            }
            receiver.accept(event.get());
        }
        return true;
    }

    /** Fetches nothing more until {@link #go()}. */
    void hold() {
        held = true;
    }

    void go() {
        held = false;
        round.signal();
    }

    long revision() {
        return watch.revision();
    }

    /** When this returns the receiver is told nothing more. */
    @Override
    public synchronized void close() {
        closed = true;
        watch.close();
    }
}
