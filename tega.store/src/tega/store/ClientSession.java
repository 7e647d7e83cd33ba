package tega.store;

import java.time.Duration;
import tega.api.Identity;
import tega.api.Tega;
import tega.api.spi.Session;

/** The stay of one client. */
final class ClientSession implements Session {
    private final SessionDesk desk;
    private final Identity identity;
    private final Duration ttl;
    private final long epoch;
    private final Tega tega;

    ClientSession(SessionDesk desk, Store store, Identity identity, Duration ttl, long epoch) {
        this.desk = desk;
        this.identity = identity;
        this.ttl = ttl;
        this.epoch = epoch;
        this.tega = new SessionTega(store, identity, this);
    }

    Identity identity() {
        return identity;
    }

    Duration ttl() {
        return ttl;
    }

    /** Whether no newer session of the same {@code tega_id} has taken over, and this one has not ended. */
    boolean isCurrent() {
        return desk.isCurrent(this);
    }

    @Override
    public Tega tega() {
        return tega;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public void detach() {
        desk.detach(this);
    }

    @Override
    public void close() {
        desk.leave(this);
    }
}
