package tega.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tega.log.Batches.batch;
import static tega.log.Batches.commit;
import static tega.log.Batches.lease;
import static tega.log.Batches.put;
import static tega.log.Batches.unkept;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.LogOptions;
import tega.api.spi.Receipt;

class SegmentedLogTest {
    private static final LogOptions SMALL = new LogOptions(2000, 1 << 20, 0, 10, Duration.ZERO, 0);

    @TempDir
    Path folder;

    private final TestScheduler scheduler = new TestScheduler();
    private final List<SegmentedLog> opened = new ArrayList<>();

    @AfterEach
    void closeAll() {
        opened.forEach(SegmentedLog::close);
    }

    private SegmentedLog log(LogOptions options) {
        var log = new SegmentedLog(new FolderStorage(folder), options, Batches.COMMITS, Batches.JSON, scheduler);
        opened.add(log);
        return log;
    }

    private static List<Long> revisions(SegmentedLog log, long from) {
        var found = new ArrayList<Long>();
        try (var reader = log.read(from)) {
            while (reader.hasNext()) {
                found.add(reader.next().revision());
            }
        }
        return found;
    }

    private static void fill(SegmentedLog log, int count) {
        for (var i = 0; i < count; i++) {
            var next = log.last() + 1;
            assertThat(log.append(batch(put(next, "a.n" + next % 7, next))))
                    .containsExactly(new Receipt.Appended(next));
        }
    }

    @Test
    void whatWasAppendedIsThereAfterOpeningAgain() {
        var log = log(LogOptions.DEFAULT);
        var sink = new TreeSink();
        assertThat(log.open(sink).last()).isZero();
        assertThat(log.append(batch(put(1, "a.b", 1), put(2, "a.c", 2), put(3, "a.b", 3))))
                .containsExactly(new Receipt.Appended(1), new Receipt.Appended(2), new Receipt.Appended(3));
        log.close();

        var again = new TreeSink();
        var recovery = log(LogOptions.DEFAULT).open(again);
        assertThat(again.tree()).isEqualTo(sink.tree());
        assertThat(recovery.last()).isEqualTo(3);
        assertThat(recovery.commits()).isEqualTo(3);
        assertThat(recovery.cutBytes()).isZero();
    }

    @Test
    void anotherSinkTakesOverWithoutAGap() {
        var log = log(LogOptions.DEFAULT);
        log.open(new TreeSink());
        log.append(batch(put(1, "a.b", 1)));
        log.append(List.of(unkept(put(2, "v.x", 2))));
        var next = new TreeSink();
        assertThat(log.open(next).last()).isEqualTo(2);
        assertThat(log.append(batch(put(3, "a.b", 3)))).containsExactly(new Receipt.Appended(3));
        assertThat(next.applied()).containsExactly(1L, 3L);
    }

    @Test
    void revisionsOfWhatIsNotKeptAreNotGivenOutAgain() throws Exception {
        var log = log(LogOptions.DEFAULT);
        var sink = new TreeSink();
        log.open(sink);
        log.append(batch(put(1, "a.b", 1)));
        assertThat(log.append(batch(lease(2, "a.live", 2)))).containsExactly(new Receipt.Appended(2));
        assertThat(log.append(List.of(unkept(put(3, "v.x", 3))))).containsExactly(new Receipt.Appended(3));
        assertThat(sink.applied()).containsExactly(1L, 2L, 3L);
        var crashed = Files.createDirectories(folder.resolve("crashed"));
        for (var name : new FolderStorage(folder).list()) {
            if (!name.equals("crashed")) {
                Files.copy(folder.resolve(name), crashed.resolve(name));
            }
        }
        log.close();

        var clean = new TreeSink();
        assertThat(log(LogOptions.DEFAULT).open(clean).last()).isEqualTo(3);
        assertThat(clean.applied()).containsExactly(1L);

        var other = new SegmentedLog(
                new FolderStorage(crashed), LogOptions.DEFAULT, Batches.COMMITS, Batches.JSON, scheduler);
        opened.add(other);
        var after = other.open(new TreeSink()).last();
        assertThat(after).isGreaterThanOrEqualTo(3);
        assertThat(other.append(batch(put(after + 1, "a.b", 9)))).containsExactly(new Receipt.Appended(after + 1));
        assertThat(revisions(other, 1)).containsExactly(1L, after + 1);
    }

