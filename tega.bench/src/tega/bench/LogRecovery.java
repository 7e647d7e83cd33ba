package tega.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tega.api.Value;
import tega.api.spi.LogOptions;
import tega.store.StoreOptions;
import tega.store.TegaStore;

/**
 * How long the database takes to come up: each time in a new Java with the flags of the server, from the call to the answer.
 * The start of Java itself is not in it.
 */
final class LogRecovery {
    private static final int COMMITS = 1_000_000;
    private static final int LEAVES = 100_000;
    private static final int ROOTS = 100;
    private static final int RUNS = 5;
    private static final LogOptions SMALL_SEGMENTS =
            new LogOptions(4 << 10, Long.MAX_VALUE, 0, Long.MAX_VALUE, Duration.ZERO, 0);

    private LogRecovery() {}

    /** What one opening showed. */
    private record Opened(double millis, long bytesRead) {}

    /** What the new Java does: opens the database and tells. */
    public static void main(String[] arguments) throws IOException {
        var folder = Path.of(arguments[0]);
        var options = StoreOptions.DEFAULT.log(LogBench.PLAIN);
        var bytes = bytesRead();
        var began = System.nanoTime();
        var db = TegaStore.open(folder, options);
        var nanos = System.nanoTime() - began;
        System.out.println(
                nanos + " " + (bytesRead() - bytes) + " " + db.recovery().last());
        // leaves the folder as it was for the next
        Runtime.getRuntime().halt(0);
    }

    private static long bytesRead() throws IOException {
        return Long.parseLong(
                Files.readAllLines(Path.of("/proc/self/io")).get(0).replaceAll("\\D", ""));
    }

    static void measure(Path folder) throws Exception {
        System.out.println("\n| coming up | median, ms | MB read | aim |");
        System.out.println("|---|---|---|---|");
        var many = folder.resolve("many");
        try (var log = new BenchLog(many)) {
            for (var done = 0; done < COMMITS; done += 1000) {
                log.append(1000);
            }
        }
        removePictures(many);
        row(COMMITS + " commits, no picture", many, "<= 5000");
        var leaves = folder.resolve("leaves");
        try (var log = new BenchLog(leaves)) {
            for (var root = 0; root < ROOTS; root++) {
                log.fill("root-" + root, LEAVES / ROOTS);
            }
            log.log().snapshot();
            log.append(100);
        }
        row("a picture of " + LEAVES + " leaves", leaves, "<= 1000");
        oldSegments(folder);
    }

    /** Each segment holds one commit of the same leaf, so that the picture is the same. */
    private static void oldSegments(Path folder) throws Exception {
        var large = Value.of("x".repeat(SMALL_SEGMENTS.segmentBytes()));
        var counts = new int[] {10, 100, 1000};
        for (var count : counts) {
            try (var log = new BenchLog(folder.resolve("old-" + count), SMALL_SEGMENTS)) {
                while (log.figure("segments") <= count) {
                    log.append(BenchLog.path(0), large);
                }
                log.log().snapshot();
                log.append(1);
            }
        }
        for (var count : counts) {
            row(count + " old segments before a picture", folder.resolve("old-" + count), "as with 10");
        }
    }

    /** Closing writes one where that is cheap. */
    private static void removePictures(Path folder) throws IOException {
        try (var files = Files.newDirectoryStream(folder.resolve("log"), "picture-*")) {
            for (var file : files) {
                Files.delete(file);
            }
        }
    }

    private static void row(String name, Path folder, String aim) throws IOException, InterruptedException {
        var runs = new ArrayList<Opened>();
        for (var i = 0; i < RUNS; i++) {
            runs.add(open(folder));
        }
        var millis = runs.stream().mapToDouble(Opened::millis).sorted().toArray();
        System.out.printf(
                "| %s | %.0f | %.1f | %s |%n",
                name, millis[RUNS / 2], runs.get(0).bytesRead() / 1e6, aim);
    }

    private static Opened open(Path folder) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(StartBench.flags());
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), LogRecovery.class.getName(), folder.toString()));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("the database in " + folder + " did not come up");
        }
        var words = Arrays.stream(said.strip().split(" ", -1))
                .mapToLong(Long::parseLong)
                .toArray();
        return new Opened(words[0] / (double) TimeUnit.MILLISECONDS.toNanos(1), words[1]);
    }
}
