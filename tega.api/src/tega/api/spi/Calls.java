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

    /** Makes {@code callee} the one who answers for {@code owner}, in place of whoever did. Close it when the client is gone. */
    Registration attach(String owner, Callee callee);

    /** The owners that are attached now, in order. */
    List<String> owners();
}
