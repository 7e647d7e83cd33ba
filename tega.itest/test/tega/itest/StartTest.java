package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A start that cannot be: one clear line, a code that says whose fault it was, and nothing left running. */
class StartTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"--no-such-option", "-x", "--port=a", "--history=-1", "stray", "--id="})
    void whatIsNotUnderstoodEndsWithTwo(String option) {
        try (Rig rig = Rig.start(Installation.home(), folder, option)) {
            assertThat(rig.awaitExit()).isEqualTo(2);
            assertOneLine(rig, "(-h lists the options)");
        }
    }

    @Test
    void aFileInThePlaceOfTheDataFolder() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        try (Rig rig = Rig.start(Installation.home(), file)) {
            assertThat(rig.awaitExit()).isEqualTo(1);
            assertOneLine(rig, "data folder " + file);
        }
    }

    @Test
    void twoServersOnOneDataFolder() {
        try (Rig first = Rig.boot(folder);
                Rig second = Rig.start(Installation.home(), folder)) {
            assertThat(second.awaitExit()).isEqualTo(1);
            assertOneLine(second, "in use by another server");
            assertThat(first.get("/_health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aPortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Rig rig = Rig.start(Installation.home(), folder, "-p", Integer.toString(taken.getLocalPort()))) {
            assertThat(rig.awaitExit()).isEqualTo(1);
            assertOneLine(rig, Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void theOneJarRunsAnywhere() throws IOException {
        Path jar = Files.copy(Installation.runnableJar(), folder.resolve("any name.jar"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try (Rig rig = Rig.run(List.of(
                java,
                "-jar",
                jar.toString(),
                "--daemon",
                "-p",
                "0",
                "-d",
                folder.resolve("data").toString()))) {
            rig.awaitReady();
            assertThat(rig.get("/_health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void helpIsNoStart() {
        try (Rig rig = Rig.run(List.of(Installation.home().resolve("bin/tega").toString(), "server", "-h"))) {
            assertThat(rig.awaitExit()).isZero();
            assertThat(rig.output()).anyMatch(line -> line.contains("--global-host"));
            assertThat(rig.errors()).isEmpty();
        }
    }

    private static void assertOneLine(Rig rig, String part) {
        assertThat(rig.errors().stream().filter(line -> !line.contains("class archive")))
                .singleElement()
                .asString()
                .startsWith("tega: ")
                .contains(part);
    }
}
