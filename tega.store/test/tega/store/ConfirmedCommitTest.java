package tega.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tega.store.Bench.json;
import static tega.store.Bench.path;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.TegaException;
import tega.api.spi.Receipt;

/** A change that is undone unless somebody says that it works. */
class ConfirmedCommitTest {
    private final Bench bench = new Bench();

    @AfterEach
    void end() {
        bench.close();
    }

    private Commit confirmed(String path, String value, int seconds) {
        try (var tx = bench.db.begin()) {
            return tx.put(path(path), json(value))
                    .confirm(Duration.ofSeconds(seconds), false)
                    .commit();
        }
    }

    private void pass(int seconds) {
        bench.clock.pass(Duration.ofSeconds(seconds));
    }

    @Test
    void takesEffectAtOnceAndIsUndoneInTime() {
        bench.put("net.mtu", "1500");
        var commit = confirmed("net.mtu", "9000", 90);
        assertThat(bench.get("net.mtu")).isEqualTo("9000");
        assertThat(bench.db.confirmations().pending()).singleElement().satisfies(pending -> assertThat(
                        pending.deadline())
                .isEqualTo(bench.clock.now().plusSeconds(90)));
        pass(89);
        assertThat(bench.get("net.mtu")).isEqualTo("9000");
        pass(1);
        assertThat(bench.get("net.mtu")).isEqualTo("1500");
        assertThat(bench.db.confirmations().pending()).isEmpty();
        var undo = bench.db.history().commit(3);
        assertThat(undo.kind()).isEqualTo(CommitKind.CONFIRM_EXPIRED);
        assertThat(undo.refersTo()).isEqualTo(commit.revision());
        assertThat(undo.versions()).containsEntry("net", 2L);
    }

    @Test
    void aConfirmedOneStays() {
        bench.put("net.mtu", "1500");
        var commit = confirmed("net.mtu", "9000", 90);
        assertThat(bench.db.confirmations().confirm(commit.revision()).kind()).isEqualTo(CommitKind.CONFIRM);
        pass(1000);
        bench.crash();
        assertThat(bench.get("net.mtu")).isEqualTo("9000");
        assertThatThrownBy(() -> bench.db.confirmations().confirm(commit.revision()))
                .isInstanceOf(TegaException.NotFound.class);
        assertThat(bench.db.snapshot().version("net")).hasValue(1);
    }

    @Test
    void theWindowCanBeMovedAndTheChangeCancelled() {
        bench.put("net.mtu", "1500");
        var commit = confirmed("net.mtu", "9000", 10);
        pass(9);
        bench.db.confirmations().extend(commit.revision(), Duration.ofSeconds(10));
        pass(9);
        assertThat(bench.get("net.mtu")).isEqualTo("9000");
        bench.db.confirmations().cancel(commit.revision());
        assertThat(bench.get("net.mtu")).isEqualTo("1500");
        pass(100);
        assertThat(bench.db.snapshot().revision()).isEqualTo(3);
        assertThatThrownBy(() -> bench.db.confirmations().extend(commit.revision(), Duration.ofSeconds(1)))
                .isInstanceOf(TegaException.NotFound.class);
    }

    @Test
    void powerLossInsideTheWindowUndoesIt() {
        bench.put("net", "{\"mtu\":1500,\"gone\":{\"x\":1}}");
        try (var tx = bench.db.begin()) {
            tx.put(path("net.mtu"), json("9000"))
                    .delete(path("net.gone"))
                    .put(path("other.new"), json("1"))
                    .confirm(Duration.ofSeconds(90), false)
                    .commit();
        }
        bench.crash();
        assertThat(bench.get("net")).isEqualTo("{\"gone\":{\"x\":1},\"mtu\":1500}");
        assertThat(bench.get("other")).isEqualTo("absent");
        assertThat(bench.db.history().commit(3).kind()).isEqualTo(CommitKind.CONFIRM_EXPIRED);
    }

    // WHY: the picture, not only the log, must remember what waits.
    @Test
    void alsoWhenAPictureWasWrittenInsideTheWindow() {
        bench.put("net.mtu", "1500");
        confirmed("net.mtu", "9000", 90);
        bench.put("net.other", "1");
        bench.log().snapshot();
        bench.log().compact(bench.db.snapshot().revision());
        bench.crash();
        assertThat(bench.get("net")).isEqualTo("{\"mtu\":1500,\"other\":1}");
    }

    @Test
    void aSecondOneOnTheSameRootIsRefusedAndOthersAreToldAndKept() {
        bench.put("net", "{\"mtu\":1500,\"a\":1}");
        confirmed("net.mtu", "9000", 90);
        assertThatThrownBy(() -> confirmed("net.a", "2", 90))
                .isInstanceOf(TegaException.Conflict.class)
                .hasMessageContaining("revision 2");
        assertThat(confirmed("elsewhere.a", "2", 10).revision()).isEqualTo(3);
        var other = bench.db.put(path("net.a"), json("5"));
        assertThat(other.notes()).singleElement().asString().contains("revision 2", "net");
        pass(90);
        assertThat(bench.get("net")).isEqualTo("{\"a\":5,\"mtu\":1500}");
        assertThat(bench.get("elsewhere")).isEqualTo("absent");
    }

