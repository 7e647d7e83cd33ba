package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that runs full under a server: what is refused is told with a stable code and did not happen, reading goes on, {@code
 * /_health} says why, and when there is room again the server takes writes without being asked. The disk is one of 3 MB in a
 * mount namespace of its own, which is gone with its last process; where that may not be made, the test does not run.
 */
class FullDiskTest {
    private static final Pattern KEY = Pattern.compile("\"(k\\d+)\"");
    private static final Pattern REVISION = Pattern.compile("\"revision\":(\\d+)");
    private static final String VALUE = "\"" + "x".repeat(3000) + "\"";

    @TempDir
    Path mount;

    private final List<String> acknowledged = new ArrayList<>();
    private int keys;

    private static Process start(List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    /** A process that has the disk, and keeps it as long as it lives. */
    private Process disk() throws IOException {
        var holder = start(List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount -t tmpfs -o size=3m tmpfs " + mount + " && echo mounted && exec sleep 600"));
        var first = holder.inputReader(StandardCharsets.UTF_8).readLine();
        assumeTrue("mounted".equals(first), "no mount namespace may be made here: " + first);
        return holder;
    }

    private static List<String> inside(Process disk, String... command) {
        var words = new ArrayList<>(List.of("nsenter", "-m", "-t", Long.toString(disk.pid())));
        words.addAll(List.of(command));
        return words;
    }

    private Rig server(Process disk) {
        var rig = Rig.run(inside(
                disk,
                Installation.home().resolve("bin/tega").toString(),
                "server",
                "--daemon",
                "-p",
                "0",
                "-d",
                mount.resolve("data").toString()));
        rig.awaitReady();
        return rig;
    }

    /** Puts a value under a new name; the status. */
    private int put(Rig rig) {
        var key = "k" + keys++;
        var response = rig.put("/full/" + key, VALUE);
        if (response.statusCode() == 200) {
            acknowledged.add(key);
        } else {
            assertThat(response.body()).contains("\"code\":\"UNAVAILABLE\"").containsIgnoringCase("space");
        }
        return response.statusCode();
    }

    private static void awaitHealth(Rig rig, String status) {
        var deadline = System.nanoTime() + Rig.DEADLINE.toNanos();
        while (!rig.get("/_health").body().contains("\"status\":\"" + status + "\"")) {
            assertThat(System.nanoTime()).as(rig.get("/_health").body()).isLessThan(deadline);
        }
    }

    @Test
    void refusesReadsOnAndTakesWritesAgain() throws Exception {
        var disk = disk();
        try {
            try (var rig = server(disk)) {
                for (var time = 0; time < 3; time++) {
                    fillAndFree(rig, Path.of("/proc/" + disk.pid() + "/root" + mount));
                }
                rig.kill();
            }
            check(disk);
            try (var rig = server(disk)) {
                for (var key : List.of(acknowledged.get(0), acknowledged.get(acknowledged.size() - 1))) {
                    assertThat(rig.get("/full/" + key).body()).isEqualTo(VALUE);
                }
                assertThat(put(rig)).isEqualTo(200);
            }
        } finally {
            disk.destroyForcibly().waitFor();
        }
    }

    private void fillAndFree(Rig rig, Path seen) throws IOException {
        for (var i = 0; i < 20; i++) {
            assertThat(put(rig)).isEqualTo(200);
        }
        var ballast = seen.resolve("ballast");
        fill(ballast);
        var refused = 0;
        while (refused < 5) {
            refused += put(rig) == 200 ? 0 : 1;
        }
        awaitHealth(rig, "troubled");
        assertThat(rig.get("/_health").body())
                .contains("\"codes\":{\"log\":\"UNAVAILABLE\"}")
                .contains("\"troubles\":{\"log\":")
                .containsIgnoringCase("space");
        assertThat(rig.get("/full/" + acknowledged.get(acknowledged.size() - 1)).body())
                .as("reading goes on")
                .isEqualTo(VALUE);
        Files.delete(ballast);
        awaitHealth(rig, "ok");
        assertThat(put(rig)).as("taken again").isEqualTo(200);
    }

    /** Takes all the room there is. */
    private static void fill(Path ballast) throws IOException {
        try (var out = Files.newOutputStream(ballast)) {
            var block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("space");
        }
    }

    /** Every acknowledged commit is in the log once, no refused one is, and no revision is missing. */
    private void check(Process disk) throws Exception {
        var dump = start(inside(
                disk,
                Installation.home().resolve("bin/tega").toString(),
                "dump",
                "-d",
                mount.resolve("data").toString()));
        var found = new ArrayList<String>();
        var revisions = new ArrayList<Long>();
        for (var line : dump.inputReader(StandardCharsets.UTF_8).lines().toList()) {
            var key = KEY.matcher(line);
            var revision = REVISION.matcher(line);
            assertThat(key.find() && revision.find()).as(line).isTrue();
            found.add(key.group(1));
            revisions.add(Long.parseLong(revision.group(1)));
        }
        assertThat(dump.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(found).doesNotHaveDuplicates();
        assertThat(new TreeSet<>(found)).isEqualTo(new TreeSet<>(acknowledged));
        for (var i = 0; i < revisions.size(); i++) {
            assertThat(revisions.get(i)).isEqualTo(revisions.get(0) + i);
        }
    }
}
