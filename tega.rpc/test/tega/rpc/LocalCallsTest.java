package tega.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tega.api.ErrorCode;
import tega.api.Identity;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcHandler;
import tega.api.spi.Authorizer;
import tega.api.spi.Scheduler;

/** Every outcome of a call, under a clock that stands still until told. */
class LocalCallsTest {
    private static final Path PATH = Path.of("svc", "do");

    private final Map<Path, Value> tree = new HashMap<>();
    private final Clock clock = new Clock();
    private final LocalCalls calls =
            new LocalCalls(path -> Optional.ofNullable(tree.get(path)), clock, Authorizer.OPEN);

    private CompletableFuture<Value> call(LocalCalls on) {
        return on.as(new Identity("ann", "cli"))
                .call(PATH, List.of(Value.of(1)), Value.object("k", Value.NULL), Duration.ofSeconds(5))
                .toCompletableFuture();
    }

    private static ErrorCode failure(CompletableFuture<Value> outcome) throws InterruptedException {
        assertThat(outcome).isCompletedExceptionally();
        try {
            outcome.get();
            throw new AssertionError("it did not fail");
        } catch (ExecutionException e) {
            return ((TegaException) e.getCause()).code();
        }
    }

    @Test
    void handlerGetsEverythingAndAnswers() throws Exception {
        calls.add(
                PATH,
                call -> Value.array(
                        Value.of(call.caller()),
                        call.args().get(0),
                        call.kwargs(),
                        call.path().toValue()));
        assertThat(call(calls).get().toString()).isEqualTo("[\"cli\",1,{\"k\":null},[\"svc\",\"do\"]]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "0", "", "false", "[]", "{}"})
    void falsyResultsAreResults(String result) throws Exception {
        Value value =
                switch (result) {
                    case "null" -> Value.NULL;
                    case "0" -> Value.of(0);
                    case "false" -> Value.of(false);
                    case "[]" -> Value.array();
                    case "{}" -> Value.object();
                    default -> Value.of(result);
                };
        calls.add(PATH, call -> value);
        assertThat(call(calls).get()).isEqualTo(value);
    }

    @Test
    void nobodyIsToldAtOnce() throws Exception {
        assertThat(failure(call(calls))).isEqualTo(ErrorCode.NO_OWNER);
        tree.put(PATH, Value.of("%gone.do%"));
        assertThat(failure(call(calls))).isEqualTo(ErrorCode.NO_OWNER);
    }

    @Test
    void whateverAHandlerThrowsIsItsCallersAffair() throws Exception {
        calls.add(PATH, call -> {
            throw new Exception("no paper");
        });
        assertThat(failure(call(calls))).isEqualTo(ErrorCode.CALLEE_FAILED);
        calls.add(PATH, call -> {
            throw new NoClassDefFoundError("x");
        });
        assertThat(failure(call(calls))).isEqualTo(ErrorCode.CALLEE_FAILED);
        calls.add(PATH, call -> null);
        assertThat(failure(call(calls))).isEqualTo(ErrorCode.CALLEE_FAILED);
    }

    /** Both spellings in the field: Python plugins store {@code %Owner.func}, Go clients {@code %owner.func%}. */
    @ParameterizedTest
    @ValueSource(strings = {"%cli2.do", "%cli2.do%", "%cli2.do.more%"})
    void ownerIsBeforeTheFirstDot(String reference) throws Exception {
        tree.put(PATH, Value.of(reference));
        calls.attach(new Identity("x", "cli2"), call -> CompletableFuture.completedFuture(Value.of("here")));
        assertThat(call(calls).get()).isEqualTo(Value.of("here"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "%.x", "cli2.do", "%cli2"})
    void whatIsNoReferenceHasNoOwner(String reference) throws Exception {
        tree.put(PATH, Value.of(reference));
        calls.attach(new Identity("x", "cli2"), call -> CompletableFuture.completedFuture(Value.of("here")));
        assertThat(failure(call(calls))).isEqualTo(ErrorCode.NO_OWNER);
    }

    @Test
    void deadlineEndsTheCallAndTheCalleeIsTold() throws Exception {
        var answer = new CompletableFuture<Value>();
        tree.put(PATH, Value.of("%cli2.do"));
        calls.attach(new Identity("x", "cli2"), call -> answer);
        var outcome = call(calls);
        assertThat(outcome).isNotDone();
        clock.ring();
        assertThat(failure(outcome)).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(answer).isCancelled();
        assertThat(answer.complete(Value.of("late"))).isFalse();
        assertThat(calls.figures().get("timed_out")).isEqualTo(Value.of(1));
    }

    @Test
    void anAnsweredCallNeedsNoClockAnyMore() throws Exception {
        var answer = new CompletableFuture<Value>();
        tree.put(PATH, Value.of("%cli2.do"));
        calls.attach(new Identity("x", "cli2"), call -> answer);
        var outcome = call(calls);
        answer.complete(Value.of(1));
        assertThat(outcome.get()).isEqualTo(Value.of(1));
        assertThat(clock.waiting).isEmpty();
    }

    @Test
    void theNewestOwnerAnswersAndTheOldOnesGoodByeIsNotHis() throws Exception {
        tree.put(PATH, Value.of("%cli2.do"));
        var old = calls.attach(new Identity("x", "cli2"), call -> CompletableFuture.completedFuture(Value.of("old")));
        var newer = calls.attach(new Identity("x", "cli2"), call -> CompletableFuture.completedFuture(Value.of("new")));
        old.close();
        assertThat(call(calls).get()).isEqualTo(Value.of("new"));
        newer.close();
        assertThat(failure(call(calls))).isEqualTo(ErrorCode.NO_OWNER);
    }

    @Test
    void aHandlerIsReplacedAndTheOldOnesGoodByeIsNotIts() throws Exception {
        RpcHandler old = call -> Value.of("old");
        calls.add(PATH, old);
        calls.add(PATH, call -> Value.of("new"));
        calls.remove(PATH, old);
        assertThat(call(calls).get()).isEqualTo(Value.of("new"));
    }

    @Test
    void whoMayNotCallIsNotHeard() throws Exception {
        var closed = new LocalCalls(path -> Optional.empty(), clock, (identity, action, path) -> false);
        closed.add(PATH, call -> {
            throw new AssertionError("it was called");
        });
        assertThat(failure(call(closed))).isEqualTo(ErrorCode.FORBIDDEN);
    }

    /** Runs work at once; rings when told. */
    private static final class Clock implements Scheduler {
        private final List<Runnable> waiting = new ArrayList<>();

        void ring() {
            List.copyOf(waiting).forEach(Runnable::run);
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public Task after(Duration delay, Runnable task) {
            waiting.add(task);
            return () -> waiting.remove(task);
        }

        @Override
        public Executor background() {
            return Runnable::run;
        }
    }
}