    @Test
    void whatOthersChangedSinceIsNotUndone() {
        bench.put("net", "{\"eth0\":{\"ip\":1,\"mtu\":1500},\"eth1\":{\"ip\":2}}");
        try (var tx = bench.db.begin()) {
            tx.put(path("net"), json("{\"eth0\":{\"ip\":7,\"mtu\":9000},\"eth2\":{\"ip\":3,\"up\":true}}"))
                    .confirm(Duration.ofSeconds(90), false)
                    .commit();
        }
        bench.put("net.eth0.mtu", "1400");
        bench.put("net.eth2.note", "\"mine\"");
        pass(90);
        assertThat(bench.get("net"))
                .isEqualTo("{\"eth0\":{\"ip\":1,\"mtu\":1400},\"eth1\":{\"ip\":2},\"eth2\":{\"note\":\"mine\"}}");
    }

    @Test
    void whatOthersDeletedOrReplacedAboveStaysSo() {
        bench.put("net", "{\"a\":{\"b\":1},\"c\":{\"d\":1}}");
        try (var tx = bench.db.begin()) {
            tx.put(path("net.a.b"), json("2"))
                    .put(path("net.c.d"), json("2"))
                    .confirm(Duration.ofSeconds(90), false)
                    .commit();
        }
        bench.db.delete(path("net.a"));
        bench.put("net.c", "7");
        pass(90);
        assertThat(bench.get("net")).isEqualTo("{\"c\":7}");
    }

    @Test
    void aFailedCommitArmsNothing() {
        bench.put("net.mtu", "1500");
        bench.memory().answer = proposal -> new Receipt.Refused("disk full");
        assertThatThrownBy(() -> confirmed("net.mtu", "9000", 90)).isInstanceOf(TegaException.Unavailable.class);
        bench.memory().answer = proposal -> null;
        assertThat(bench.db.confirmations().pending()).isEmpty();
        pass(1000);
        assertThat(bench.get("net.mtu")).isEqualTo("1500");
        assertThat(bench.db.snapshot().revision()).isEqualTo(1);
    }

    // WHY: a full disk at the end of the window must not make the change permanent.
    @Test
    void theUndoIsTriedUntilItIsWritten() {
        bench.put("net.mtu", "1500");
        confirmed("net.mtu", "9000", 90);
        bench.memory().answer = proposal -> new Receipt.Refused("disk full");
        pass(100);
        assertThat(bench.get("net.mtu")).isEqualTo("9000");
        bench.memory().answer = proposal -> null;
        pass(2);
        assertThat(bench.get("net.mtu")).isEqualTo("1500");
    }

    @Test
    void anEphemeralNodeThatCameInTheWayStays() {
        bench.put("net.a", "1");
        try (var tx = bench.db.begin()) {
            tx.delete(path("net.a")).confirm(Duration.ofSeconds(90), false).commit();
        }
        try (var tx = bench.db.begin()) {
            tx.putEphemeral(path("net.a"), json("2")).commit();
        }
        pass(90);
        assertThat(bench.get("net.a")).isEqualTo("2");
        assertThat(bench.db.confirmations().pending()).isEmpty();
    }

    @Test
    void anAutomaticOneSaysSo() {
        try (var tx = bench.db.begin()) {
            tx.put(path("net.a"), json("1"))
                    .confirm(Duration.ofSeconds(90), true)
                    .commit();
        }
        var waiting = bench.db.confirmations().pending();
        assertThat(waiting).hasSize(1);
        assertThat(waiting.get(0).commit().confirm().automatic()).isTrue();
    }

    @Test
    void aClearLeavesNothingThatWaits() {
        confirmed("net.a", "1", 90);
        bench.db.clear();
        assertThat(bench.db.confirmations().pending()).isEmpty();
        pass(1000);
        assertThat(bench.db.snapshot().revision()).isEqualTo(2);
    }

    @Test
    void nonsenseIsRefused() {
        try (var tx = bench.db.begin()) {
            assertThatThrownBy(() -> tx.confirm(Duration.ZERO, false)).isInstanceOf(TegaException.Invalid.class);
            tx.putEphemeral(path("e.x"), json("1")).confirm(Duration.ofSeconds(1), false);
            assertThatThrownBy(tx::commit).isInstanceOf(TegaException.Invalid.class);
        }
        assertThatThrownBy(() -> bench.db.confirmations().cancel(7)).isInstanceOf(TegaException.NotFound.class);
    }
}
