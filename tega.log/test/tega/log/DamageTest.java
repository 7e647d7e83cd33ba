package tega.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tega.log.Batches.batch;
import static tega.log.Batches.put;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.LogOptions;
import tega.api.spi.Recovery;

/** What damage does: it is told with file, offset and help, or was never acknowledged; and nothing worse happens. */
class DamageTest {
    private static final int MUTANTS = Boolean.getBoolean("tega.nightly") ? 200_000 : 8000;
    private static final LogOptions OPTIONS = new LogOptions(1500, 1 << 20, 0, 1000, Duration.ZERO, 0);
    private static final String FIRST = Segment.of(1, false).name();
    private static final Logger TOLD = Logger.getLogger("tega.log");

    @BeforeAll
    static void quiet() {
        TOLD.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        TOLD.setLevel(null);
    }

    private static SegmentedLog log(CrashStorage disk) {
        return new SegmentedLog(disk, OPTIONS, Batches.COMMITS, Batches.JSON, new TestScheduler());
    }

    /** A disk with {@code batches} batches of two commits, as a crash leaves it. */
    private static CrashStorage filled(int batches, boolean picture) {
        var disk = new CrashStorage();
        var log = log(disk);
        log.open(new TreeSink());
        for (var i = 0; i < batches; i++) {
            var next = log.last() + 1;
            log.append(batch(put(next, "a.n" + next, next), put(next + 1, "b.x", Value.of("x".repeat(i % 50)))));
            if (picture && i == batches / 2) {
                log.snapshot();
            }
        }
        return disk.copy();
    }

    private static CrashStorage with(CrashStorage disk, String name, byte[] content) {
        var copy = disk.copy();
        copy.put(name, content);
        return copy;
    }

    private static Recovery open(CrashStorage disk) {
        return log(disk).open(new TreeSink());
    }

    @Test
    void everyByteOfAnAcknowledgedBatchIsGuarded() {
        var disk = filled(3, false);
        var whole = disk.content(FIRST);
        var ends = ends(disk);
        for (var at = 0; at < ends[1]; at++) {
            var hurt = whole.clone();
            hurt[at] ^= 0x55;
            var damaged = with(disk, FIRST, hurt);
            assertThatThrownBy(() -> open(damaged))
                    .as("byte %s", at)
                    .isInstanceOf(TegaException.Damaged.class)
                    .hasMessageContaining("disk/" + FIRST + " is damaged at offset ")
                    .hasMessageContaining("expected")
                    .hasMessageContaining("'./tega check'")
                    .hasMessageContaining("'./tega repair'");
        }
        for (var at = ends[1]; at < ends[2]; at++) {
            var hurt = whole.clone();
            hurt[at] ^= 0x55;
            assertThat(open(with(disk, FIRST, hurt)).last())
                    .as("byte %s of the last batch, which may be torn", at)
                    .isBetween(4L, 6L);
        }
    }

    /** Where the three batches end. */
    private static int[] ends(CrashStorage disk) {
        var ends = new int[6];
        try (var reader = SegmentReader.open(disk, Segment.of(1, false), Long.MAX_VALUE)) {
            while (reader.next()) {
                ends[(int) reader.batch() - 1] = (int) reader.position();
            }
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        return ends;
    }

    @Test
    void damageIsToldWhereItIsThoughMoreIsReadToJudgeIt() {
        var disk = filled(6, false);
        var ends = ends(disk);
        var hurt = disk.content(FIRST);
        hurt[ends[0] + Frame.HEADER + 5] ^= 1;
        // a header behind it that looks like one of a later batch, and is none
        System.arraycopy(hurt, ends[2], hurt, ends[0] + Frame.HEADER + 10, Frame.HEADER);
        var damaged = with(disk, FIRST, hurt);
        assertThatThrownBy(() -> open(damaged)).hasMessageContaining("is damaged at offset " + ends[0] + ":");
    }

    @Test
    void whatLooksLikeALaterBatchInATornOneDoesNotMoveTheCut() {
        var disk = filled(3, false);
        var ends = ends(disk);
        var hurt = disk.content(FIRST);
        hurt[ends[1] + Frame.HEADER + 5] ^= 1;
        var header = Arrays.copyOfRange(hurt, ends[0], ends[0] + Frame.HEADER);
        header[15] = 5;
        System.arraycopy(header, 0, hurt, ends[1] + Frame.HEADER + 10, Frame.HEADER);
        Arrays.fill(hurt, ends[1] + 2 * Frame.HEADER + 10, hurt.length, (byte) 0);
        var torn = with(disk, FIRST, hurt);
        assertThat(open(torn).last()).isEqualTo(4);
        assertThat(log(torn.copy()).open(new TreeSink()).cutBytes())
                .as("all of it was cut")
                .isZero();
    }

    @Test
    void aRepairSavesWhatIsWholeOfABatch(@TempDir Path data) throws Exception {
        var folder = data.resolve("log");
        var log = new SegmentedLog(
                new FolderStorage(folder), OPTIONS, Batches.COMMITS, Batches.JSON, new TestScheduler());
        log.open(new TreeSink());
        log.append(batch(put(1, "a.n", 1), put(2, "a.n", 2), put(3, "a.n", 3), put(4, "a.n", 4)));
        log.close();
        var file = folder.resolve(FIRST);
        var bytes = Files.readAllBytes(file);
        var third = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\"rev\":3");
        bytes[third] ^= 1;
        Files.write(file, bytes);

        var told = new ByteArrayOutputStream();
        var tool = new LogFolder(folder, Batches.COMMITS, Batches.JSON);
        assertThat(new FolderRepair(tool, new PrintStream(told, true, StandardCharsets.UTF_8)).run())
                .isTrue();
        assertThat(told.toString(StandardCharsets.UTF_8))
                .contains("saved revisions up to 2", "lost: whatever came after revision 2", "log.damaged-1");
        assertThat(data.resolve("log.damaged-1").resolve(FIRST)).hasBinaryContent(bytes);
        var sink = new TreeSink();
        var repaired = new SegmentedLog(
                new FolderStorage(folder), OPTIONS, Batches.COMMITS, Batches.JSON, new TestScheduler());
        assertThat(repaired.open(sink).last()).isEqualTo(2);
        assertThat(sink.applied()).containsExactly(1L, 2L);
        repaired.close();
    }

