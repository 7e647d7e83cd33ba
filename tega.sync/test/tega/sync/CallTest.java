package tega.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tega.api.ErrorCode;
import tega.api.Identity;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Scope;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcCall;
import tega.api.spi.Channels;

/** Calls from one local server to another over the global one, and messages. */
class CallTest {
    private static final Identity ALICE = new Identity("alice", "cli");

    private final Clock clock = new Clock();
    private final Net net = new Net(clock, 1);
    private final Station global = new Station(clock, net, "global", null, Set.of(), Set.of()).start();
    private final Station one = new Station(clock, net, "local1", "global", Set.of("cfg"), Set.of("oper1")).start();
    private final Station two = new Station(clock, net, "local2", "global", Set.of("cfg"), Set.of("oper2")).start();

    @BeforeEach
    void connect() {
        clock.until(
                "both are connected",
                () -> one.node().isConnected() && two.node().isConnected());
    }

    private CompletableFuture<Value> call(Station from, String path, Duration deadline, Value... args) {
        return from.calls
                .as(ALICE)
                .call(Path.parse(path), List.of(args), Value.object(), deadline)
                .toCompletableFuture();
    }

    private Value result(CompletableFuture<Value> call) {
        clock.until("the call ends", call::isDone);
        return call.join();
    }

    private ErrorCode error(CompletableFuture<Value> call) {
        clock.until("the call ends", call::isDone);
        try {
            throw new AssertionError(call.join());
        } catch (CompletionException e) {
            return ((TegaException) e.getCause()).code();
        }
    }

    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void fromOneLocalServerToAnother() {
        var callers = new ArrayList<String>();
        two.calls.add(Path.parse("two.echo"), call -> {
            callers.add(call.by().author() + " " + call.caller() + " "
                    + (call.remaining().compareTo(SOON) <= 0));
            return Value.array(call.args());
        });
        clock.pass(Duration.ofSeconds(1));
        assertThat(result(call(one, "two.echo", SOON, Value.of("ä"), Value.of(1))))
                .hasToString("[\"ä\",1]");
        assertThat(callers).containsExactly("alice cli true");
        assertThat(result(call(global, "two.echo", SOON))).hasToString("[]");
    }

    @Test
    void falsyResultsAreResults() {
        for (var text : List.of("0", "\"\"", "[]", "false", "null", "{}")) {
            two.calls.add(Path.parse("two.f"), call -> Station.JSON.readJson(text));
            clock.pass(Duration.ofSeconds(1));
            assertThat(result(call(one, "two.f", SOON))).hasToString(text);
        }
    }

    @Test
    void aClientOfAnotherServerIsFoundByItsReference() {
        var asked = new ArrayList<RpcCall>();
        two.calls.attach(new Identity("cli7", "cli7"), call -> {
            asked.add(call);
            return CompletableFuture.completedFuture(Value.of("seven"));
        });
        two.put("oper2.rpc.f", "\"%cli7.f%\"");
        clock.until("the reference has come up", () -> !global.get("oper2").equals("absent"));
        assertThat(result(call(one, "oper2.rpc.f", SOON))).hasToString("\"seven\"");
        assertThat(asked).hasSize(1);
    }

