package tega.log;

import static org.assertj.core.api.Assertions.assertThat;
import static tega.log.Batches.batch;
import static tega.log.Batches.put;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.spi.LogOptions;
import tega.api.spi.Receipt;

/**
 * Java closes a file under a thread that is interrupted in the midst of a read, a write or a sync. On a real disk: the commit is
 * taken all the same, the next ones too, the thread keeps its flag, and all of it is there afterwards.
 */
class InterruptTest {
    private static final int INTERRUPTS = 300;
    private static final LogOptions SMALL = new LogOptions(20_000, 1 << 20, 0, 1_000_000, Duration.ZERO, 0);

    @TempDir
    Path folder;

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private SegmentedLog log() {
        return new SegmentedLog(new FolderStorage(folder), SMALL, Batches.COMMITS, Batches.JSON, new TestScheduler());
    }

    private void write(SegmentedLog log) {
        while (!over.get()) {
            var next = log.last() + 1;
            assertThat(log.append(batch(put(next, "a.n" + next % 7, next), put(next + 1, "b.n", next))))
                    .containsExactly(new Receipt.Appended(next), new Receipt.Appended(next + 1));
            try (var reader = log.read(next)) {
                assertThat(reader.next().revision()).isEqualTo(next);
            }
            if (next % 100 == 1) {
                log.snapshot();
            }
            if (Thread.interrupted()) {
                seen.incrementAndGet();
            }
        }
    }

    @Test
    void anInterruptAtAnyTimeHarmsNoCommit() throws Exception {
        var log = log();
        var sink = new TreeSink();
        log.open(sink);
        var writer = new Thread(() -> write(log), "writer");
        writer.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
        writer.start();
        var random = new SplittableRandom(4);
        var given = 0;
        for (; given < INTERRUPTS && writer.isAlive(); given++) {
            var before = seen.get();
            for (var spin = random.nextInt(20_000); spin > 0; spin--) {
                Thread.onSpinWait(); // so that it comes at any point of what the writer does
            }
            writer.interrupt();
            while (seen.get() == before && writer.isAlive()) {
                Thread.onSpinWait();
            }
        }
        over.set(true);
        writer.join(60_000);
        assertThat(failure.get()).isNull();
        assertThat(given).isEqualTo(INTERRUPTS);
        assertThat(log.health().writable()).isTrue();
        var last = log.last();
        assertThat(log.append(batch(put(last + 1, "a.end", 1)))).containsExactly(new Receipt.Appended(last + 1));
        log.close();

        var again = new TreeSink();
        var reopened = log();
        assertThat(reopened.open(again).last()).isEqualTo(last + 1);
        assertThat(again.tree()).isEqualTo(sink.tree());
        var revisions = new ArrayList<Long>();
        try (var reader = reopened.read(1)) {
            reader.forEachRemaining(commit -> revisions.add(commit.revision()));
        }
        assertThat(revisions).hasSize((int) last + 1).isSorted().doesNotHaveDuplicates();
        reopened.close();
    }
}