    @Test
    void withDurableCommitsOnlyACrashLeavesNoGap() throws Exception {
        var log = log(LogOptions.DEFAULT);
        log.open(new TreeSink());
        fill(log, 3);
        var crashed = Files.createDirectories(folder.resolve("crashed"));
        for (var name : new FolderStorage(folder).list()) {
            if (!name.equals("crashed")) {
                Files.copy(folder.resolve(name), crashed.resolve(name));
            }
        }
        var other = new SegmentedLog(
                new FolderStorage(crashed), LogOptions.DEFAULT, Batches.COMMITS, Batches.JSON, scheduler);
        opened.add(other);
        assertThat(other.open(new TreeSink()).last()).isEqualTo(3);
    }

    @Test
    void segmentsRollAndAreReadFromAnyRevision() {
        var log = log(SMALL);
        log.open(new TreeSink());
        fill(log, 100);
        assertThat(log.health().metrics().get("segments")).isGreaterThan(3);
        assertThat(revisions(log, 1)).hasSize(100);
        assertThat(revisions(log, 57)).startsWith(57L).hasSize(44);
        assertThat(revisions(log, 101)).isEmpty();
        assertThat(log.oldest()).isZero();
        try (var reader = log.read(98)) {
            fill(log, 5);
            var seen = new ArrayList<Long>();
            reader.forEachRemaining(commit -> seen.add(commit.revision()));
            assertThat(seen).as("as of when it was asked for").containsExactly(98L, 99L, 100L);
        }
    }

    @Test
    void recoveryBeginsWithTheNewestPicture() {
        var log = log(SMALL);
        var sink = new TreeSink();
        log.open(sink);
        fill(log, 50);
        assertThat(log.snapshot()).isEqualTo(50);
        assertThat(log.snapshot()).as("nothing happened since").isEqualTo(50);
        fill(log, 7);
        log.close();

        var again = new TreeSink();
        var reopened = log(SMALL);
        var recovery = reopened.open(again);
        assertThat(recovery.picture()).isEqualTo(50);
        assertThat(recovery.commits()).isEqualTo(7);
        assertThat(again.tree()).isEqualTo(sink.tree());
        assertThat(reopened.pictures()).containsExactly(50L);
        var early = new TreeSink();
        early.restore(reopened.picture(50));
        assertThat(early.tree().get(tega.api.Path.parse("a.n1"))).isEqualTo(Value.of(50));
        assertThatThrownBy(() -> reopened.picture(49)).isInstanceOf(TegaException.NotFound.class);
    }

    @Test
    void compactionKeepsWhatIsNeeded() {
        var log = log(SMALL);
        var sink = new TreeSink();
        log.open(sink);
        fill(log, 40);
        log.snapshot();
        fill(log, 40);
        log.snapshot();
        fill(log, 40);
        log.compact(30);
        assertThat(log.oldest()).as("no picture at or before 30").isZero();
        log.compact(75);
        assertThat(log.oldest()).isEqualTo(40);
        assertThat(revisions(log, 41)).startsWith(41L).hasSize(80);
        assertThatThrownBy(() -> log.read(1))
                .isInstanceOfSatisfying(TegaException.Compacted.class, e -> assertThat(e.oldest())
                        .isEqualTo(40));
        log.close();

        var again = new TreeSink();
        var reopened = log(SMALL);
        reopened.open(again);
        assertThat(again.tree()).isEqualTo(sink.tree());
        assertThat(reopened.oldest()).isEqualTo(40);
    }

    @Test
    void picturesAreWrittenInTheBackgroundAndHistoryFollows() {
        var options = new LogOptions(2000, 5000, 4000, 10, Duration.ZERO, 0);
        var log = log(options);
        log.open(new TreeSink());
        for (var i = 0; i < 40; i++) {
            fill(log, 10);
            scheduler.advance(Duration.ofMillis(100));
        }
        scheduler.advance(Duration.ofSeconds(10));
        assertThat(log.health().metrics().get("pictures_written")).isGreaterThan(3);
        assertThat(log.oldest()).isBetween(300L, 390L);
        assertThat(log.hindrance()).isEmpty();
    }

