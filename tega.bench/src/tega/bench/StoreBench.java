package tega.bench;

import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import tega.api.Commit;
import tega.api.Edit;
import tega.api.Limits;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.Value;
import tega.api.Watch;
import tega.api.WatchRequest;
import tega.json.Commits;
import tega.store.StoreOptions;
import tega.store.TegaStore;
import tega.system.SystemScheduler;

/** What the store costs above a log that writes nothing, called by one thread through the interface every program uses. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class StoreBench {
    private static final int PATHS = 1 << 16;
    private static final Path OTHER = Path.of("other", "leaf");

    /** Which tree. */
    @Param({"SMALL", "LARGE"})
    public Shape shape = Shape.SMALL;

    /** How many watch nodes that no commit touches. */
    @Param("0")
    public int idle;

    /** How many watch the one leaf that {@link #fanOut} commits. */
    @Param("0")
    public int keen;

    private final Path[] paths = new Path[PATHS];
    private final SystemScheduler scheduler = new SystemScheduler();
    private final TegaStore db = open(scheduler);
    private Watch[] watches = {};
    private Snapshot before = db.snapshot();
    private Snapshot after = before;
    private int next;
    private long number;

    static TegaStore open(SystemScheduler scheduler) {
        var options = StoreOptions.DEFAULT.limits(
                new Limits(Limits.DEFAULT.depth(), Limits.DEFAULT.nameBytes(), 1 << 30, 1 << 30));
        return TegaStore.open(new NoLog(), new Commits(), scheduler, new SplittableRandom(1), options);
    }

    /** A tree, ten more commits, and where to look. */
    @Setup
    public void build() {
        Random random = new Random(1);
        db.put(Path.of("root"), shape.value());
        for (int i = 0; i < PATHS; i++) {
            paths[i] = shape.leaf(random.nextInt(shape.leaves()));
        }
        before = db.snapshot();
        for (int i = 0; i < 10; i++) {
            db.put(paths[i], Value.of("changed"));
        }
        after = db.snapshot();
        for (int i = 0; i < idle; i++) {
            db.watch(WatchRequest.of(Path.of("idle", "group" + i % 100, "node" + i)));
        }
        watches = new Watch[keen];
        for (int i = 0; i < keen; i++) {
            watches[i] = db.watch(WatchRequest.of(OTHER));
        }
    }

    /** Ends the database and its threads. */
    @TearDown(Level.Trial)
    public void close() {
        db.close();
        scheduler.close();
    }

    private Path path() {
        next = (next + 1) % PATHS;
        return paths[next];
    }

    /** One leaf, anywhere, committed. */
    @Benchmark
    public Commit commit() {
        return db.put(path(), Value.of(++number));
    }

    /** One leaf, anywhere, read. */
    @Benchmark
    public Value get() {
        return db.get(path()).orElseThrow();
    }

    /** All of it as it is now. */
    @Benchmark
    public Snapshot snapshot() {
        return db.snapshot();
    }

    /** The ten edits between two snapshots. */
    @Benchmark
    public List<Edit> diffOfTen() {
        return before.tree().diff(after.tree(), Path.EMPTY);
    }

    /** One commit, until every watcher's reader has it. */
    @Benchmark
    public int fanOut() {
        db.put(OTHER, Value.of(++number));
        int told = 0;
        for (Watch watch : watches) {
            told += watch.poll().isPresent() ? 1 : 0;
        }
        if (told != keen) {
            throw new IllegalStateException(told + " were told");
        }
        return told;
    }
}
