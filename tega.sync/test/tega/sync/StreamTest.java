package tega.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static tega.sync.Station.JSON;
import static tega.sync.Station.edit;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tega.api.Commit;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Value;
import tega.api.spi.LogOptions;

/** Config roots come down, operational roots go up, whole and exactly once, through outages of every kind. */
class StreamTest {
    private final Clock clock = new Clock();
    private final Net net = new Net(clock, 1);
    private final Station global = new Station(clock, net, "global", null, Set.of(), Set.of()).start();
    private final Station local = new Station(clock, net, "local1", "global", Set.of("cfg"), Set.of("oper"));

    private void await(Station station, String path, String value) {
        clock.until(path + " is " + value + " at " + station.name(), () -> station.get(path)
                .equals(value));
    }

    @Test
    void aWriteAtTheHomeIsSeenAtTheReplicaAndTheOtherWayRound() {
        local.start();
        global.put("cfg.a", "1");
        await(local, "cfg.a", "1");
        local.put("oper.b", "2");
        await(global, "oper.b", "2");
        assertThat(global.node().peers().toString()).contains("local1");
    }

    @Test
    void authorTimeMessageAndSeveralRootsArriveWhole() {
        var both = new Station(clock, net, "both", "global", Set.of("cfg", "net"), Set.of()).start();
        clock.pass(Duration.ofSeconds(1));
        var alice = global.db.sessions().tega(new Identity("alice", "cli"));
        try (var tx = alice.begin()) {
            tx.put(Path.of("cfg", "ä"), Value.of("ö\u0000\ud83d\ude00"))
                    .put(Path.of("net", "x"), JSON.readJson("{\"y\":null}"))
                    .message("zwei")
                    .commit();
        }
        await(both, "net.x", "{\"y\":null}");
        var made = global.db.history().log(Path.EMPTY, Long.MAX_VALUE - 1, 1).get(0);
        Commit there = both.db
                .history()
                .log(Path.EMPTY, both.db.snapshot().revision(), 1)
                .get(0);
        assertThat(there.by()).isEqualTo(made.by());
        assertThat(there.time()).isEqualTo(made.time());
        assertThat(there.message()).isEqualTo("zwei");
        assertThat(there.edits()).isEqualTo(made.edits());
        assertThat(there.origin()).isEqualTo("global");
        assertThat(both.db.get(Path.of("cfg", "ä"))).contains(Value.of("ö\u0000\ud83d\ude00"));
    }

    @Test
    void whatWasMissedIsCaughtUpCommitByCommit() {
        local.start();
        global.put("cfg.n", "0");
        await(local, "cfg.n", "0");
        net.part("local1");
        for (var i = 1; i <= 1000; i++) {
            global.put("cfg.n", "" + i);
            local.put("oper.m", "" + i);
        }
        global.db.delete(Path.parse("cfg.n"));
        global.db.history().rollback("cfg", -2);
        net.heal("local1");
        await(global, "oper.m", "1000");
        clock.until("all of it is there", () -> local.commits("cfg").size() == 1003);
        assertThat(local.get("cfg")).isEqualTo(global.get("cfg"));
        assertThat(global.commits("oper")).hasSize(1000);
        assertThat(global.commits("oper"))
                .extracting(commit -> commit.edits().toString())
                .isEqualTo(local.commits("oper").stream()
                        .map(commit -> commit.edits().toString())
                        .toList());
    }

    @Test
    void nothingComesTwiceWhenEitherIsKilled() {
        local.start();
        for (var i = 0; i < 40; i++) {
            global.put("cfg.k" + i, "" + i);
            local.put("oper.k" + i, "" + i);
            clock.pass(Duration.ofMillis(1));
            if (i % 7 == 3) {
                (i % 2 == 0 ? local : global).kill();
                (i % 2 == 0 ? local : global).start();
            }
        }
        clock.until(
                "all are there",
                () -> local.commits("cfg").size() >= 40
                        && global.commits("oper").size() >= 40);
        clock.pass(Duration.ofSeconds(60));
        assertThat(local.commits("cfg")).hasSize(40);
        assertThat(global.commits("oper")).hasSize(40);
    }

    @Test
    void thereIsNoEcho() {
        local.start();
        global.put("cfg.a", "1");
        local.put("oper.b", "1");
        clock.pass(Duration.ofSeconds(20));
        var before = global.db.snapshot().revision() + local.db.snapshot().revision();
        clock.pass(Duration.ofMinutes(10));
        assertThat(global.db.snapshot().revision() + local.db.snapshot().revision())
                .isEqualTo(before);
    }

    @Test
    void anIdleLinkHasAFrameInFifteenSeconds() {
        local.start();
        clock.pass(Duration.ofSeconds(30));
        var before = net.frames;
        clock.pass(Duration.ofMinutes(10));
        assertThat(net.frames - before).isBetween(1L, 40L);
    }

    @Test
    void aPeerThatFallsSilentIsGivenUpAndComesBack() {
        local.start();
        global.put("cfg.a", "1");
        await(local, "cfg.a", "1");
        net.silence("local1");
        global.put("cfg.a", "2");
        clock.pass(Duration.ofMinutes(2));
        assertThat(local.get("cfg.a")).isEqualTo("1");
        net.heal("local1");
        await(local, "cfg.a", "2");
    }

