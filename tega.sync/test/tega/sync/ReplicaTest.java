package tega.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tega.sync.Station.edit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import tega.api.Identity;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Scope;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Channels;
import tega.api.spi.LogOptions;

/** What becomes of writes to replicas, of ephemeral nodes, and of what is told about it all. */
class ReplicaTest {
    private static final Identity ALICE = new Identity("alice", "cli");

    private final Clock clock = new Clock();
    private final Net net = new Net(clock, 1);
    private final Station global = new Station(clock, net, "global", null, Set.of(), Set.of()).start();
    private final Station local = new Station(clock, net, "local1", "global", Set.of("cfg"), Set.of("oper"));

    private void connect() {
        local.start();
        clock.until("it is connected", () -> local.node().isConnected());
    }

    private void await(Station station, String path, String value) {
        clock.until(path + " is " + value + " at " + station.name(), () -> station.get(path)
                .equals(value));
    }

    @Test
    void aRootThatRejectsIsNotWrittenOffLine() {
        local.with(options -> options.rejecting(Set.of("cfg")));
        connect();
        net.part("local1");
        clock.pass(Duration.ofSeconds(1));
        assertThatThrownBy(() -> local.put("cfg.a", "1"))
                .isInstanceOf(TegaException.Unavailable.class)
                .hasMessageContaining("out of reach");
        assertThat(local.get("cfg")).isEqualTo("absent");
    }

