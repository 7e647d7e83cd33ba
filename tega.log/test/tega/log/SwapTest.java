package tega.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tega.log.Batches.batch;
import static tega.log.Batches.put;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.LogOptions;
import tega.log.CrashStorage.Crash;
import tega.log.CrashStorage.Mode;

/**
 * A folder in place of another, with a crash or an error at every call: what is opened afterwards is one of the two, whole, and
 * the new one once that was promised. In the simulation a file stands for each folder, its text for what is in it.
 */
class SwapTest {
    private static final String FRESH = "log.restoring";
    private static final String ASIDE = "log.before-restore-1";

    @TempDir
    Path data;

    private static CrashStorage disk() {
        var disk = new CrashStorage();
        disk.put("log", text("old"));
        disk.put(FRESH, text("new"));
        return disk;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String found(CrashStorage disk, String name) {
        return new String(disk.content(name), StandardCharsets.UTF_8);
    }

    private static void dieAt(CrashStorage disk, int call) {
        disk.fate((number, what) -> {
            if (number == call) {
                throw new Crash();
            }
        });
    }

    /** Swaps; true when it was promised before it ended. */
    private static boolean swap(CrashStorage disk) throws IOException {
        var swap = new Swap(disk, "log");
        try {
            swap.begin(FRESH, ASIDE);
        } catch (Crash e) {
            return false;
        }
        try {
            swap.finish();
        } catch (Crash e) {
            // promised
        }
        return true;
    }

    /** What an opener does, dying at each of its calls in turn. */
    private static CrashStorage settled(CrashStorage disk, Mode mode, SplittableRandom random) throws IOException {
        var now = disk;
        for (var call = 1; ; call++) {
            dieAt(now, call);
            try {
                new Swap(now, "log").finish();
                now.fate((number, what) -> {});
                return now;
            } catch (Crash e) {
                now = now.after(mode, random);
            }
        }
    }

    private static void check(CrashStorage disk, boolean promised) throws IOException {
        var names = disk.list();
        assertThat(names).contains("log").doesNotContain("log.swap");
        if (found(disk, "log").equals("new")) {
            assertThat(found(disk, ASIDE)).isEqualTo("old");
            assertThat(names).doesNotContain(FRESH);
        } else {
            assertThat(found(disk, "log")).isEqualTo("old");
            assertThat(names).contains(FRESH).doesNotContain(ASIDE);
            assertThat(promised).as("it was promised").isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aCrashAtAnyCallLeavesOneOfTheTwo(Mode mode) throws IOException {
        var calls = 0;
        for (var call = 1; ; call++) {
            for (var seed = 0; seed < 20; seed++) {
                var random = new SplittableRandom(seed);
                var disk = disk();
                dieAt(disk, call);
                var promised = swap(disk);
                calls = disk.calls();
                var after = settled(disk.after(mode, random), mode, random);
                try {
                    check(after, promised);
                    check(settled(after.after(Mode.LOST, random), mode, random), promised);
                } catch (AssertionError e) {
                    throw new AssertionError("crash at call " + call + ", " + mode + ", seed " + seed, e);
                }
            }
            if (calls < call) {
                break;
            }
        }
        assertThat(calls).isGreaterThan(10);
    }

    @Test
    void anErrorAtAnyCallLeavesOneOfTheTwo() throws IOException {
        for (var call = 1; call < 20; call++) {
            var failing = call;
            var disk = disk();
            disk.fate((number, what) -> {
                if (number == failing) {
                    throw new IOException("no");
                }
            });
            var swap = new Swap(disk, "log");
            var promised = false;
            try {
                swap.begin(FRESH, ASIDE);
                promised = true;
                swap.finish();
            } catch (IOException e) {
                assertThat(e).hasMessage("no");
            }
            disk.fate((number, what) -> {});
            swap.finish();
            check(disk, promised);
        }
    }

    @Test
    void whatCannotBeFinishedIsTold() throws IOException {
        var disk = disk();
        new Swap(disk, "log").begin(FRESH, ASIDE);
        disk.delete("log");
        disk.delete(FRESH);
        assertThatThrownBy(() -> new Swap(disk, "log").finish())
                .isInstanceOf(TegaException.Damaged.class)
                .hasMessageContaining("neither disk/log nor disk/log.restoring")
                .hasMessageContaining("disk/log.swap");
        disk.delete("log.swap");
        disk.put("log.swap", text("what?"));
        assertThatThrownBy(() -> new Swap(disk, "log").finish())
                .isInstanceOf(TegaException.Damaged.class)
                .hasMessageContaining("does not say which two folders");
    }

    // on a real disk

    private SegmentedLog log(Path folder) {
        return new SegmentedLog(
                new FolderStorage(folder), LogOptions.DEFAULT, Batches.COMMITS, Batches.JSON, new TestScheduler());
    }

    private void write(Path folder, String text) {
        try (var log = log(folder)) {
            log.open(new TreeSink());
            log.append(batch(put(log.last() + 1, "a.b", Value.of(text))));
        }
    }

    private String read(Path folder) {
        var sink = new TreeSink();
        try (var log = log(folder)) {
            log.open(sink);
        }
        return String.valueOf(sink.tree().get(tega.api.Path.parse("a.b")));
    }

    /** Killed after so many renames, or before the first of them. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void whoOpensFinishesWhatWasInterrupted(int renames) throws IOException {
        var place = data.resolve("log");
        write(place, "old");
        write(data.resolve(FRESH), "new");
        new Swap(new FolderStorage(data), "log").begin(FRESH, ASIDE);
        if (renames > 0) {
            Files.move(place, data.resolve(ASIDE));
        }
        if (renames > 1) {
            Files.move(data.resolve(FRESH), place);
        }
        assertThat(read(place)).isEqualTo("\"new\"");
        assertThat(read(data.resolve(ASIDE))).isEqualTo("\"old\"");
        assertThat(data.resolve("log.swap")).doesNotExist();
        assertThat(data.resolve(FRESH)).doesNotExist();
    }

    @Test
    void anEmptyFolderThatSomebodyMadeMeanwhileIsNotInTheWay() throws IOException {
        var place = data.resolve("log");
        write(place, "old");
        write(data.resolve(FRESH), "new");
        new Swap(new FolderStorage(data), "log").begin(FRESH, ASIDE);
        Files.move(place, data.resolve(ASIDE));
        Files.createDirectory(place);
        Files.write(place.resolve("lock"), new byte[0]);
        assertThat(read(place)).isEqualTo("\"new\"");
    }

    @Test
    void aToolFinishesItFirst() throws IOException {
        var place = data.resolve("log");
        write(place, "old");
        write(data.resolve(FRESH), "new");
        new Swap(new FolderStorage(data), "log").begin(FRESH, ASIDE);
        Files.move(place, data.resolve(ASIDE));
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertThat(new LogTool(print, print).run(java.util.List.of("check", "-d", data.toString())))
                .as(out.toString(StandardCharsets.UTF_8))
                .isZero();
        assertThat(read(place)).isEqualTo("\"new\"");
    }

    @Test
    void whoHoldsTheFolderIsNotRobbedOfIt() throws IOException {
        var place = data.resolve("log");
        write(data.resolve(FRESH), "new");
        try (var holder = log(place)) {
            holder.open(new TreeSink());
            new Swap(new FolderStorage(data), "log").begin(FRESH, ASIDE);
            assertThatThrownBy(() -> read(place)).isInstanceOf(TegaException.Unavailable.class);
            assertThat(place).exists();
        }
        assertThat(read(place)).isEqualTo("\"new\"");
    }

    @Test
    void aReplacementThatIsNotInstalledLeavesNothing() throws IOException {
        var place = data.resolve("log");
        write(place, "old");
        var full = new IOException("no space left");
        assertThatThrownBy(() -> {
                    try (var replacement = new Replacement(place, "importing")) {
                        write(replacement.folder(), "half");
                        throw full;
                    }
                })
                .isSameAs(full);
        assertThat(data.resolve("log.importing")).doesNotExist();
        assertThat(read(place)).isEqualTo("\"old\"");
        try (var replacement = new Replacement(place, "importing")) {
            write(replacement.folder(), "new");
            assertThat(replacement.install("before-import")).contains(data.resolve("log.before-import-1"));
        }
        assertThat(read(place)).isEqualTo("\"new\"");
        assertThat(read(data.resolve("log.before-import-1"))).isEqualTo("\"old\"");
    }
}
