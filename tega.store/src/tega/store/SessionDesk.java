package tega.store;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tega.api.CommitKind;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.spi.Scheduler;
import tega.api.spi.Session;
import tega.api.spi.Sessions;

/** Who is here: at most one current session of each {@code tega_id}, and the clocks of those whose connection is lost. */
final class SessionDesk implements Sessions {
    private static final class Seat {
        private final ClientSession session;
        private Scheduler.@Nullable Task clock;

        Seat(ClientSession session) {
            this.session = session;
        }

        void stopClock() {
            if (clock != null) {
                clock.cancel();
                clock = null;
            }
        }
    }

    private final Store store;
    private final Map<String, Seat> seats = new HashMap<>();
    private long epochs;
    private boolean closed;

    SessionDesk(Store store) {
        this.store = store;
    }

    /** Epochs go on where those of earlier runs, which had fewer commits, cannot have been. */
    synchronized void begin(long revision) {
        epochs = revision << 20;
    }

    @Override
    public synchronized Session open(Identity identity, Duration ttl) {
        store.requireOpen();
        var before = seats.get(identity.tegaId());
        if (before != null) {
            var author = before.session.identity().author();
            if (!author.equals(identity.author())) {
                throw new TegaException.Forbidden(
                        Path.EMPTY,
                        "the tega_id '" + identity.tegaId() + "' is in use by somebody else; choose another");
            }
            before.stopClock();
        }
        var session = new ClientSession(this, store, identity, ttl, ++epochs);
        seats.put(identity.tegaId(), new Seat(session));
        return session;
    }

    @Override
    public Tega tega(Identity identity) {
        return new SessionTega(store, identity, null);
    }

    @SuppressWarnings("ReferenceEquality") // this very session
    synchronized boolean isCurrent(ClientSession session) {
        var seat = seats.get(session.identity().tegaId());
        return seat != null && seat.session == session;
    }

    /** How many sessions there are, lost connections included. */
    synchronized int size() {
        return seats.size();
    }

    synchronized void detach(ClientSession session) {
        if (!closed && isCurrent(session)) {
            wind(session, session.ttl());
        }
    }

    private synchronized void wind(ClientSession session, Duration delay) {
        var seat = seats.get(session.identity().tegaId());
        if (seat != null) {
            seat.stopClock();
            var scheduler = store.scheduler();
            seat.clock = scheduler.after(delay, () -> scheduler.background().execute(() -> leave(session)));
        }
    }

    /** Its ephemeral nodes go, in one commit; not when a newer session has taken them over. */
    void leave(ClientSession session) {
        if (!isCurrent(session)) {
            return;
        }
        var identity = session.identity();
        try {
            if (!store.state().leases().of(identity.tegaId()).isEmpty()) {
                store.commit(Intent.of(
                        new Intent.Actor(identity, session),
                        CommitKind.LEASE,
                        new Operation.Leave(identity.tegaId(), session::isCurrent)));
            }
        } catch (TegaException e) {
            retry(session);
            return;
        }
        rise(session);
    }

    private synchronized void retry(ClientSession session) {
        if (!closed && isCurrent(session)) {
            wind(session, Store.RETRY);
        }
    }

    private synchronized void rise(ClientSession session) {
        if (isCurrent(session)) {
            var seat = seats.remove(session.identity().tegaId());
            if (seat != null) {
                seat.stopClock();
            }
        }
    }

    synchronized void close() {
        closed = true;
        seats.values().forEach(Seat::stopClock);
        seats.clear();
    }
}
