package tega.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.Identity;
import tega.api.TegaException;
import tega.api.spi.Credentials;

/** What was acknowledged is there after kill -9, wherever in its work the process was. */
class CrashTest {
    private static final int ROUNDS = 3;
    private static final int ACKNOWLEDGED = 25;

    @TempDir
    private Path folder;

    /** The process that is killed: makes tokens and revokes every other one for as long as it lives. */
    static final class Victim {
        private Victim() {}

        @SuppressWarnings("SystemOut") // what is read by the test
        public static void main(String[] arguments) {
            var access = AccessControl.open(
                    Path.of(arguments[0]), AccessOptions.DEFAULT, InstantSource.system(), new SecureRandom());
            var root = access.as(new Identity("console:root", "test"));
            for (var i = 0; ; i++) {
                var issued = root.issue("alice", null);
                if (i % 2 == 0) {
                    root.revoke(issued.token().id());
                    System.out.println("revoked " + issued.text());
                } else {
                    System.out.println("issued " + issued.text());
                }
            }
        }
    }

    @Test
    void acknowledgedTokensSurvive() throws Exception {
        var acknowledged = new ArrayList<String>();
        for (var round = 0; round < ROUNDS; round++) {
            acknowledged.addAll(untilKilled());
            try (var access =
                    AccessControl.open(folder, AccessOptions.DEFAULT, InstantSource.system(), new SecureRandom())) {
                for (var line : acknowledged) {
                    var words = line.split(" ");
                    assertThat(isLetIn(access, words[1])).as(line).isEqualTo(words[0].equals("issued"));
                }
                var root = access.as(new Identity("console:root", "test"));
                assertThat(root.acts(100_000))
                        .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"));
            }
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ROUNDS * ACKNOWLEDGED);
    }

    private static boolean isLetIn(AccessControl access, String token) {
        try {
            var shown = new Credentials.Bearer(token, "test");
            return access.authenticator().authenticate(shown, null).author().equals("alice");
        } catch (TegaException.Unauthenticated e) {
            return false;
        }
    }

    private List<String> untilKilled() throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var lines = new ArrayList<String>();
        try (var in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            var line = in.readLine();
            while (line != null) {
                lines.add(line);
                if (lines.size() == ACKNOWLEDGED) {
                    process.toHandle().destroyForcibly(); // of the process itself it would close what is read here
                }
                line = in.readLine();
            }
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        if (!lines.isEmpty()
                && lines.get(lines.size() - 1).length() < lines.get(1).length() - 1) {
            lines.remove(lines.size() - 1); // half a line is no acknowledgement
        }
        return lines;
    }
}
