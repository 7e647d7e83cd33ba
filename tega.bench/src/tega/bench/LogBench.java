package tega.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import tega.api.spi.LogOptions;
import tega.store.TegaStore;

/**
 * What a durable commit costs beside a bare fdatasync of as many bytes, in turns of a fraction of a second, so that what the
 * disk does meanwhile meets all alike; then how quickly a log comes up. Each aim is printed beside its figure.
 */
final class LogBench {
    private static final long TURN = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int WRITERS = 32;
    private static final int ROOM = 16 << 20;

    /** Neither pictures nor an end of history: what is measured is the log. */
    static final LogOptions PLAIN = new LogOptions(64 << 20, Long.MAX_VALUE, 0, Long.MAX_VALUE, Duration.ZERO, 0);

    /** What the turns of one contender showed: how long each took, in nanoseconds, and how many in how much time. */
    private static final class Tally {
        private final List<long[]> turns = new ArrayList<>();
        private long elapsed;
        private long count;

        void add(long[] nanos, long nanosElapsed) {
            turns.add(nanos);
            count += nanos.length;
            elapsed += nanosElapsed;
        }

        double perSecond() {
            return count * 1e9 / elapsed;
        }

        double micros(double quantile) {
            var all = turns.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            return all[(int) (all.length * quantile)] / 1e3;
        }
    }

    /** One thing done again and again. */
    private interface Step {
        void run() throws IOException;
    }

    /** One contender's turn. */
    private interface Turn {
        void take() throws Exception;
    }

    private final Tally floor = new Tally();
    private final Tally append = new Tally();
    private final Tally put = new Tally();
    private final Tally floorOfMany = new Tally();
    private final Tally appendOfMany = new Tally();
    private final Tally putByMany = new Tally();
    private final ExecutorService pool = Executors.newFixedThreadPool(WRITERS);

    private LogBench() {}

    static void run(String[] arguments) throws Exception {
        var rounds = arguments.length == 0 ? 80 : Integer.parseInt(arguments[0]);
        var folder = arguments.length < 2
                ? Files.createTempDirectory("bench")
                : Files.createTempDirectory(Path.of(arguments[1]), "bench");
        try {
            var bench = new LogBench();
            bench.measure(folder, rounds);
            LogRecovery.measure(folder);
        } finally {
            new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
        }
    }

    private void measure(Path folder, int rounds) throws Exception {
        try (var log = new BenchLog(folder.resolve("append"));
                var db = TegaStore.open(folder.resolve("store"));
                var file = FileChannel.open(
                        folder.resolve("bare"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var bytes = log.bytesOfOne();
            file.write(ByteBuffer.allocate(ROOM));
            file.force(true);
            for (var round = -10; round < rounds; round++) {
                var turns = new ArrayList<Turn>(List.of(
                        () -> turn(floor, bare(file, bytes), 1),
                        () -> turn(append, () -> log.append(1), 1),
                        () -> turn(put, db(db), 1),
                        () -> turn(floorOfMany, bare(file, bytes * WRITERS), WRITERS),
                        () -> turn(appendOfMany, () -> log.append(WRITERS), WRITERS),
                        () -> many(putByMany, db(db))));
                Collections.shuffle(turns, new Random(round)); // lest one always come after the same other
                for (var turn : turns) {
                    turn.take();
                }
                if (round < 0) { // warm
                    List.of(floor, append, put, floorOfMany, appendOfMany, putByMany)
                            .forEach(LogBench::forget);
                }
            }
            print(rounds, bytes, db);
        } finally {
            pool.shutdownNow();
        }
    }

    private static void forget(Tally tally) {
        tally.turns.clear();
        tally.count = 0;
        tally.elapsed = 0;
    }

    /** Writes into room that is there already, as the log does, and syncs. */
    private static Step bare(FileChannel file, int size) {
        var bytes = ByteBuffer.allocateDirect(size);
        var at = new int[1];
        return () -> {
            file.write(bytes.rewind(), at[0]);
            at[0] = (at[0] + size) % (ROOM - size);
            file.force(false);
        };
    }

    private static Step db(TegaStore db) {
        return () -> db.put(BenchLog.path(Thread.currentThread().getId()), BenchLog.value(System.nanoTime()));
    }

    private static void turn(Tally tally, Step step, int records) throws IOException {
        var began = System.nanoTime();
        var nanos = times(step);
        tally.add(nanos, System.nanoTime() - began);
        tally.count += (long) nanos.length * (records - 1);
    }

    private void many(Tally tally, Step step) throws Exception {
        var began = System.nanoTime();
        var all = new ArrayList<long[]>();
        for (var result : pool.invokeAll(Collections.nCopies(WRITERS, (Callable<long[]>) () -> times(step)))) {
            all.add(result.get());
        }
        tally.add(all.stream().flatMapToLong(Arrays::stream).toArray(), System.nanoTime() - began);
    }

    private static long[] times(Step step) throws IOException {
        var nanos = new long[1024];
        var count = 0;
        var end = System.nanoTime() + TURN;
        for (var now = System.nanoTime(); now < end; ) {
            step.run();
            var then = System.nanoTime();
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = then - now;
            now = then;
        }
        return Arrays.copyOf(nanos, count);
    }

    private void print(int rounds, int bytes, TegaStore db) {
        System.out.printf(
                "Java %s, %d processors, %d rounds in turns of %d ms, %d bytes a record%n%n",
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                rounds,
                TimeUnit.NANOSECONDS.toMillis(TURN),
                bytes);
        System.out.println("| | p50, µs | p99, µs | records/s |");
        System.out.println("|---|---|---|---|");
        row("fdatasync of one record, bare", floor);
        row("`CommitLog.append` of one commit", append);
        row("`Tega.put`, 1 writer", put);
        row("fdatasync of 32 records, bare", floorOfMany);
        row("`CommitLog.append` of 32 commits", appendOfMany);
        row("`Tega.put`, 32 writers", putByMany);
        System.out.printf("%nof %.1f commits one sync in the database with 32 writers%n%n", sharing(db));
        System.out.println("| aim | | figure |");
        System.out.println("|---|---|---|");
        aim("append, 1 writer: p50 : floor's p50", "<= 1.15", append.micros(0.5) / floor.micros(0.5));
        aim("the same through the database", "", put.micros(0.5) / floor.micros(0.5));
        aim("append, 32 at once: records/s : floor's", ">= 0.60", appendOfMany.perSecond() / floorOfMany.perSecond());
        aim("database, 32 writers: records/s : floor's", ">= 0.60", putByMany.perSecond() / floorOfMany.perSecond());
    }

    private static double sharing(TegaStore db) {
        for (var part : db.inspectables()) {
            if (part.subject().equals("store")) {
                var figures = part.figures();
                return Double.parseDouble(String.valueOf(figures.get("commits")))
                        / Double.parseDouble(String.valueOf(figures.get("batches")));
            }
        }
        return Double.NaN;
    }

    private static void row(String name, Tally tally) {
        System.out.printf(
                "| %s | %.0f | %.0f | %.0f |%n", name, tally.micros(0.5), tally.micros(0.99), tally.perSecond());
    }

    private static void aim(String name, String aim, double figure) {
        System.out.printf("| %s | %s | %.2f |%n", name, aim, figure);
    }
}
