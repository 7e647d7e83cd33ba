package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is there, however the server ended. */
class RestartTest {
    @TempDir
    private Path data;

    @Test
    void aKillLosesNothing() {
        try (Rig rig = Rig.boot(data)) {
            for (int i = 0; i < 50; i++) {
                assertThat(rig.put("/kept/n" + i, "{\"value\":" + i + "}").statusCode())
                        .isEqualTo(200);
            }
            rig.kill();
        }
        try (Rig rig = Rig.boot(data)) {
            assertThat(rig.get("/kept/n0").body()).isEqualTo("{\"value\":0}");
            assertThat(rig.get("/kept/n49").body()).isEqualTo("{\"value\":49}");
            assertThat(rig.get("/_roots").body()).isEqualTo("{\"kept\":49}");
        }
    }

    @Test
    void deletedStaysDeleted() {
        try (Rig rig = Rig.boot(data)) {
            rig.put("/a/b", "1");
            rig.put("/a/c", "2");
            assertThat(rig.delete("/a/b").statusCode()).isEqualTo(200);
            rig.kill();
        }
        try (Rig rig = Rig.boot(data)) {
            assertThat(rig.get("/a").body()).isEqualTo("{\"c\":2}");
            assertThat(rig.get("/a/b").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void anOrderlyStopIsNoFault() {
        try (Rig rig = Rig.boot(data)) {
            rig.put("/a/b", "1");
            // two seconds are promised; how long it takes on a busy machine is printed, not judged
            System.out.println("footprint: stop " + rig.stop().toMillis() + " ms");
            assertThat(rig.awaitExit()).isZero();
            assertThat(rig.errors()).isEmpty();
        }
    }

    /** The bundle cache is a convenience: without it everything is still there. */
    @Test
    void theCacheMayBeDeleted() throws Exception {
        try (Rig rig = Rig.boot(data)) {
            rig.put("/a/b", "1");
            rig.stop();
        }
        Process rm = new ProcessBuilder("rm", "-rf", data.resolve("cache").toString()).start();
        assertThat(rm.waitFor()).isZero();
        try (Rig rig = Rig.boot(data)) {
            assertThat(rig.get("/a/b").body()).isEqualTo("1");
        }
    }
}
