package tega.rpc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tega.api.ErrorCode;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Rpc;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcCall;
import tega.api.plugin.RpcHandler;
import tega.api.spi.Action;
import tega.api.spi.Authorizer;
import tega.api.spi.Callee;
import tega.api.spi.Calls;
import tega.api.spi.Inspectable;
import tega.api.spi.Registration;
import tega.api.spi.Scheduler;

/** The calls of one server: to the handlers of its plugins, and to its connected clients. For any number of threads. */
public final class LocalCalls implements Calls, Inspectable {
    private final Function<Path, Optional<Value>> tree;
    private final Scheduler scheduler;
    private final Authorizer authorizer;
    private final Map<Path, RpcHandler> handlers = new ConcurrentHashMap<>();
    private final Map<String, Owner> callees = new ConcurrentSkipListMap<>();
    private final LongAdder called = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder timedOut = new LongAdder();
    private final LongAdder late = new LongAdder();

    /** A connected client that answers, and who it is. */
    private record Owner(Identity identity, Callee callee) {}

    /** {@code tree} reads the references by which paths name their owners. */
    public LocalCalls(Function<Path, Optional<Value>> tree, Scheduler scheduler, Authorizer authorizer) {
        this.tree = tree;
        this.scheduler = scheduler;
        this.authorizer = authorizer;
    }

    /** Lets {@code handler} answer for {@code path}, in place of whoever did. */
    public void add(Path path, RpcHandler handler) {
        handlers.put(path, handler);
    }

    /** Takes {@code handler} away from {@code path}, unless another one is there by now. */
    public void remove(Path path, RpcHandler handler) {
        handlers.remove(path, handler);
    }

    @Override
    public Registration attach(Identity owner, Callee callee) {
        var newer = new Owner(owner, callee);
        callees.merge(owner.tegaId(), newer, (before, after) -> {
            if (!before.identity().equals(owner)) {
                throw new TegaException.Forbidden(
                        Path.EMPTY, "somebody else answers calls as '" + owner.tegaId() + "'; choose another tega_id");
            }
            return after;
        });
        return () -> callees.computeIfPresent(owner.tegaId(), (tegaId, now) -> now.callee() == callee ? null : now);
    }

    @Override
    public List<String> owners() {
        return List.copyOf(callees.keySet());
    }

    @Override
    public Rpc as(Identity caller) {
        return (path, args, kwargs, deadline) -> call(caller, path, args, kwargs, deadline);
    }

    private CompletionStage<Value> call(
            Identity caller, Path path, List<Value> args, ObjectValue kwargs, Duration deadline) {
        called.increment();
        var call = new RpcCall(path, caller, args, kwargs, deadline);
        CompletableFuture<Value> outcome;
        try {
            authorizer.require(caller, Action.CALL, path);
            outcome = limited(answered(call), call);
        } catch (TegaException e) {
            outcome = CompletableFuture.failedFuture(e);
        }
        return outcome.whenComplete((value, failure) -> {
            if (failure != null) {
                failed.increment();
            }
        });
    }

    private CompletionStage<Value> answered(RpcCall call) {
        var handler = handlers.get(call.path());
        if (handler != null) {
            return handled(handler, call);
        }
        var name = owner(call.path());
        var owner = name.map(callees::get);
        if (owner.isEmpty()) {
            throw new TegaException.CallFailed(
                    ErrorCode.NO_OWNER,
                    call.path(),
                    name.map(absent -> "the owner '" + absent + "' of the RPC '" + call.path() + "' is not connected")
                            .orElse("nobody answers for the RPC '" + call.path() + "'"));
        }
        var identity = owner.get().identity();
        // Its name is of its own choosing: only who could have set the reference is meant by it.
        if (!authorizer.permits(identity, Action.WRITE, call.path())) {
            throw new TegaException.CallFailed(
                    ErrorCode.NO_OWNER,
                    call.path(),
                    "the client '" + identity.tegaId() + "' is connected but may not answer for the RPC '" + call.path()
                            + "': " + identity.author() + " has no write grant there");
        }
        return passed(owner.get().callee(), call);
    }

