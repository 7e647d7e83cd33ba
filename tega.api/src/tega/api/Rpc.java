package tega.api;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** Calls of RPC paths, on behalf of one identity. Whoever answers is found by the path: a plugin, or a connected client. */
@ProviderType
public interface Rpc {
    /**
     * Calls {@code path} and returns at once. The stage ends with the result, which may be any value, or with a {@link
     * TegaException}: {@code NO_OWNER} when nobody answers for the path, {@code FORBIDDEN}, {@code NOT_DELIVERED} when it surely
     * did not reach its owner, {@code CALLEE_FAILED} with the callee's message, {@code TIMEOUT} when there was no answer within
     * {@code deadline}. A late answer is dropped. Cancelling the stage's future frees the caller, and tells
     * a callee that is a client, here or at another server, that nobody waits any more.
     */
    CompletionStage<Value> call(Path path, List<Value> args, ObjectValue kwargs, Duration deadline);
}
