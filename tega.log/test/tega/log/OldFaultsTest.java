package tega.log;

import static org.assertj.core.api.Assertions.assertThat;
import static tega.log.Batches.batch;
import static tega.log.Batches.commit;
import static tega.log.Batches.lease;
import static tega.log.Batches.put;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.Path;
import tega.api.Value;
import tega.api.spi.LogOptions;
import tega.api.spi.Receipt;
import tega.api.spi.Recovery;
import tega.log.CrashStorage.Mode;

/**
 * What servers of the first protocol got wrong about durability (docs of the wire, faults 1 and 2), each as a test that fails
 * when the fault is put back.
 */
class OldFaultsTest {
    private static final String SEGMENT = Segment.of(1, false).name();
    private static final LogOptions OPTIONS = new LogOptions(1 << 20, 1 << 20, 0, 0, Duration.ZERO, 0);
    private static final Logger TOLD = Logger.getLogger("tega.log");

    private CrashStorage disk = new CrashStorage();
    private SegmentedLog log;
    private TreeSink sink;

    @BeforeAll
    static void quiet() {
        TOLD.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        TOLD.setLevel(null);
    }

    private Recovery open() {
        sink = new TreeSink();
        log = new SegmentedLog(disk, OPTIONS, Batches.COMMITS, Batches.JSON, new TestScheduler());
        return log.open(sink);
    }

    private void appended(Commit... commits) {
        assertThat(log.append(batch(commits))).allMatch(Receipt.Appended.class::isInstance);
    }

    private Recovery powerCut() {
        disk = disk.after(Mode.LOST, new SplittableRandom(1));
        return open();
    }

    private static Path path(String text) {
        return Path.parse(text);
    }

    @Test
    void whatWasDeletedStaysDeleted() {
        open();
        appended(put(1, "a.b.c", 1), put(2, "a.d", 2));
        log.snapshot();
        appended(commit(3, CommitKind.EDIT, Edit.delete(path("a.b.c"))));
        powerCut();
        assertThat(sink.tree().get(path("a.b"))).isNull();
        assertThat(sink.tree().get(path("a.d"))).isEqualTo(Value.of(2));
        log.snapshot();
        powerCut();
        assertThat(sink.tree().get(path("a.b"))).isNull();
    }

    @Test
    void whatWasClearedStaysClearedThoughItsFilesCouldNotBeRemoved() throws IOException {
        open();
        appended(put(1, "secret.x", 1), put(2, "secret.y", 2));
        log.snapshot();
        appended(commit(3, CommitKind.CLEAR));
        disk.fate((call, what) -> {
            if (what.startsWith("delete")) {
                throw new IOException("not now");
            }
        });
        log.clear();
        assertThat(log.hindrance()).contains("cleared data is still in");
        appended(put(4, "a.b", 1));
        log.snapshot();
        log.compact(4);
        disk.fate((call, what) -> {});
        powerCut();
        assertThat(sink.tree().get(path("secret"))).isNull();
        assertThat(sink.tree().get(path("a.b"))).isEqualTo(Value.of(1));
        assertThat(log.oldest()).isGreaterThanOrEqualTo(3);
        assertThat(disk.list()).doesNotContain(SEGMENT);
    }

    /** Every length that the last transaction can be torn to. */
    @Test
    void aTornTransactionIsNeitherAppliedNorJoinedToTheNextNorInTheWay() {
        open();
        appended(put(1, "a.b", 1));
        var before = (int) log.health().metrics().get("appended_bytes").longValue();
        appended(commit(2, CommitKind.EDIT, Edit.put(path("a.x"), Value.of(1)), Edit.put(path("a.y"), Value.of(2))));
        var whole = disk.content(SEGMENT);
        var after = (int) log.health().metrics().get("appended_bytes").longValue();
        assertThat(after - before).isGreaterThan(60);
        for (var size = before; size < after; size++) {
            disk = new CrashStorage();
            disk.put(SEGMENT, Arrays.copyOf(whole, size));
            var recovery = open();
            assertThat(recovery.last()).as("torn at %s", size).isEqualTo(1);
            assertThat(recovery.cutBytes() > 0).as("told at %s", size).isEqualTo(size > before);
            assertThat(sink.tree().get(path("a"))).isEqualTo(Value.object("b", Value.of(1)));

            appended(put(2, "a.z", 3));
            powerCut();
            assertThat(sink.tree().get(path("a"))).isEqualTo(Value.object("b", Value.of(1), "z", Value.of(3)));
            assertThat(sink.applied()).containsExactly(1L, 2L);
        }
    }

    @Test
    void whatLooksLikeCodeOrLikeAMarkIsText() {
        var hostile = List.of(
                "?", "@1.0", "-1 a a", "__import__('os').system('true')", "\ntega log\u0000\u00fd\u0001", "'}\n?");
        open();
        for (var text : hostile) {
            var next = log.last() + 1;
            appended(commit(
                    next,
                    CommitKind.EDIT,
                    Edit.put(Path.of("a", text), Value.of(text)),
                    Edit.put(Path.of("a", "n" + next), Value.object(text, Value.NULL))));
        }
        powerCut();
        for (var text : hostile) {
            assertThat(sink.tree().get(Path.of("a", text))).isEqualTo(Value.of(text));
        }
    }

    /** Revisions are the clock: had they shrunk, a replica would take other content for what it has. */
    @Test
    void noRevisionIsGivenOutTwiceThoughItsCommitWasNotKept() {
        open();
        var given = new HashSet<Long>();
        for (var life = 0; life < 20; life++) {
            for (var i = 0; i < 5; i++) {
                var next = log.last() + 1;
                assertThat(given.add(next)).as("revision %s", next).isTrue();
                appended(i % 2 == 0 ? lease(next, "a.live", next) : put(next, "a.n", next));
            }
            var next = log.last() + 1;
            assertThat(given.add(next)).isTrue();
            appended(lease(next, "a.live", next));
            powerCut();
        }
    }

    @Test
    void commitsHaveTheSameRevisionsAfterARestart() {
        open();
        appended(put(1, "a.n", 1), lease(2, "a.live", 1), put(3, "a.n", 3), lease(4, "a.live", 2), put(5, "a.n", 5));
        powerCut();
        var seen = new ArrayList<Long>();
        try (var reader = log.read(1)) {
            reader.forEachRemaining(commit -> {
                seen.add(commit.revision());
                assertThat(commit.edits()).containsExactly(Edit.put(path("a.n"), Value.of(commit.revision())));
            });
        }
        assertThat(seen).containsExactly(1L, 3L, 5L);
        assertThat(sink.tree().stamp(path("a.n"))).isEqualTo(5);
    }
}