    @Test
    void aBatchWipedInTheMiddleIsDamageThoughZerosLookLikeTheEnd() {
        var disk = filled(3, false);
        var ends = ends(disk);
        var hurt = disk.content(FIRST);
        Arrays.fill(hurt, ends[0], ends[1], (byte) 0);
        var damaged = with(disk, FIRST, hurt);
        assertThatThrownBy(() -> open(damaged)).isInstanceOf(TegaException.Damaged.class);
    }

    @Test
    void afterClosingInOrderTheLastBatchIsGuardedToo() {
        var disk = new CrashStorage();
        var log = log(disk);
        log.open(new TreeSink());
        log.append(batch(put(1, "a.b", 1)));
        log.close();
        var whole = disk.content(FIRST);
        for (var at = 0; at < whole.length - Frame.HEADER; at++) {
            var hurt = whole.clone();
            hurt[at] ^= 1;
            var damaged = with(disk.copy(), FIRST, hurt);
            assertThatThrownBy(() -> open(damaged)).as("byte %s", at).isInstanceOf(TegaException.Damaged.class);
        }
    }

    @Test
    void aMissingSegmentIsDamage() throws Exception {
        var disk = filled(30, false);
        var names = disk.list();
        assertThat(names.size()).isGreaterThan(3);
        for (var name : names.subList(0, names.size() - 1)) {
            var hole = disk.copy();
            hole.delete(name);
            assertThatThrownBy(() -> open(hole)).as(name).isInstanceOf(TegaException.Damaged.class);
        }
    }

    @Test
    void aDamagedPictureIsLeftForWhatIsOlder() {
        var disk = filled(20, true);
        var name = Catalog.pictureName(22);
        var expected = new TreeSink();
        log(disk.copy()).open(expected);
        var whole = disk.content(name);
        for (var at = 0; at < whole.length; at += 7) {
            var hurt = whole.clone();
            hurt[at] ^= 4;
            var sink = new TreeSink();
            var recovery = log(with(disk, name, hurt)).open(sink);
            assertThat(recovery.picture()).as("byte %s", at).isZero();
            assertThat(sink.tree()).isEqualTo(expected.tree());
        }
    }

    /** Any change of any file: opening says DAMAGED, or comes up with a beginning of what was there. */
    @Test
    void mutantsAreRefusedOrCut() throws Exception {
        var disk = filled(20, true);
        var names = disk.list();
        var sound = open(disk.copy()).last();
        for (var seed = 0; seed < MUTANTS; seed++) {
            var random = new SplittableRandom(seed);
            var name = names.get(random.nextInt(names.size()));
            var mutant = with(disk, name, mutate(disk.content(name), random));
            try {
                var sink = new TreeSink();
                assertThat(log(mutant).open(sink).last()).as("seed %s", seed).isLessThanOrEqualTo(sound);
                assertThat(sink.revision()).isLessThanOrEqualTo(sound);
            } catch (TegaException.Damaged e) {
                assertThat(e.getMessage()).contains("disk/");
            } catch (RuntimeException | OutOfMemoryError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static byte[] mutate(byte[] content, SplittableRandom random) {
        var bytes = content;
        for (var change = random.nextInt(3); change >= 0; change--) {
            var at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> {
                    // a length, or anything else of four bytes, that lies
                    for (var i = at; i < Math.min(bytes.length, at + 4); i++) {
                        bytes[i] = (byte) (random.nextBoolean() ? 0x7f : 0xff);
                    }
                }
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                case 3 -> {
                    var from = random.nextInt(bytes.length);
                    System.arraycopy(
                            bytes, from, bytes, at, Math.min(random.nextInt(200), bytes.length - Math.max(at, from)));
                }
                default -> Arrays.fill(bytes, at, Math.min(bytes.length, at + random.nextInt(300)), (byte) 0);
            }
        }
        return bytes;
    }
}
