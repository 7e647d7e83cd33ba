package tega.api.spi;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;
import tega.api.Value;
import tega.api.plugin.RpcCall;

/** A connected client as the one who answers calls. */
@ConsumerType
@FunctionalInterface
public interface Callee {
    /**
     * Passes the call on and returns at once. The stage ends with the client's result, or with a {@link
     * tega.api.TegaException.CallFailed}: {@code NOT_DELIVERED} when the call surely did not reach the client, {@code
     * CALLEE_FAILED} with the client's message.
     */
    CompletionStage<Value> call(RpcCall call);
}
