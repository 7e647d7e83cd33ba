package tega.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.Commit;
import tega.api.NumberValue;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.WatchEvent;
import tega.api.WatchRequest;

/** Many threads, one order: on the real log, nobody's committed increment is lost, and every revision is given out once. */
class ManyWritersTest {
    private static final int WRITERS = 16;
    private static final int EACH = 60;
    private static final int COUNTERS = 3;

    @Test
    void noIncrementIsLost(@TempDir java.nio.file.Path dir) throws Exception {
        var commits = new ArrayList<Commit>();
        try (var db = TegaStore.open(dir)) {
            var watch = db.watch(WatchRequest.of(Path.of("c")).queue(100_000, 1L << 30));
            for (var increments : inParallel(writer -> increments(db, writer))) {
                commits.addAll(increments);
            }
            assertThat(total(db)).isEqualTo(WRITERS * EACH);
            var seen = new ArrayList<Long>();
            while (watch.poll().orElse(null) instanceof WatchEvent.Changed changed) {
                seen.add(changed.change().commit().revision());
            }
            assertThat(seen).as("what a watcher saw, in order").isSorted().hasSize(WRITERS * EACH);
            watch.close();
        }
        var revisions = new HashSet<Long>();
        commits.forEach(commit -> revisions.add(commit.revision()));
        assertThat(revisions).hasSize(WRITERS * EACH);
        try (var db = TegaStore.open(dir)) {
            assertThat(total(db)).isEqualTo(WRITERS * EACH);
            assertThat(db.snapshot().revision()).isEqualTo(WRITERS * EACH);
        }
    }

    /** Each commit moves two counters that it read, so that a lost update or a torn commit breaks the sum. */
    private static List<Commit> increments(TegaStore db, int writer) {
        var random = new Random(writer);
        var done = new ArrayList<Commit>();
        while (done.size() < EACH) {
            var up = Path.of("c", "n" + random.nextInt(COUNTERS));
            var all = Path.of("c", "all");
            try (var tx = db.begin()) {
                tx.put(up, Value.of(tx.get(up).map(ManyWritersTest::number).orElse(0L) + 1));
                tx.put(all, Value.of(tx.get(all).map(ManyWritersTest::number).orElse(0L) + 1));
                done.add(tx.commit());
            } catch (TegaException.Conflict e) {
                // somebody was quicker; once more on what is there now
            }
        }
        return done;
    }

    private static long total(TegaStore db) {
        var sum = 0L;
        for (var i = 0; i < COUNTERS; i++) {
            sum += db.get(Path.of("c", "n" + i)).map(ManyWritersTest::number).orElse(0L);
        }
        assertThat(db.get(Path.of("c", "all")).map(ManyWritersTest::number)).contains(sum);
        return sum;
    }

    private static long number(Value value) {
        return ((NumberValue) value).longValue();
    }

    @FunctionalInterface
    private interface Work<T> {
        T of(int writer) throws Exception;
    }

    private static <T> List<T> inParallel(Work<T> work) throws Exception {
        var threads = Executors.newFixedThreadPool(WRITERS);
        try {
            var tasks = new ArrayList<Callable<T>>();
            for (var writer = 0; writer < WRITERS; writer++) {
                var number = writer;
                tasks.add(() -> work.of(number));
            }
            var results = new ArrayList<T>();
            for (var future : threads.invokeAll(tasks, 120, TimeUnit.SECONDS)) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
