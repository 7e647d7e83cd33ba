package tega.api.spi;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Rpc;
import tega.api.Value;
import tega.api.plugin.RpcCall;

/**
 * Where the doors hand over calls, and where connected clients offer themselves as callees. A path is answered by the plugin
 * registered for it; else by the client named in the reference that its node holds ({@code %Owner.func}: the owner is what
 * stands before the first dot, without {@code %}); else by whoever is {@link Beyond}.
 */
@ProviderType
public interface Calls {
    /** Calls in the name of {@code caller}. */
    Rpc as(Identity caller);

    /**
     * Makes {@code callee} the one who answers for the {@code tega_id} of {@code owner}, in place of the same author's earlier
     * one; {@code FORBIDDEN} while another author answers for it. It is asked at those paths where {@code owner} may write, as
     * whoever set the reference may: a {@code tega_id} alone makes nobody the owner. Close it when the client is gone.
     */
    Registration attach(Identity owner, Callee callee);

    /** The {@code tega_id}s of the owners that are attached now, in order. */
    List<String> owners();

    /**
     * Has somebody here answer a call that comes from another server, whose caller was permitted there. The stage is as that of
     * {@link Rpc#call}; cancelling its future tells the callee. Empty when nobody here answers for the path.
     */
    Optional<CompletionStage<Value>> here(RpcCall call);

    /** The paths that plugins answer for here, in order. */
    List<Path> paths();

    /** Has {@code beyond} asked from now on about calls that nobody here answers, in place of any other. */
    Registration route(Beyond beyond);

    /** What is beyond this server. Any thread. */
    @ConsumerType
    interface Beyond {
        /** Passes the call on, and returns at once; empty when nobody there answers for the path either. */
        Optional<CompletionStage<Value>> call(RpcCall call);

        /** The {@link #paths()} or {@link #owners()} here are others now. */
        void changed();
    }
}
