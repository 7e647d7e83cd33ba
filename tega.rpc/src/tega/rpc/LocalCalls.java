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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
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
    /** So many calls one owner, or the handler of one path, answers at once. */
    public static final int MOST_AT_ONCE = 64;

    private final Function<Path, Optional<Value>> tree;
    private final Scheduler scheduler;
    private final Authorizer authorizer;
    private final Map<Path, RpcHandler> handlers = new ConcurrentHashMap<>();
    private final Map<String, Owner> callees = new ConcurrentSkipListMap<>();
    private final Map<String, AtomicInteger> busy = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Beyond> beyond = new AtomicReference<>();
    private final LongAdder refused = new LongAdder();
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
        changed();
    }

    /** Takes {@code handler} away from {@code path}, unless another one is there by now. */
    public void remove(Path path, RpcHandler handler) {
        if (handlers.remove(path, handler)) {
            changed();
        }
    }

    private void changed() {
        var route = beyond.get();
        if (route != null) {
            route.changed();
        }
    }

    @Override
    public Registration route(Beyond newBeyond) {
        beyond.set(newBeyond);
        return () -> beyond.compareAndSet(newBeyond, null);
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
        changed();
        return () -> {
            callees.computeIfPresent(owner.tegaId(), (tegaId, now) -> now.callee() == callee ? null : now);
            changed();
        };
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
        then(outcome, (value, failure) -> {
            if (failure != null) {
                failed.increment();
            }
        });
        return outcome;
    }

    @Override
    public Optional<CompletionStage<Value>> here(RpcCall call) {
        try {
            return answeredHere(call).map(answer -> limited(answer, call));
        } catch (TegaException e) {
            return Optional.of(CompletableFuture.failedFuture(e));
        }
    }

    private CompletionStage<Value> answered(RpcCall call) {
        var here = answeredHere(call);
        if (here.isPresent()) {
            return here.get();
        }
        var route = beyond.get();
        if (route != null) {
            var there = route.call(call);
            if (there.isPresent()) {
                return there.get();
            }
        }
        throw new TegaException.CallFailed(
                ErrorCode.NO_OWNER,
                call.path(),
                owner(call.path())
                        .map(name -> "the owner '" + name + "' of the RPC '" + call.path() + "' is not connected")
                        .orElse("nobody answers for the RPC '" + call.path() + "'"));
    }

    private Optional<CompletionStage<Value>> answeredHere(RpcCall call) {
        var handler = handlers.get(call.path());
        if (handler != null) {
            return Optional.of(bounded(call.path().toString(), call, () -> handled(handler, call)));
        }
        var owner = owner(call.path()).map(callees::get);
        if (owner.isEmpty()) {
            return Optional.empty();
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
        return Optional.of(
                bounded(identity.tegaId(), call, () -> passed(owner.get().callee(), call)));
    }

    /** Nobody has more than so many calls to answer at once. */
    private CompletionStage<Value> bounded(String owner, RpcCall call, Supplier<CompletionStage<Value>> begin) {
        var count = busy.computeIfAbsent(owner, name -> new AtomicInteger());
        if (count.incrementAndGet() > MOST_AT_ONCE) {
            count.decrementAndGet();
            refused.increment();
            throw new TegaException.CallFailed(
                    ErrorCode.NOT_DELIVERED,
                    call.path(),
                    "'" + owner + "' has " + MOST_AT_ONCE + " calls to answer, which is the limit");
        }
        try {
            var answer = begin.get();
            answer.whenComplete((value, failure) -> count.decrementAndGet());
            return answer;
        } catch (RuntimeException e) {
            count.decrementAndGet();
            throw e;
        }
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
    private void handle(RpcHandler handler, RpcCall call, CompletableFuture<Value> outcome) {
        try {
            @Nullable Value value = handler.call(call);
            if (value == null) {
                outcome.completeExceptionally(calleeFailed(call, "the handler returned nothing, not even null"));
            } else if (!outcome.complete(value)) {
                late.increment();
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

    private static void then(CompletionStage<Value> stage, BiConsumer<@Nullable Value, @Nullable Throwable> action) {
        stage.whenComplete(action);
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
                answer.toCompletableFuture().cancel(false);
            }
        });
        then(outcome, (value, failure) -> {
            if (outcome.isCancelled()) {
                clock.cancel();
                answer.toCompletableFuture().cancel(false);
            }
        });
        answer.whenComplete((value, failure) -> {
            clock.cancel();
            if (!end(outcome, call, value, failure)
                    && !answer.toCompletableFuture().isCancelled()) {
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
                .put("refused", Value.of(refused.sum()))
                .put("late_answers", Value.of(late.sum()))
                .put("handlers", Value.of(handlers.size()))
                .put("owners", Value.of(callees.size()))
                .build();
    }

    @Override
    public List<Path> paths() {
        var paths = new ArrayList<>(handlers.keySet());
        paths.sort(null);
        return paths;
    }
}