    /** Who the reference at {@code path} names: {@code %Owner.func} or {@code %owner.func%}. */
    private Optional<String> owner(Path path) {
        if (path.isEmpty() || !(tree.apply(path).orElse(null) instanceof StringValue reference)) {
            return Optional.empty();
        }
        var text = reference.text();
        var dot = text.indexOf('.');
        return dot < 2 || text.charAt(0) != '%' ? Optional.empty() : Optional.of(text.substring(1, dot));
    }

    private CompletionStage<Value> handled(RpcHandler handler, RpcCall call) {
        var outcome = new CompletableFuture<Value>();
        try {
            scheduler.background().execute(() -> handle(handler, call, outcome));
        } catch (RejectedExecutionException e) {
            throw new TegaException.CallFailed(
                    ErrorCode.NOT_DELIVERED, call.path(), "the server is too busy to call '" + call.path() + "'");
        }
        return outcome;
    }

    /** Whatever a plugin throws, even an error of linkage, ends this call and nothing else. */
    @SuppressWarnings("CatchThrowable")
    private static void handle(RpcHandler handler, RpcCall call, CompletableFuture<Value> outcome) {
        try {
            @Nullable Value value = handler.call(call);
            if (value == null) {
                outcome.completeExceptionally(calleeFailed(call, "the handler returned nothing, not even null"));
            } else {
                outcome.complete(value);
            }
        } catch (Throwable e) {
            outcome.completeExceptionally(
                    calleeFailed(call, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
        }
    }

    private static CompletionStage<Value> passed(Callee callee, RpcCall call) {
        try {
            return callee.call(call);
        } catch (RuntimeException e) {
            throw e instanceof TegaException known ? known : calleeFailed(call, String.valueOf(e.getMessage()));
        }
    }

    private static TegaException calleeFailed(RpcCall call, String message) {
        return new TegaException.CallFailed(ErrorCode.CALLEE_FAILED, call.path(), message);
    }

    /** Ends with what comes first, the answer or the deadline. */
    private CompletableFuture<Value> limited(CompletionStage<Value> answer, RpcCall call) {
        var outcome = new CompletableFuture<Value>();
        if (answer.toCompletableFuture().isDone()) {
            answer.whenComplete((value, failure) -> end(outcome, call, value, failure));
            return outcome;
        }
        var clock = scheduler.after(call.remaining(), () -> {
            if (outcome.completeExceptionally(new TegaException.Timeout("the RPC '" + call.path()
                    + "' was not answered within " + call.remaining().toMillis() + " ms"))) {
                timedOut.increment();
            }
        });
        answer.whenComplete((value, failure) -> {
            clock.cancel();
            if (!end(outcome, call, value, failure)) {
                late.increment();
            }
        });
        return outcome;
    }

    private static boolean end(
            CompletableFuture<Value> outcome, RpcCall call, @Nullable Value value, @Nullable Throwable failure) {
        if (failure == null && value != null) {
            return outcome.complete(value);
        }
        var cause = failure != null && failure.getCause() != null && !(failure instanceof TegaException)
                ? failure.getCause()
                : failure;
        return outcome.completeExceptionally(
                cause instanceof TegaException known
                        ? known
                        : calleeFailed(call, cause == null ? "no value" : String.valueOf(cause.getMessage())));
    }

    @Override
    public String subject() {
        return "rpc";
    }

    @Override
    public Optional<String> trouble() {
        return Optional.empty();
    }

    @Override
    public ObjectValue figures() {
        return ObjectValue.builder()
                .put("calls", Value.of(called.sum()))
                .put("failed", Value.of(failed.sum()))
                .put("timed_out", Value.of(timedOut.sum()))
                .put("late_answers", Value.of(late.sum()))
                .put("handlers", Value.of(handlers.size()))
                .put("owners", Value.of(callees.size()))
                .build();
    }

    /** The paths that plugins answer for, in order. */
    public List<Path> paths() {
        var paths = new ArrayList<>(handlers.keySet());
        paths.sort(null);
        return paths;
    }
}
