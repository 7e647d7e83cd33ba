package tega.shell;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tega.api.ErrorCode;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcCall;
import tega.api.plugin.RpcHandler;
import tega.api.spi.Calls;
import tega.api.spi.Registration;

/** The calls that are answered in the server's own process for one identity, each on a thread of the common pool. */
final class LocalAnswers implements AutoCloseable {
    private final Identity identity;
    private final Supplier<Tega> tega;
    private final Supplier<Calls> calls;
    private final Map<Path, RpcHandler> handlers = new ConcurrentHashMap<>();
    private @Nullable Registration attached;

    LocalAnswers(Identity identity, Supplier<Tega> tega, Supplier<Calls> calls) {
        this.identity = identity;
        this.tega = tega;
        this.calls = calls;
    }

    /** Answers the calls of {@code path} until closed. */
    synchronized Registration serve(Path path, RpcHandler handler) {
        if (attached == null) {
            attached = calls.get().attach(identity, this::answer);
        }
        if (handlers.putIfAbsent(path, handler) != null) {
            throw new TegaException.Conflict(path, "'" + path + "' is answered here already");
        }
        try (var transaction = tega.get().begin()) {
            var reference = Value.of("%" + identity.tegaId() + "." + path.last() + "%");
            transaction.putEphemeral(path, reference).commit();
        } catch (TegaException e) {
            handlers.remove(path);
            throw e;
        }
        return () -> {
            if (handlers.containsKey(path)) {
                try {
                    tega.get().delete(path);
                } finally {
                    handlers.remove(path);
                }
            }
        };
    }

    private CompletionStage<Value> answer(RpcCall call) {
        var handler = handlers.get(call.path());
        if (handler == null) {
            return CompletableFuture.failedFuture(new TegaException.CallFailed(
                    ErrorCode.CALLEE_FAILED,
                    call.path(),
                    "'" + identity.tegaId() + "' does not answer for '" + call.path() + "'"));
        }
        return CompletableFuture.supplyAsync(() -> {
            try {
                return handler.call(call);
            } catch (Exception e) {
                var why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
                throw new TegaException.CallFailed(ErrorCode.CALLEE_FAILED, call.path(), why);
            }
        });
    }

    @Override
    public synchronized void close() {
        handlers.clear();
        if (attached != null) {
            attached.close();
            attached = null;
        }
    }
}
