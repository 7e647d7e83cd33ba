package tega.api.spi;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import tega.api.Identity;
import tega.api.Rpc;

/**
 * Where the doors hand over calls, and where connected clients offer themselves as callees. A path is answered by the plugin
 * registered for it; else by the client named in the reference that its node holds ({@code %Owner.func}: the owner is what
 * stands before the first dot, without {@code %}).
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
}
