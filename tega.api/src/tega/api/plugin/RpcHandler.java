package tega.api.plugin;

import org.osgi.annotation.versioning.ConsumerType;
import tega.api.Value;

/** Answers calls of the RPC paths it is registered for ({@link TegaRpc}). Called by several threads at once. */
@ConsumerType
@FunctionalInterface
public interface RpcHandler {
    /** The result; any exception becomes the caller's error with its message. Long work belongs into the tree, not here. */
    Value call(RpcCall call) throws Exception;
}