    @Test
    void whatIsNoLongerKeptComesAsAPicture() {
        local.start();
        for (var i = 0; i < 50; i++) {
            global.put("cfg.old" + i, "[" + i + "]");
        }
        await(local, "cfg.old49", "[49]");
        net.part("local1");
        global.db.delete(Path.parse("cfg.old7"));
        for (var i = 0; i < 20_000; i++) {
            global.put("cfg.n" + i, "" + i);
        }
        global.log.snapshot();
        global.log.compact(global.db.snapshot().revision());
        clock.pass(Duration.ofSeconds(1));
        net.heal("local1");
        await(local, "cfg.n19999", "19999");
        assertThat(local.get("cfg")).isEqualTo(global.get("cfg"));
        global.put("cfg.after", "true");
        await(local, "cfg.after", "true");
    }

    @Test
    void aPictureThatWasCutOffIsGoneOnWith() {
        var top = new Station(clock, net, "top", null, Set.of(), Set.of());
        top.logOptions = new LogOptions(64 << 10, 1 << 20, 0, 10, Duration.ZERO, 0);
        top.storeOptions = top.storeOptions.inMemory(10);
        top.start();
        for (var i = 0; i < 2000; i++) {
            top.put("cfg.n" + i, "\"" + "x".repeat(1000) + i + "\"");
        }
        top.log.snapshot();
        for (var i = 0; i < 20; i++) {
            top.put("cfg.z", "" + i);
        }
        top.log.compact(Long.MAX_VALUE);
        assertThat(top.log.oldest()).isPositive();
        net.delay = Duration.ofMillis(100);
        var pictures = new int[1];
        net.trace = line -> pictures[0] += line.contains("\"op\":\"picture\"") ? 1 : 0;
        var low = new Station(clock, net, "low", "top", Set.of("cfg"), Set.of()).start();
        clock.until("some of it is there", () -> pictures[0] >= 12);
        net.cut("low");
        clock.until("all of it is there", () -> low.get("cfg").equals(top.get("cfg")));
        assertThat(top.node().figures.resumed.sum()).isEqualTo(1);
        assertThat(pictures[0])
                .as("frames, of which the second link has the rest only")
                .isLessThan(48);
    }

    @Test
    void aGlobalServerRestoredFromABackupIsFollowed() {
        local.start();
        global.put("cfg.a", "1");
        await(local, "cfg.a", "1");
        var backup = global.disk.copy();
        global.put("cfg.a", "2");
        global.put("cfg.b", "2");
        local.put("oper.x", "1");
        await(local, "cfg.b", "2");
        await(global, "oper.x", "1");
        global.kill();
        global.disk = backup;
        global.start();
        // The same numbers, and other content.
        global.put("cfg.a", "3");
        global.put("cfg.c", "3");
        global.put("cfg.d", "3");
        global.put("cfg.e", "3");
        await(local, "cfg.e", "3");
        assertThat(local.get("cfg")).isEqualTo(global.get("cfg"));
        await(global, "oper.x", "1");
    }

    @Test
    void aWriteAtAReplicaIsMadeAtItsHome() {
        local.start();
        global.put("cfg.a", "1");
        await(local, "cfg.a", "1");
        var write = local.write("bob", edit("cfg.a", "2"));
        clock.until("it is made", write::isDone);
        var commit = write.join();
        assertThat(commit.by().author()).isEqualTo("bob");
        assertThat(local.get("cfg.a")).isEqualTo("2");
        assertThat(global.get("cfg.a")).isEqualTo("2");
        assertThat(local.commits("cfg")).hasSize(2);
        assertThat(global.commits("cfg")).hasSize(2);
    }

    @Test
    void aWriteWhileTheHomeIsOutOfReachIsPendingAndMergedLater() {
        local.start();
        global.put("cfg.a", "1");
        global.put("cfg.b", "1");
        await(local, "cfg.b", "1");
        net.part("local1");
        clock.pass(Duration.ofSeconds(1));
        local.put("cfg.a", "\"local\"");
        local.put("cfg.c", "\"local\"");
        global.put("cfg.a", "\"global\"");
        global.put("cfg.d", "\"global\"");
        local.kill();
        local.start();
        assertThat(local.get("cfg.a")).isEqualTo("\"local\"");
        net.heal("local1");
        await(global, "cfg.c", "\"local\"");
        await(local, "cfg.a", "\"global\"");
        clock.pass(Duration.ofSeconds(5));
        assertThat(local.get("cfg")).isEqualTo(global.get("cfg"));
        assertThat(global.get("cfg")).isEqualTo("{\"a\":\"global\",\"b\":1,\"c\":\"local\",\"d\":\"global\"}");
        var conflicts = global.node().conflictList();
        assertThat(conflicts.size()).isEqualTo(1);
        var entry = conflicts.iterator().next().value().toString();
        assertThat(entry).contains("\"base\":1", "\"home\":\"global\"", "\"lost\":\"local\"", "\"from\":\"local1\"");
    }
}