    @Test
    void whatTheHomeRefusesIsRefusedHere() {
        connect();
        global.put("cfg.a", "1");
        await(local, "cfg.a", "1");
        try (var guard = global.db.guard(
                "no", List.of(PathPattern.parse("cfg.**")), candidate -> candidate.refuse(Path.of("cfg"), "not now"))) {
            var write = local.write("bob", edit("cfg.a", "2"));
            clock.until("it is decided", write::isDone);
            assertThatThrownBy(write::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(TegaException.Vetoed.class)
                    .hasMessageContaining("not now");
        }
        assertThat(local.get("cfg.a")).isEqualTo("1");
    }

    @Test
    void whatAGuardRefusesLaterIsInTheConflictList() {
        connect();
        net.part("local1");
        clock.pass(Duration.ofSeconds(1));
        local.put("cfg.a", "1");
        try (var guard = global.db.guard(
                "no", List.of(PathPattern.parse("cfg.**")), candidate -> candidate.refuse(Path.of("cfg"), "not now"))) {
            net.heal("local1");
            clock.until("it is told", () -> global.node().conflictList().size() == 1);
        }
        assertThat(global.node().conflictList().toString()).contains("not now", "\"lost\":1");
        await(local, "cfg", "absent");
    }

    @Test
    void aConflictIsToldAndResolved() {
        connect();
        global.put("cfg.a", "1");
        await(local, "cfg.a", "1");
        var told = new ArrayList<String>();
        global.channels.subscribe(
                new Channels.Subscription(ALICE, PathPattern.parse("tega.sync.conflict"), Scope.LOCAL),
                (channel, publisher, message) -> told.add(message.toString()));
        net.part("local1");
        clock.pass(Duration.ofSeconds(1));
        local.db.delete(Path.parse("cfg.a"));
        global.put("cfg.a", "2");
        net.heal("local1");
        clock.until("there is one", () -> global.node().conflictList().size() == 1);
        assertThat(told).hasSize(1);
        var id = global.node().conflictList().iterator().next().name();
        assertThat(global.node().conflictList().toString())
                .contains("\"base\":1", "\"home\":2")
                .doesNotContain("lost\":");
        await(local, "cfg.a", "2");
        global.node().resolve(id, true, ALICE);
        await(local, "cfg", "{}");
        assertThat(global.node().conflictList()).isEmpty();
        assertThatThrownBy(() -> global.node().resolve(id, false, ALICE)).isInstanceOf(TegaException.NotFound.class);
    }

    @Test
    void ephemeralNodesGoUpAndGoWithTheirServer() {
        connect();
        var session = local.db.sessions().open(new Identity("cli1", "cli1"), Duration.ofSeconds(10));
        try (var tx = session.tega().begin()) {
            tx.putEphemeral(Path.parse("oper.here"), Value.of(1)).commit();
        }
        await(global, "oper.here", "1");
        assertThat(global.db.owner(Path.parse("oper.here"))).contains("cli1 at local1");
        var version = global.db.snapshot().version("oper");
        assertThat(version).isEmpty();
        net.cut("local1");
        clock.pass(Duration.ofSeconds(5));
        assertThat(global.get("oper.here")).isEqualTo("1");
        net.part("local1");
        clock.pass(Duration.ofSeconds(8));
        assertThat(global.get("oper.here")).isEqualTo("1");
        clock.pass(Duration.ofSeconds(10));
        assertThat(global.get("oper")).isEqualTo("absent");
        net.heal("local1");
        await(global, "oper.here", "1");
        session.close();
        await(global, "oper", "absent");
    }

    @Test
    void whatIsPendingIsKeptHoweverMuchElseIsWritten() {
        local.logOptions = new LogOptions(8 << 10, 4 << 10, 0, 20, Duration.ZERO, 0);
        local.storeOptions = local.storeOptions.inMemory(20);
        connect();
        net.part("local1");
        clock.pass(Duration.ofSeconds(1));
        var pending = local.put("cfg.a", "1");
        clock.pass(Duration.ofSeconds(5));
        for (var i = 0; i < 1000; i++) {
            local.put("oper.n", "\"" + "x".repeat(100) + i + "\"");
            clock.pass(Duration.ofMillis(1));
        }
        assertThat(local.log.pictures()).hasSizeGreaterThan(2);
        assertThat(local.log.oldest()).isLessThan(pending);
        local.kill();
        local.start();
        for (var i = 0; i < 1000; i++) {
            local.put("oper.n", "\"" + "y".repeat(100) + i + "\"");
            clock.pass(Duration.ofMillis(1));
        }
        net.heal("local1");
        await(global, "cfg.a", "1");
        clock.pass(Duration.ofSeconds(30));
        assertThat(local.get("cfg.a")).isEqualTo("1");
        assertThat(local.log.oldest()).isGreaterThan(pending);
    }

    @Test
    void convergenceIsTold() {
        connect();
        var revision = global.put("cfg.a", "1");
        await(local, "cfg.a", "1");
        var here = local.db.snapshot().revision(Path.of("cfg")).getAsLong();
        local.node().reporting().rejected("cfg", here, "no such interface");
        clock.pass(Duration.ofSeconds(10));
        assertThat(global.node().convergence().toString())
                .contains("\"intended\":" + revision, "\"received\":" + revision, "no such interface");
        local.node().reporting().applied("cfg", here);
        clock.pass(Duration.ofSeconds(10));
        assertThat(global.node().convergence().toString())
                .contains("\"applied\":" + revision)
                .doesNotContain("no such interface");
        global.kill();
        global.start();
        assertThat(global.node().convergence().toString()).contains("\"applied\":" + revision);
    }

    @Test
    void whatWaitsForTheGlobalServerIsConfirmedWhenItIsReached() {
        connect();
        local.put("oper.a", "1");
        try (var tx = local.db.begin()) {
            tx.put(Path.parse("oper.a"), Value.of(2))
                    .confirm(Duration.ofSeconds(90), true)
                    .commit();
        }
        clock.pass(Duration.ofSeconds(60));
        assertThat(local.db.confirmations().pending()).isEmpty();
        assertThat(local.get("oper.a")).isEqualTo("2");
        net.silence("local1");
        try (var tx = local.db.begin()) {
            tx.put(Path.parse("oper.a"), Value.of(3))
                    .confirm(Duration.ofSeconds(90), true)
                    .commit();
        }
        clock.pass(Duration.ofSeconds(100));
        assertThat(local.get("oper.a")).isEqualTo("2");
    }

    @Test
    void theSameRootOfTwoServersIsRefusedAndSaid() {
        connect();
        var second = new Station(clock, net, "local2", "global", Set.of(), Set.of("oper")).start();
        clock.pass(Duration.ofSeconds(2));
        second.put("oper.mine", "1");
        clock.pass(Duration.ofSeconds(2));
        assertThat(global.get("oper")).isEqualTo("absent");
        assertThat(second.node().trouble().orElseThrow()).contains("'oper'", "up/local1");
    }
}
