package tega.sync;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tega.api.ErrorCode;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcCall;
import tega.api.spi.Calls;

/**
 * Finds the way of calls: to somebody here, else to the server below that has the owner, else up. What was answered is kept for a
 * while under the call's id, so that asking again is not calling again. Any thread.
 */
final class Answers implements Calls.Beyond {
    /** So long an outcome is kept after the deadline of its call. */
    private static final Duration KEPT = Duration.ofSeconds(60);

    private static final int MOST_KEPT = 10_000;

    private final SyncNode node;
    private final Calls calls;
    private final Map<String, CompletableFuture<Value>> known = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final String incarnation;

    Answers(SyncNode node, Calls calls) {
        this.node = node;
        this.calls = calls;
        this.incarnation = node.id() + "/" + Long.toString(node.random().nextLong() >>> 1, 36) + "/";
    }

    Calls calls() {
        return calls;
    }

    /** A call that a peer asks for, perhaps not for the first time. */
    CompletableFuture<Value> answer(String id, RpcCall call, Peer from) {
        var before = known.get(id);
        if (before != null) {
            node.figures.repeatedCalls.increment();
            return before.thenApply(value -> value);
        }
        if (known.size() >= MOST_KEPT) {
            throw new TegaException.CallFailed(
                    ErrorCode.NOT_DELIVERED, call.path(), "'" + node.id() + "' has too many calls to answer");
        }
        var answer = new CompletableFuture<Value>();
        known.put(id, answer);
        node.scheduler().after(call.remaining().plus(KEPT), () -> known.remove(id));
        try {
            var here = calls.here(call);
            var stage = here.isPresent() ? here : beyond(id, call, from);
            if (stage.isEmpty()) {
                throw noOwner(call);
            }
            var working = stage.get().toCompletableFuture();
            Stages.then(working, (value, failure) -> {
                if (failure == null) {
                    answer.complete(value);
                } else {
                    answer.completeExceptionally(Errors.cause(failure));
                }
            });
            Stages.then(answer, (value, failure) -> {
                if (answer.isCancelled()) {
                    working.cancel(false);
                }
            });
        } catch (TegaException e) {
            answer.completeExceptionally(e);
        }
        return answer.thenApply(value -> value);
    }

    private static TegaException noOwner(RpcCall call) {
        return new TegaException.CallFailed(
                ErrorCode.NO_OWNER, call.path(), "nobody answers for the RPC '" + call.path() + "'");
    }

    /** Whoever asked does not wait any more. */
    void cancel(String id) {
        var working = known.get(id);
        if (working != null) {
            working.cancel(false);
        }
    }

    @Override
    public Optional<CompletionStage<Value>> call(RpcCall call) {
        return beyond(incarnation + numbers.incrementAndGet(), call, null).map(stage -> stage);
    }

    /** Who is asked that is not here; nobody is asked back. */
    private Optional<CompletionStage<Value>> beyond(String id, RpcCall call, @Nullable Peer from) {
        var next = next(call.path(), from);
        return next == null ? Optional.empty() : Optional.of(next.remote().call(id, call));
    }

    private @Nullable Peer next(Path path, @Nullable Peer from) {
        var owner = owner(path);
        Peer upper = null;
        for (var peer : node.allPeers()) {
            if (peer == from) {
                continue;
            }
            if (peer.isUpper()) {
                upper = peer;
            } else if (peer.remote().answers(path, owner)) {
                return peer;
            }
        }
        var home = path.isEmpty() ? null : node.home(path.root());
        if (home != null) {
            for (var peer : node.allPeers()) {
                if (peer != from && !peer.isUpper() && peer.inflows().containsValue(home)) {
                    return peer;
                }
            }
        }
        return upper;
    }

    private @Nullable String owner(Path path) {
        if (path.isEmpty() || !(node.tega().get(path).orElse(null) instanceof StringValue reference)) {
            return null;
        }
        var text = reference.text();
        var dot = text.indexOf('.');
        return dot < 2 || text.charAt(0) != '%' ? null : text.substring(1, dot);
    }

    @Override
    public void changed() {
        node.announce();
    }
}
