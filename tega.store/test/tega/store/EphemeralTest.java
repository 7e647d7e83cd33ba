package tega.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tega.store.Bench.json;
import static tega.store.Bench.path;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Identity;
import tega.api.TegaException;
import tega.api.WatchRequest;
import tega.api.spi.Receipt;
import tega.api.spi.Session;

/** Nodes that go with their session. */
class EphemeralTest {
    private final Bench bench = new Bench();

    @AfterEach
    void end() {
        bench.close();
    }

    private Session session(String name) {
        return bench.db.sessions().open(new Identity(name, name), Duration.ofSeconds(10));
    }

    private static Commit ephemeral(Session session, String path, String value) {
        try (var tx = session.tega().begin()) {
            return tx.putEphemeral(path(path), json(value)).commit();
        }
    }

    @Test
    void aCleanGoodByeTakesAllOfThemInOneCommit() {
        var session = session("cli1");
        ephemeral(session, "r.a", "1");
        ephemeral(session, "r.b.c", "{\"d\":2}");
        bench.put("r.keep", "1");
        assertThat(bench.db.owner(path("r.b.c.d"))).contains("cli1");
        assertThat(bench.db.owner(path("r.keep"))).isEmpty();
        session.close();
        assertThat(bench.get("r")).isEqualTo("{\"keep\":1}");
        var revision = bench.db.snapshot().revision();
        assertThat(revision).isEqualTo(4);
        var leave = bench.db.history().commit(revision);
        assertThat(leave.kind()).isEqualTo(CommitKind.LEASE);
        assertThat(leave.edits()).hasSize(2);
    }

    @Test
    void theyMoveNoVersionAndHaveNoHistory() {
        bench.put("r.x", "1");
        var session = session("cli1");
        ephemeral(session, "r.a", "1");
        ephemeral(session, "only.a", "1");
        assertThat(bench.db.snapshot().version("r")).hasValue(0);
        assertThat(bench.db.snapshot().version("only")).isEmpty();
        assertThat(bench.db.snapshot().roots()).containsOnlyKeys("r");
        assertThat(bench.db.history().version(bench.db.snapshot(), path("r.a"))).isZero();
        assertThat(bench.db.history().version(bench.db.snapshot(), path("only.a")))
                .isEqualTo(-1);
        assertThat(bench.db.history().at(3).get(path("r"))).contains(json("{\"x\":1}"));
        assertThat(bench.db.history().log(path("r"), 100, 100)).hasSize(1);
        assertThat(bench.memory().text()).doesNotContain("only");
    }

    @Test
    void aLostConnectionLeavesThemForTheTimeToLive() {
        var session = session("cli1");
        ephemeral(session, "r.a", "1");
        session.detach();
        bench.clock.pass(Duration.ofSeconds(9));
        assertThat(bench.get("r.a")).isEqualTo("1");
        bench.clock.pass(Duration.ofSeconds(2));
        assertThat(bench.get("r")).isEqualTo("absent");
    }

    @Test
    void whoComesBackInTimeFindsThemAndNothingFlaps() {
        var watch = bench.db.watch(WatchRequest.of(path("r")));
        var session = session("cli1");
        ephemeral(session, "r.a", "1");
        assertThat(watch.poll()).isPresent();
        session.detach();
        bench.clock.pass(Duration.ofSeconds(9));
        var again = session("cli1");
        assertThat(again.epoch()).isGreaterThan(session.epoch());
        bench.clock.pass(Duration.ofSeconds(60));
        assertThat(bench.get("r.a")).isEqualTo("1");
        assertThat(watch.poll()).isEmpty();
        again.close();
        assertThat(bench.get("r")).isEqualTo("absent");
    }

    @Test
    void theOldEpochIsFenced() {
        var old = session("cli1");
        ephemeral(old, "r.a", "1");
        var transaction = old.tega().begin().putEphemeral(path("r.b"), json("2"));
        var now = session("cli1");
        assertThatThrownBy(transaction::commit).isInstanceOf(TegaException.Conflict.class);
        assertThatThrownBy(() -> ephemeral(old, "r.c", "1"))
                .isInstanceOf(TegaException.Conflict.class)
                .hasMessageContaining("newer session");
        assertThatThrownBy(() -> old.tega().delete(path("r.a"))).isInstanceOf(TegaException.Conflict.class);
        old.close();
        assertThat(bench.get("r")).isEqualTo("{\"a\":1}");
        ephemeral(now, "r.a", "3");
        assertThat(bench.get("r.a")).isEqualTo("3");
    }

    @Test
    void nobodyElseMayComeInUnderTheSameId() {
        var session = bench.db.sessions().open(new Identity("alice", "cli1"), Duration.ofSeconds(10));
        assertThatThrownBy(() -> bench.db.sessions().open(new Identity("mallory", "cli1"), Duration.ofSeconds(10)))
                .isInstanceOf(TegaException.Forbidden.class);
        session.close();
        bench.db.sessions().open(new Identity("mallory", "cli1"), Duration.ofSeconds(10));
    }

