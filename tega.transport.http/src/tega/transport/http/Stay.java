package tega.transport.http;

import java.time.Duration;
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
    private final Caller caller;
    private volatile Identity identity = Identity.ANONYMOUS;
    private volatile @Nullable Registration callee;

    Stay(Caller caller, Outbox outbox, Parts parts, Clients clients, HttpOptions options) {
        this.caller = caller;
        this.outbox = outbox;
        this.parts = parts;
        this.clients = clients;
        this.inquiries = new Inquiries(options.calls());
    }

    /** The client says who it is, and answers calls from now on; whoever had the name before is sent away. */
    Session begin(String tegaId, Scope reach, Duration ttl, Callee answering) {
        if (session != null) {
            throw new TegaException.Invalid("this connection is '" + identity.tegaId() + "' already; open another");
        }
        var claimed = caller.identity(tegaId);
        var opened = parts.sessions().open(claimed, ttl);
        Registration attached = null;
        try {
            attached = parts.calls().attach(claimed, answering);
            identity = claimed;
            scope = reach;
            // Before the others learn of it: a request that comes at this moment is already this session's.
            callee = attached;
            session = opened;
            clients.add(this);
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
        var open = session;
        if (open == null) {
            return;
        }
        var attached = callee;
        if (attached != null) {
            attached.close();
        }
        clients.remove(this);
        inquiries.gone(identity.tegaId());
        if (clean && !replaced) {
            open.close();
        } else {
            open.detach();
        }
    }
}