    @Test
    void oldHistoryGoesWhenThereAreTooManyBytes() {
        var log = log(new LogOptions(2000, 3000, 0, 1_000_000, Duration.ZERO, 10_000));
        log.open(new TreeSink());
        for (var i = 0; i < 400; i++) {
            fill(log, 1);
            scheduler.run();
        }
        assertThat(log.oldest()).isGreaterThan(300);
    }

    @Test
    void clearedIsForgottenAndRevisionsGoOn() throws Exception {
        var log = log(SMALL);
        log.open(new TreeSink());
        fill(log, 30);
        log.snapshot();
        fill(log, 30);
        log.append(batch(commit(61, CommitKind.CLEAR)));
        log.clear();
        assertThat(log.last()).isEqualTo(61);
        assertThat(log.oldest()).isEqualTo(61);
        assertThat(log.pictures()).isEmpty();
        assertThatThrownBy(() -> log.read(61)).isInstanceOf(TegaException.Compacted.class);
        assertThat(new FolderStorage(folder).list()).hasSize(1);
        log.clear();
        assertThat(log.append(batch(put(62, "b.c", 1)))).containsExactly(new Receipt.Appended(62));
        log.close();

        var again = new TreeSink();
        assertThat(log(SMALL).open(again).last()).isEqualTo(62);
        assertThat(again.applied()).containsExactly(62L);
    }

    @Test
    void aWrongOrLargeCommitIsRefusedWithAllAfterIt() {
        var log = log(LogOptions.DEFAULT);
        log.open(new TreeSink());
        var large = put(2, "a.b", Value.of("x".repeat(log.maxPayload())));
        var receipts = log.append(batch(put(1, "a.b", 1), large, put(3, "a.b", 3)));
        assertThat(receipts.get(0)).isEqualTo(new Receipt.Appended(1));
        assertThat(receipts.get(1)).isInstanceOf(Receipt.TooLarge.class);
        assertThat(receipts.get(2)).isInstanceOf(Receipt.Refused.class);
        assertThat(log.append(batch(put(7, "a.b", 1)))).allMatch(Receipt.Refused.class::isInstance);
        assertThat(log.append(batch(put(2, "a.b", 2)))).containsExactly(new Receipt.Appended(2));
        assertThat(revisions(log, 1)).containsExactly(1L, 2L);
    }

    @Test
    void anInterruptedThreadStillCommits() {
        var log = log(SMALL);
        log.open(new TreeSink());
        for (var i = 0; i < 60; i++) {
            Thread.currentThread().interrupt();
            fill(log, 1);
            assertThat(Thread.interrupted()).isTrue();
        }
        log.close();
        var again = new TreeSink();
        log(SMALL).open(again);
        assertThat(again.applied()).hasSize(60);
    }

    @Test
    void nothingWorksBeforeItIsOpen() {
        var log = log(SMALL);
        assertThat(log.append(batch(put(1, "a.b", 1)))).allMatch(Receipt.Refused.class::isInstance);
        assertThat(log.health().writable()).isFalse();
        assertThatThrownBy(() -> log.read(1)).isInstanceOf(TegaException.Unavailable.class);
        assertThatThrownBy(log::oldest).isInstanceOf(TegaException.Unavailable.class);
    }

    @Test
    void theFolderIsOpenOnce() {
        var log = log(SMALL);
        log.open(new TreeSink());
        assertThatThrownBy(() -> log(SMALL).open(new TreeSink()))
                .isInstanceOf(TegaException.Unavailable.class)
                .hasMessageContaining(folder.toString());
        log.close();
        assertThat(log(SMALL).open(new TreeSink()).last()).isZero();
    }

    @Test
    void oneCommitIsAsGoodAsItsCodec() {
        Commit commit = put(1, "a.\"x.y\"", Value.of("é\n\"\u0000"));
        var log = log(SMALL);
        log.open(new TreeSink());
        log.append(batch(commit));
        try (var reader = log.read(1)) {
            assertThat(reader.next().edits()).isEqualTo(commit.edits());
            assertThat(reader.hasNext()).isFalse();
        }
    }
}
