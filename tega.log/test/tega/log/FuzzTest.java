package tega.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.LogOptions;

/**
 * Spoiled files are read, cut or refused by name: no other exception, no hang, no memory beyond what the bytes are worth. {@code
 * -Dtega.nightly=true} tries twenty times as many with a seed of the day; a failure names the bytes in hexadecimal, which
 * then go into the corpus.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FuzzTest {
    private static final boolean NIGHTLY = Boolean.getBoolean("tega.nightly");
    private static final int TRIES = NIGHTLY ? 100_000 : 5000;
    private static final long SEED = NIGHTLY ? System.currentTimeMillis() / 86_400_000 : 20260101;
    /** What reading at most 16 KiB may allocate; most of it are buffers of constant size. */
    private static final long MEMORY = 16L << 20;

    private static final LogOptions OPTIONS = new LogOptions(4000, 1 << 20, 0, 1000, Duration.ZERO, 0);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Logger TOLD = Logger.getLogger("tega.log");

    @BeforeAll
    static void quiet() {
        TOLD.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        TOLD.setLevel(null);
    }

    /** What is done with spoiled bytes. */
    private interface Reading {
        void of(byte[] bytes) throws IOException;
    }

    private static void spoil(List<byte[]> seeds, Reading reading) {
        var mutator = new Mutator(seeds, new SplittableRandom(SEED));
        for (var i = 0; i < TRIES; i++) {
            var bytes = mutator.next();
            var before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                reading.of(bytes);
            } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError("seed " + SEED + ", try " + i + ", bytes " + hex(bytes), e);
            }
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                    .as(() -> "bytes allocated for " + hex(bytes))
                    .isLessThan(MEMORY);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] file(String name) {
        try (var in = FuzzTest.class.getResourceAsStream("corpus/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(String name) {
        return new String(file(name), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("# "))
                .toList();
    }

    static List<String> taken() {
        return lines("literals-taken.txt");
    }

    static List<String> refused() {
        return lines("literals-refused.txt");
    }

    @ParameterizedTest
    @MethodSource("taken")
    void takesPythonLiterals(String line) {
        var parts = line.split(" => ");
        var value = PythonLiteral.read(parts[0]);
        assertThat(value).isEqualTo(Batches.JSON.readJson(parts[1].getBytes(StandardCharsets.UTF_8)));
        assertThat(again(value)).isEqualTo(value);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatIsNoLiteral(String line) {
        var parts = line.split(" => ");
        assertThatThrownBy(() -> PythonLiteral.read(parts[0].equals("empty") ? "" : parts[0]))
                .isInstanceOf(TegaException.Invalid.class)
                .hasMessageMatching("column \\d+: .*")
                .hasMessageEndingWith(parts[1]);
    }

    private static Value again(Value value) {
        var text = new StringBuilder();
        PythonLiteral.write(value, text);
        return PythonLiteral.read(text.toString());
    }

    @Test
    void literals() {
        var seeds = new ArrayList<byte[]>();
        taken().forEach(line -> seeds.add(line.split(" => ")[0].getBytes(StandardCharsets.UTF_8)));
        refused().forEach(line -> seeds.add(line.split(" => ")[0].getBytes(StandardCharsets.UTF_8)));
        spoil(seeds, bytes -> {
            try {
                var value = PythonLiteral.read(new String(bytes, StandardCharsets.UTF_8));
                assertThat(again(value)).isEqualTo(value);
            } catch (TegaException.Invalid | TegaException.LimitExceeded e) {
                assertThat(e.getMessage()).hasSizeLessThan(200);
            }
        });
    }

    /** Whatever is in a text log, what is appended is a log that comes up as the tree that was meant. */
    @Test
    void textLogs() {
        spoil(List.of(file("usual.log"), file("snapshot.log"), file("torn.log")), bytes -> {
            var disk = new CrashStorage();
            var sink = new TreeSink();
            var log = log(disk);
            log.open(sink);
            try {
                new TextLogImport(Path.of("data"), Batches.COMMITS, Batches.JSON, silent())
                        .read(new ByteArrayInputStream(bytes), "text", log);
            } catch (TegaException.Invalid e) {
                assertThat(e.getMessage()).isEqualTo("'text' is not text in UTF-8");
            }
            log.close();
            var again = new TreeSink();
            log(disk).open(again);
            assertThat(again.tree()).isEqualTo(sink.tree());
        });
    }

    private static PrintStream silent() {
        return new PrintStream(OutputStream.nullOutputStream(), false);
    }

    @Test
    void aLineWithoutAnEndIsNotKept() throws IOException {
        var told = new ArrayList<String>();
        var text = "?\n{'ope': 'PUT', 'path': 'a', 'instance': {'x': '" + "y".repeat(5000) + "'}}\n@1\n";
        var events = new ArrayList<TextLog.Event>();
        new TextLog(told::add, 1000)
                .read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "text", events::add);
        assertThat(events).isEmpty();
        assertThat(told)
                .containsExactly(
                        "line 1: dropped the transaction that begins here: line 2, column 1001:" + " expected more");
    }

    private static SegmentedLog log(CrashStorage disk) {
        return new SegmentedLog(disk, OPTIONS, Batches.COMMITS, Batches.JSON, new TestScheduler());
    }

    private static byte[] unhex(String name) {
        return HexFormat.of().parseHex(String.join("", lines(name)));
    }

    private static CrashStorage disk(byte[] segment, byte[] picture) {
        var disk = new CrashStorage();
        disk.put(Segment.of(1, false).name(), segment);
        disk.put(Catalog.pictureName(3), picture);
        return disk;
    }

    @Test
    void filesOfEarlierReleasesAreRead() {
        var sink = new TreeSink();
        var recovery = log(disk(unhex("segment-1.hex"), unhex("picture-1.hex"))).open(sink);
        assertThat(recovery.picture()).isEqualTo(3);
        assertThat(sink.revision()).isEqualTo(6);
        assertThat(recovery.last())
                .as("what was reserved is not given out again")
                .isEqualTo(1028);
        assertThat(sink.tree().get(tega.api.Path.of("a")))
                .isEqualTo(Batches.JSON.readJson("{\"n\":6,\"text\":\"größe\"}".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void segments() {
        var picture = unhex("picture-1.hex");
        spoil(List.of(unhex("segment-1.hex")), bytes -> open(disk(bytes, picture)));
    }

    @Test
    void pictures() {
        var segment = unhex("segment-1.hex");
        spoil(List.of(unhex("picture-1.hex")), bytes -> open(disk(segment, bytes)));
    }

    private static void open(CrashStorage disk) {
        try {
            var sink = new TreeSink();
            var log = log(disk);
            log.open(sink);
            try (var reader = log.read(log.oldest() + 1)) {
                reader.forEachRemaining(commit -> assertThat(commit.revision()).isLessThanOrEqualTo(6));
            }
        } catch (TegaException.Damaged e) {
            assertThat(e.getMessage()).contains("disk/");
        }
    }
}
