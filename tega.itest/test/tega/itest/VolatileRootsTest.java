package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A root that is declared volatile is in memory only: no file holds it, and no revision it had is given out again. */
class VolatileRootsTest {
    private static final Pattern REVISION = Pattern.compile("\"revision\":(\\d+)");
    private static final String[] LIVE = {"--volatile", "live"};

    @TempDir
    Path data;

    private long given;

    /** Commits and checks that the revision is newer than any given out before. */
    private void put(Rig rig, String path, String json) {
        var response = rig.put(path, json);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        var revision =
                Long.parseLong(response.headers().firstValue("Tega-Revision").orElseThrow());
        assertThat(revision).as("revision of %s", path).isGreaterThan(given);
        given = revision;
    }

    private long revision(Rig rig) {
        var health = REVISION.matcher(rig.get("/_health").body());
        assertThat(health.find()).isTrue();
        return Long.parseLong(health.group(1));
    }

    private boolean isOnDisk(String text) throws IOException {
        try (var files = Files.walk(data)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void isInNoFileAndItsRevisionsAreNotUsedAgain() throws IOException {
        try (var rig = Rig.boot(data, LIVE)) {
            put(rig, "/live/n", "\"seven-needles\"");
            put(rig, "/kept/n", "\"one-anchor\"");
            for (var i = 0; i < 50; i++) {
                put(rig, "/live/n" + i, "\"seven-needles\"");
            }
            assertThat(rig.post("/_ss", "").statusCode()).isEqualTo(200);
            put(rig, "/live/n", "\"seven-needles\"");
            assertThat(rig.get("/live/n").body()).isEqualTo("\"seven-needles\"");
            rig.kill();
        }
        assertThat(isOnDisk("one-anchor")).isTrue();
        assertThat(isOnDisk("seven-needles")).isFalse();

        // durable now, then volatile again: what one run gave out, no other does
        try (var rig = Rig.boot(data)) {
            assertThat(rig.get("/live").statusCode()).isEqualTo(404);
            assertThat(rig.get("/kept/n").body()).isEqualTo("\"one-anchor\"");
            assertThat(revision(rig)).isGreaterThanOrEqualTo(given);
            put(rig, "/live/n", "\"eight-nails\"");
            rig.kill();
        }
        assertThat(isOnDisk("eight-nails")).isTrue();
        try (var rig = Rig.start(Installation.home(), data, LIVE)) {
            assertThat(rig.awaitExit()).isEqualTo(1);
            assertThat(String.join("\n", rig.errors())).contains("'live' is declared to be in memory only");
        }
        try (var rig = Rig.boot(data)) {
            assertThat(rig.get("/live/n").body()).isEqualTo("\"eight-nails\"");
            assertThat(rig.delete("/live").statusCode()).isEqualTo(200);
            given = revision(rig);
            rig.stop();
        }
        try (var rig = Rig.boot(data, LIVE)) {
            assertThat(revision(rig))
                    .as("a clean end leaves no gap: this is the note that it is volatile again")
                    .isEqualTo(given + 1);
            put(rig, "/live/n", "1");
            rig.kill();
        }
        try (var rig = Rig.boot(data)) {
            put(rig, "/kept/n", "2");
            assertThat(rig.get("/live").statusCode()).isEqualTo(404);
        }
    }
}
