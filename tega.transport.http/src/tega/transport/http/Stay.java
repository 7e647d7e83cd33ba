package tega.transport.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tega.api.Identity;
import tega.api.Scope;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.spi.Callee;
import tega.api.spi.Registration;
import tega.api.spi.Session;

/** The stay of a client on one connection, from saying who it is to leaving. */
final class Stay implements Clients.Client {
    private final Outbox outbox;
    private final Parts parts;
    private final Clients clients;
    private final Inquiries inquiries;
    private volatile @Nullable Session session;
    private volatile Scope scope = Scope.LOCAL;
    private volatile boolean replaced;
    private final Function<String, Identity> naming;
    private volatile Identity identity = Identity.ANONYMOUS;
    private volatile @Nullable Registration callee;
    private volatile Duration ttl = Duration.ZERO;
    private boolean ended;

    /** {@code naming}: who the client is when it goes by a name. */
    Stay(Function<String, Identity> naming, Outbox outbox, Parts parts, Clients clients, HttpOptions options) {
        this.naming = naming;
        this.outbox = outbox;
        this.parts = parts;
        this.clients = clients;
        this.inquiries = new Inquiries(options.calls());
    }

    /** The client says who it is, and answers calls from now on; whoever had the name before is sent away. */
    Session begin(String tegaId, Scope reach, Duration longest, Callee answering) {
        if (session != null) {
            throw new TegaException.Invalid("this connection is '" + identity.tegaId() + "' already; open another");
        }
        var claimed = naming.apply(tegaId);
        var before = new AtomicReference<Clients.@Nullable Client>();
        var opened = clients.inTurn(tegaId, () -> enter(claimed, reach, longest, answering, before));
        var replaces = before.get();
        if (replaces != null) {
            replaces.replaced();
        }
        return opened;
    }

    /** The newest session, the newest callee and the newest connection of a name are one and the same: nobody else enters now. */
    private synchronized Session enter(
            Identity claimed,
            Scope reach,
            Duration longest,
            Callee answering,
            AtomicReference<Clients.@Nullable Client> before) {
        if (ended) {
            throw new TegaException.Unavailable("the connection has ended");
        }
        var opened = parts.sessions().open(claimed, longest);
        Registration attached = null;
        try {
            attached = parts.calls().attach(claimed, answering);
            identity = claimed;
            scope = reach;
            ttl = longest;
            // Before the others learn of it: a request that comes at this moment is already this session's.
            callee = attached;
            session = opened;
            before.set(clients.add(this));
        } catch (TegaException e) {
            session = null;
            callee = null;
            if (attached != null) {
                attached.close();
            }
            opened.detach();
            throw e;
        }
        return opened;
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /** {@code INVALID} as long as the client has not said who it is. */
    Identity known() {
        tega();
        return identity;
    }

    @Override
    public Tega tega() {
        var open = session;
        if (open == null) {
            throw new TegaException.Invalid("say who you are first");
        }
        return open.tega();
    }

    @Override
    public Scope scope() {
        return scope;
    }

    Inquiries inquiries() {
        return inquiries;
    }

    @Override
    public void replaced() {
        replaced = true;
        outbox.close(4409, "another connection is '" + identity.tegaId() + "' now");
    }

    @Override
    public void exchanged() {
        outbox.close(1012, "a part of the server is being exchanged; connect again and resume");
    }

    /** The connection has ended: for good when {@code clean}, else perhaps for a while. */
    void end(boolean clean) {
        Session open;
        synchronized (this) { // after whoever is about to enter
            ended = true;
            open = session;
        }
        if (open == null) {
            return;
        }
        var left = open;
        clients.inTurn(identity.tegaId(), () -> leave(left, clean));
        inquiries.gone(identity.tegaId());
        if (clean && !replaced) {
            open.close();
        }
    }

    private boolean leave(Session open, boolean clean) {
        var attached = callee;
        if (attached != null) {
            attached.close();
        }
        if (clean) {
            clients.remove(this);
        } else {
            clients.lose(this, ttl);
            open.detach();
        }
        return clean;
    }
}