    @Test
    void nobodyIsToldAtOnce() {
        var before = clock.nanos();
        assertThat(error(call(one, "nobody.there", SOON))).isEqualTo(ErrorCode.NO_OWNER);
        assertThat(Duration.ofNanos(clock.nanos() - before)).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void anExceptionIsTheCallersErrorAndNoLinkIsLost() {
        two.calls.add(Path.parse("two.fail"), call -> {
            throw new IllegalStateException("too hot");
        });
        two.calls.add(Path.parse("two.error"), call -> {
            throw new NoClassDefFoundError("x");
        });
        clock.pass(Duration.ofSeconds(1));
        var links = global.node().figures.links.sum();
        var failing = call(one, "two.fail", SOON);
        assertThat(error(failing)).isEqualTo(ErrorCode.CALLEE_FAILED);
        assertThatThrownBy(failing::join).hasMessageContaining("too hot");
        assertThat(error(call(one, "two.error", SOON))).isEqualTo(ErrorCode.CALLEE_FAILED);
        assertThat(global.node().figures.links.sum()).isEqualTo(links);
    }

    @Test
    void aTimeOutIsOneAndTheCalleeIsTold() {
        var working = new CompletableFuture<Value>();
        two.calls.attach(new Identity("slow", "slow"), call -> working);
        two.put("oper2.slow", "\"%slow.f%\"");
        clock.pass(Duration.ofSeconds(1));
        assertThat(error(call(one, "oper2.slow", Duration.ofSeconds(2)))).isEqualTo(ErrorCode.TIMEOUT);
        clock.pass(Duration.ofSeconds(1));
        assertThat(working).isCancelled();
    }

    @Test
    void cancellingReachesTheCallee() {
        var working = new CompletableFuture<Value>();
        two.calls.attach(new Identity("slow", "slow"), call -> working);
        two.put("oper2.slow", "\"%slow.f%\"");
        clock.pass(Duration.ofSeconds(1));
        var waiting = call(one, "oper2.slow", SOON);
        clock.pass(Duration.ofSeconds(1));
        assertThat(working).isNotDone();
        waiting.cancel(false);
        clock.pass(Duration.ofSeconds(1));
        assertThat(working).isCancelled();
    }

    @Test
    void aLinkThatComesBackAsksAgainAndTheCalleeIsCalledOnce() {
        var count = new int[1];
        var working = new CompletableFuture<Value>();
        two.calls.attach(new Identity("slow", "slow"), call -> {
            count[0]++;
            return working;
        });
        two.put("oper2.slow", "\"%slow.f%\"");
        clock.pass(Duration.ofSeconds(1));
        var waiting = call(one, "oper2.slow", Duration.ofSeconds(30));
        clock.pass(Duration.ofSeconds(1));
        net.cut("local1");
        net.cut("local2");
        clock.pass(Duration.ofSeconds(5));
        working.complete(Value.of(42));
        assertThat(result(waiting)).hasToString("42");
        assertThat(count[0]).isEqualTo(1);
        assertThat(two.node().figures.repeatedCalls.sum()).isPositive();
    }

    @Test
    void whatIsOutOfReachWasNotDelivered() {
        two.put("oper2.f", "\"%x.f%\"");
        clock.pass(Duration.ofSeconds(1));
        net.part("local2");
        clock.pass(Duration.ofSeconds(1));
        assertThat(error(call(global, "oper2.f", SOON))).isEqualTo(ErrorCode.NOT_DELIVERED);
        net.part("local1");
        clock.pass(Duration.ofSeconds(1));
        assertThat(error(call(one, "two.x", SOON))).isEqualTo(ErrorCode.NOT_DELIVERED);
    }

    @Test
    void oneOwnerHasABoundOfCalls() {
        var working = new ArrayList<CompletableFuture<Value>>();
        two.calls.attach(new Identity("slow", "slow"), call -> {
            var answer = new CompletableFuture<Value>();
            working.add(answer);
            return answer;
        });
        two.put("oper2.slow", "\"%slow.f%\"");
        clock.pass(Duration.ofSeconds(1));
        var calls = new ArrayList<CompletableFuture<Value>>();
        for (var i = 0; i < tega.rpc.LocalCalls.MOST_AT_ONCE + 5; i++) {
            calls.add(call(one, "oper2.slow", SOON));
        }
        clock.pass(Duration.ofSeconds(1));
        assertThat(working).hasSize(tega.rpc.LocalCalls.MOST_AT_ONCE);
        assertThat(calls.stream()
                        .filter(CompletableFuture::isCompletedExceptionally)
                        .count())
                .isEqualTo(5);
    }

    private static List<String> listen(Station station, String subscriber, Scope scope) {
        var heard = new ArrayList<String>();
        station.channels.subscribe(
                new Channels.Subscription(new Identity(subscriber, subscriber), PathPattern.parse("news.**"), scope),
                (channel, publisher, message) -> heard.add(channel + " " + publisher + " " + message));
        return heard;
    }

    @Test
    void aMessageReachesEveryGlobalSubscriberOnce() {
        var atOne = listen(one, "a", Scope.GLOBAL);
        var atTwo = listen(two, "b", Scope.GLOBAL);
        var alsoAtTwo = listen(two, "c", Scope.GLOBAL);
        var atGlobal = listen(global, "d", Scope.GLOBAL);
        var localAtTwo = listen(two, "e", Scope.LOCAL);
        clock.pass(Duration.ofSeconds(1));
        one.channels.as(ALICE).publish(Path.parse("news.x"), Value.of(1));
        clock.pass(Duration.ofSeconds(1));
        assertThat(List.of(atOne, atTwo, alsoAtTwo, atGlobal))
                .allSatisfy(heard -> assertThat(heard).containsExactly("news.x cli 1"));
        assertThat(localAtTwo).isEmpty();
        two.channels.as(ALICE).publish(Path.parse("news.y"), Value.of(2));
        global.channels.as(ALICE).publish(Path.parse("news.z"), Value.of(3));
        global.channels.as(ALICE).publish(Path.parse("other.z"), Value.of(3));
        clock.pass(Duration.ofSeconds(1));
        assertThat(atOne).containsExactlyInAnyOrder("news.x cli 1", "news.y cli 2", "news.z cli 3");
        assertThat(localAtTwo).containsExactly("news.y cli 2");
    }

    @Test
    void nobodyListensNothingIsSent() {
        clock.pass(Duration.ofSeconds(5));
        var before = net.frames;
        one.channels.as(ALICE).publish(Path.parse("news.x"), Value.of(1));
        clock.pass(Duration.ofSeconds(1));
        assertThat(net.frames).isEqualTo(before);
    }
}