    @Test
    void theyAreExclusive() {
        var mine = session("cli1");
        var other = session("cli2");
        bench.put("r.durable", "{\"x\":1}");
        ephemeral(mine, "r.e", "{\"x\":1}");
        assertThatThrownBy(() -> ephemeral(other, "r.e", "1")).isInstanceOf(TegaException.Conflict.class);
        assertThatThrownBy(() -> ephemeral(other, "r.e.y", "1")).isInstanceOf(TegaException.Conflict.class);
        assertThatThrownBy(() -> ephemeral(other, "r.durable", "1")).isInstanceOf(TegaException.Conflict.class);
        assertThatThrownBy(() -> ephemeral(other, "r", "{}")).isInstanceOf(TegaException.Conflict.class);
        assertThatThrownBy(() -> bench.put("r.e", "1")).isInstanceOf(TegaException.Conflict.class);
        assertThatThrownBy(() -> bench.put("r.e.y", "1"))
                .isInstanceOf(TegaException.Conflict.class)
                .hasMessageContaining("'cli1'");
        assertThatThrownBy(() -> other.tega().delete(path("r.e"))).isInstanceOf(TegaException.Conflict.class);
        ephemeral(mine, "r.e.y", "2");
        mine.tega().delete(path("r.e.x"));
        assertThat(bench.get("r")).isEqualTo("{\"durable\":{\"x\":1},\"e\":{\"y\":2}}");
        mine.close();
        assertThat(bench.get("r")).isEqualTo("{\"durable\":{\"x\":1}}");
    }

    @Test
    void theOwnerMakesItDurableByPuttingOverIt() {
        var session = session("cli1");
        ephemeral(session, "r.a", "1");
        session.tega().put(path("r.a"), json("2"));
        assertThat(bench.db.owner(path("r.a"))).isEmpty();
        session.close();
        assertThat(bench.get("r.a")).isEqualTo("2");
        bench.crash();
        assertThat(bench.get("r.a")).isEqualTo("2");
    }

    @Test
    void noShellsAreLeft() {
        bench.put("r.empty", "{}");
        var session = session("cli1");
        ephemeral(session, "gone.b.c", "1");
        ephemeral(session, "r.empty.deep.x", "1");
        ephemeral(session, "r.other.x", "1");
        bench.log().snapshot();
        session.close();
        assertThat(bench.db.snapshot().tree().top()).hasToString("{\"r\":{\"empty\":{}}}");
        bench.crash();
        assertThat(bench.db.snapshot().tree().top()).hasToString("{\"r\":{\"empty\":{}}}");
    }

    @Test
    void aDurableWriteAboveTakesThemAlong() {
        var session = session("cli1");
        bench.put("r.a.d", "1");
        ephemeral(session, "r.a.e", "1");
        bench.db.delete(path("r.a.d"));
        assertThat(bench.get("r")).isEqualTo("{\"a\":{\"e\":1}}");
        assertThat(bench.db.history().at(bench.db.snapshot().revision()).get(path("r")))
                .contains(json("{}"));
        bench.put("r.a", "{\"n\":1}");
        assertThat(bench.get("r")).isEqualTo("{\"a\":{\"n\":1}}");
        session.close();
        assertThat(bench.get("r")).isEqualTo("{\"a\":{\"n\":1}}");
    }

    @Test
    void aTransactionMayDoBoth() {
        var session = session("cli1");
        try (var tx = session.tega().begin()) {
            tx.put(path("r.a"), json("1")).putEphemeral(path("r.b"), json("2")).commit();
        }
        assertThat(bench.db.snapshot().version("r")).hasValue(0);
        bench.crash();
        assertThat(bench.get("r")).isEqualTo("{\"a\":1}");
    }

    @Test
    void withoutASessionThereAreNone() {
        try (var tx = bench.db.sessions().tega(new Identity("a", "a")).begin()) {
            assertThatThrownBy(() -> tx.putEphemeral(path("r.a"), json("1"))).isInstanceOf(TegaException.Invalid.class);
        }
    }

    // WHY: a REST request of a client that has a session speaks for the same owner.
    @Test
    void aRequestOfTheOwnerMayReplaceThem() {
        var session = session("cli1");
        ephemeral(session, "r.a", "1");
        bench.db.sessions().tega(new Identity("cli1", "cli1")).put(path("r.a"), json("2"));
        session.close();
        assertThat(bench.get("r.a")).isEqualTo("2");
    }

    @Test
    void theGoodByeIsRepeatedUntilItIsTaken() {
        var session = session("cli1");
        ephemeral(session, "r.a", "1");
        bench.memory().answer = proposal -> new Receipt.Refused("disk full");
        session.close();
        assertThat(bench.get("r.a")).isEqualTo("1");
        bench.memory().answer = proposal -> null;
        bench.clock.pass(Duration.ofSeconds(2));
        assertThat(bench.get("r")).isEqualTo("absent");
    }

    @Test
    void whoResumesAfterARestartLearnsThatTheyAreGone() {
        var session = session("cli1");
        bench.put("r.d", "1");
        ephemeral(session, "r.a", "1");
        bench.crash();
        var watch = bench.db.watch(WatchRequest.of(path("r")).from(2));
        var event = (tega.api.WatchEvent.Changed) watch.poll().orElseThrow();
        assertThat(event.change().commit().kind()).isEqualTo(CommitKind.LEASE);
        assertThat(event.change().commit().refersTo())
                .isEqualTo(event.change().commit().revision());
        assertThat(event.change().edits()).isEmpty();
        ephemeral(session("cli1"), "r.a", "5");
        var next = (tega.api.WatchEvent.Changed) watch.poll().orElseThrow();
        assertThat(next.change().edits()).hasSize(1);
        assertThat(List.of(watch.poll().isPresent())).containsExactly(false);
    }
}
