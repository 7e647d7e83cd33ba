package tega.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tega.log.Batches.batch;
import static tega.log.Batches.put;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;
import tega.api.spi.LogOptions;
import tega.api.spi.Receipt;

/** What of history is kept, by count, by age and by bytes; and what is left when all that is older is given back. */
class RetentionTest {
    private static final long NEVER = Long.MAX_VALUE;

    private final CrashStorage disk = new CrashStorage();
    private final TestScheduler scheduler = new TestScheduler();
    private final TreeSink sink = new TreeSink();
    private final List<Tree> states = new ArrayList<>(List.of(Tree.EMPTY));

    private SegmentedLog open(LogOptions options) {
        var log = new SegmentedLog(disk, options, Batches.COMMITS, Batches.JSON, scheduler);
        log.open(sink);
        return log;
    }

    /** Commits one a second, with pictures when they are due. */
    private void fill(SegmentedLog log, int count) {
        for (var i = 0; i < count; i++) {
            var next = log.last() + 1;
            assertThat(log.append(batch(put(next, "a.n" + next % 7, Value.of("x".repeat(50) + next)))))
                    .containsExactly(new Receipt.Appended(next));
            states.add(sink.tree());
            scheduler.advance(Duration.ofSeconds(1));
        }
    }

    /** Every state that is said to be kept comes out of pictures and commits. */
    private void answers(SegmentedLog log) {
        var oldest = log.oldest();
        var again = new TreeSink();
        if (log.pictures().contains(oldest)) {
            again.restore(log.picture(oldest));
        }
        assertThat(again.tree()).as("the state after %s", oldest).isEqualTo(states.get((int) oldest));
        try (var reader = log.read(oldest + 1)) {
            for (var next = oldest + 1; next <= log.last(); next++) {
                again.apply(reader.next());
                assertThat(again.tree()).as("the state after %s", next).isEqualTo(states.get((int) next));
            }
            assertThat(reader.hasNext()).isFalse();
        }
    }

    private long onDisk() throws Exception {
        var sum = 0L;
        for (var name : disk.list()) {
            sum += disk.content(name).length;
        }
        return sum;
    }

    @Test
    void byCount() {
        var log = open(new LogOptions(2000, 3000, 0, 100, Duration.ZERO, 0));
        fill(log, 90);
        assertThat(log.oldest()).as("fewer than are kept").isZero();
        fill(log, 400);
        assertThat(log.oldest()).isBetween(340L, 390L);
    }

    @Test
    void byAgeThoughTheCountIsMet() {
        var log = open(new LogOptions(2000, 3000, 0, 10, Duration.ofMinutes(5), 0));
        fill(log, 290);
        assertThat(log.oldest()).as("all of it is younger").isZero();
        fill(log, 300);
        assertThat(log.oldest())
                .as("five minutes, rounded up to a picture and a segment")
                .isBetween(220L, 290L);
        scheduler.advance(Duration.ofDays(1));
        fill(log, 60);
        assertThat(log.oldest()).as("yesterday's is old").isBetween(540L, 650L);
        answers(log);
    }

    @Test
    void byBytesThoughTheCountIsNotMet() throws Exception {
        var log = open(new LogOptions(2000, 3000, 0, 1_000_000, Duration.ZERO, 20_000));
        for (var i = 0; i < 20; i++) {
            fill(log, 30);
            // what is not a picture yet comes on top
            assertThat(onDisk()).isLessThan(20_000 + 2 * 3000 + 2000);
        }
        assertThat(log.oldest()).isGreaterThan(400);
        assertThat(log.last() - log.oldest()).as("but not less than fits").isGreaterThan(60);
    }

    @Test
    void whatIsNeededStaysWhateverTheOptionsSay() {
        var log = open(new LogOptions(2000, 3000, 0, 10, Duration.ZERO, 5000));
        fill(log, 20);
        log.compact(15);
        fill(log, 300);
        assertThat(log.oldest()).isLessThanOrEqualTo(15);
        log.compact(NEVER);
        assertThat(log.oldest()).isGreaterThan(200);
    }

    @Test
    void aPictureIsWrittenAtThePaceThatFlashLikes() {
        var rate = 512 << 10;
        var log = open(new LogOptions(64 << 20, 3 << 20, rate, 10, Duration.ZERO, 0));
        var large = Value.of("x".repeat(100_000));
        for (var i = 0; i < 32; i++) {
            log.append(batch(put(log.last() + 1, "a.n" + i, large), put(log.last() + 2, "b.n" + i, 1)));
        }
        scheduler.run();
        var before = disk.bytesWritten();
        var seconds = 0;
        for (; log.pictures().isEmpty(); seconds++) {
            assertThat(seconds).isLessThan(60);
            scheduler.advance(Duration.ofSeconds(1));
            assertThat(disk.bytesWritten() - before)
                    .as("bytes after %s s", seconds + 1)
                    .isLessThan((long) (seconds + 1) * rate + (256 << 10) + 200_000);
        }
        assertThat(seconds).isGreaterThanOrEqualTo(5);
        assertThat(log.append(batch(put(log.last() + 1, "a.n", 1)))).hasOnlyElementsOfType(Receipt.Appended.class);
    }

    @Test
    void compactionKeepsWhatItSaysAndGivesBackTheRest() throws Exception {
        var options = new LogOptions(8000, NEVER, 0, NEVER, Duration.ZERO, 0);
        var log = open(options);
        fill(log, 500);
        var before = onDisk();
        Compaction.compact(log, 123, TreeSink::new);
        assertThat(log.oldest()).isEqualTo(377);
        answers(log);
        assertThatThrownBy(() -> log.read(377)).isInstanceOf(TegaException.Compacted.class);
        assertThat(onDisk()).isLessThan(before / 2);
        var files = disk.list();
        Compaction.compact(log, 123, TreeSink::new);
        assertThat(disk.list()).as("nothing more to do").isEqualTo(files);
        Compaction.compact(log, 400, TreeSink::new);
        assertThat(log.oldest()).as("what is gone does not come back").isEqualTo(377);

        fill(log, 10);
        log.close();
        var again = open(options);
        assertThat(again.oldest()).isEqualTo(377);
        answers(again);
        Compaction.compact(again, 0, TreeSink::new);
        assertThat(again.oldest()).isEqualTo(510);
        assertThat(disk.list()).as("a picture and an empty segment").hasSize(2);
        fill(again, 3);
        answers(again);
        again.close();
        answers(open(options));
    }
}
