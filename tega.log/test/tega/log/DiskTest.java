package tega.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tega.log.Batches.batch;
import static tega.log.Batches.put;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.LogOptions;
import tega.api.spi.Receipt;
import tega.system.SystemScheduler;

/** The log on a real disk, against real processes: the lock, {@code kill -9}, a disk that is full. */
class DiskTest {
    private static final LogOptions SMALL = new LogOptions(64 << 10, 128 << 10, 0, 100, Duration.ZERO, 0);
    private static final int KILLS = Boolean.getBoolean("tega.nightly") ? 200 : 20;
    private static final int WRITERS = 4;
    private static final Logger TOLD = Logger.getLogger("tega.log");

    @TempDir
    Path folder;

    @BeforeAll
    static void quiet() {
        TOLD.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        TOLD.setLevel(null);
    }

    /** What the child process does: a few writers commit to one log and tell on standard output what was acknowledged. */
    static final class Child {
        private static final Object ONE_AT_A_TIME = new Object();

        private Child() {}

        public static void main(String[] args) {
            var log = log(Path.of(args[0]), new SystemScheduler());
            log.open(new TreeSink());
            System.out.println("open");
            for (var writer = 0; writer < WRITERS; writer++) {
                var name = "w" + writer;
                new Thread(() -> write(log, name)).start();
            }
        }

        private static void write(SegmentedLog log, String name) {
            while (true) {
                synchronized (ONE_AT_A_TIME) {
                    var next = log.last() + 1;
                    var receipts = log.append(
                            batch(put(next, "a." + name, next), put(next + 1, "b." + name, Value.of("x".repeat(100)))));
                    if (receipts.stream().allMatch(Receipt.Appended.class::isInstance)) {
                        System.out.println(next + 1);
                    }
                }
            }
        }
    }

    private static SegmentedLog log(Path folder, tega.api.spi.Scheduler scheduler) {
        return new SegmentedLog(new FolderStorage(folder), SMALL, Batches.COMMITS, Batches.JSON, scheduler);
    }

    private Process child() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Reads lines until {@code count} were told after the first, kills the child, and returns the last number it told. */
    private static long killAfter(Process child, int count) throws Exception {
        var told = 0L;
        try (var lines = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("open");
            for (var i = 0; i < count; i++) {
                told = Long.parseLong(lines.readLine());
            }
            // by its handle, which leaves the stream open
            child.toHandle().destroyForcibly();
            assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
            // what it had told before it died is acknowledged, too; the last line may be torn
            var text = new StringBuilder();
            for (var c = lines.read(); c >= 0; c = lines.read()) {
                text.append((char) c);
            }
            for (var line : text.substring(0, text.lastIndexOf("\n") + 1).split("\n", -1)) {
                told = line.isEmpty() ? told : Long.parseLong(line);
            }
        }
        return told;
    }

    @Test
    void killedAgainAndAgainItLosesNothingAcknowledged() throws Exception {
        var before = 0L;
        for (var kill = 0; kill < KILLS; kill++) {
            var told = killAfter(child(), 1 + kill * 37 % 400);
            var log = log(folder, new TestScheduler());
            var sink = new TreeSink();
            var last = log.open(sink).last();
            assertThat(told).isGreaterThan(before);
            assertThat(last).as("kill %s", kill).isBetween(told, told + 2L);
            var expected = Math.max(1, log.oldest() + 1);
            try (var reader = log.read(expected)) {
                for (; reader.hasNext(); expected++) {
                    assertThat(reader.next().revision()).isEqualTo(expected);
                }
            }
            assertThat(expected).isEqualTo(last + 1);
            before = last;
            log.close();
        }
    }

    @Test
    void theLockKeepsOthersOutAndDiesWithItsProcess() throws Exception {
        var child = child();
        try (var lines = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("open");
            var log = log(folder, new TestScheduler());
            assertThatThrownBy(() -> log.open(new TreeSink()))
                    .isInstanceOf(TegaException.Unavailable.class)
                    .hasMessageContaining("process " + child.pid())
                    .hasMessageContaining(folder.toString());
            child.destroyForcibly();
            assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(log.open(new TreeSink()).last()).isNotNegative();
            assertThatThrownBy(() -> log(folder, new TestScheduler()).open(new TreeSink()))
                    .as("nor does this process open it twice")
                    .isInstanceOf(TegaException.Unavailable.class);
            try (var other = child().getInputStream()) {
                assertThat(other.read())
                        .as("refusing that did not lose the lock to others")
                        .isEqualTo(-1);
            }
            log.close();
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void onAFullDiskItRefusesReadsOnAndRecovers() throws Exception {
        var small = Files.createDirectories(folder.resolve("small"));
        if (!mounted("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString())) {
            // not root: CrashTest fills a disk in memory at every call
            assertThat(System.getProperty("user.name")).isNotEqualTo("root");
            return;
        }
        try {
            fillAndEmpty(small);
        } finally {
            assertThat(mounted("umount", small.toString())).isTrue();
        }
    }

    private static boolean mounted(String... command) throws Exception {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static void fillAndEmpty(Path small) throws IOException {
        var scheduler = new TestScheduler();
        var log = log(small.resolve("log"), scheduler);
        var sink = new TreeSink();
        log.open(sink);
        log.append(batch(put(1, "a.b", 1)));
        var ballast = small.resolve("ballast");
        Files.write(ballast, new byte[700 << 10]);
        var refused = 0;
        while (refused < 3) {
            var next = log.last() + 1;
            var receipt = log.append(batch(put(next, "a.n" + next % 9, Value.of("x".repeat(3000)))))
                    .get(0);
            if (receipt instanceof Receipt.Refused no) {
                assertThat(no.reason()).containsIgnoringCase("space").contains(small.toString());
                refused++;
            } else {
                assertThat(receipt).isEqualTo(new Receipt.Appended(next));
            }
        }
        assertThat(log.health().writable()).isFalse();
        var before = log.last();
        try (var reader = log.read(before)) {
            assertThat(reader.next().revision()).as("reading goes on").isEqualTo(before);
        }
        Files.delete(ballast);
        scheduler.advance(Duration.ofSeconds(3));
        assertThat(log.health().reason()).as("it notices by itself").isEmpty();
        assertThat(log.append(batch(put(before + 1, "a.b", 2)))).containsExactly(new Receipt.Appended(before + 1));
        log.close();

        var again = new TreeSink();
        var reopened = log(small.resolve("log"), scheduler);
        assertThat(reopened.open(again).last()).isEqualTo(before + 1);
        assertThat(again.tree()).isEqualTo(sink.tree());
        reopened.close();
    }
}
