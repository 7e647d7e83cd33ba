package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tools that look after a data folder, as their user calls them, beside a running server and on a damaged log. */
class LogToolTest {
    @TempDir
    Path folder;

    private record Ran(int code, String out) {}

    private Ran tool(String... args) throws IOException, InterruptedException {
        var command =
                new ArrayList<>(List.of(Installation.home().resolve("bin/tega").toString()));
        command.addAll(List.of(args));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var process = builder.start();
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), out);
    }

    private Path server(int commits) {
        var data = folder.resolve("data");
        try (var rig = Rig.boot(data)) {
            for (var i = 1; i <= commits; i++) {
                assertThat(rig.put("/a/n", Integer.toString(i)).statusCode()).isEqualTo(200);
            }
            rig.kill();
        }
        return data;
    }

    private static Path segment(Path data) throws IOException {
        try (var files = Files.list(data.resolve("log"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void checksDumpsBacksUpAndExportsBesideARunningServer() throws Exception {
        var data = folder.resolve("data");
        try (var rig = Rig.boot(data)) {
            rig.put("/a/n", "1");
            rig.put("/b/n", "\"café\"");
            assertThat(tool("check", "-d", "data").out()).contains("whole: revisions 0 to 2");
            assertThat(tool("dump", "-d", "data", "--path", "b").out())
                    .contains("\"revision\":2")
                    .contains("café")
                    .doesNotContain("\"revision\":1,");
            assertThat(tool("backup", "-d", "data", "copy.zip").code()).isZero();
            assertThat(tool("export", "-d", "data", "text.log").code()).isZero();
            assertThat(rig.put("/a/n", "3").statusCode()).isEqualTo(200);
            assertThat(tool("compact", "-d", "data").out()).contains("UNAVAILABLE");
        }
        assertThat(tool("restore", "-d", "data", "copy.zip").out()).contains("CONFLICT");
        assertThat(tool("restore", "-d", "data", "copy.zip", "--force").code()).isZero();
        try (var rig = Rig.boot(data)) {
            assertThat(rig.get("/a/n").body()).as("what the backup has").isEqualTo("1");
            assertThat(rig.get("/b/n").body()).isEqualTo("\"café\"");
        }
        assertThat(tool("import", "-d", "imported", "text.log").out()).contains("imported 2 commits");
        try (var rig = Rig.boot(folder.resolve("imported"))) {
            assertThat(rig.get("/b/n").body()).isEqualTo("\"café\"");
        }
    }

    @Test
    void refusesDamageNamesItAndRepairsACopy() throws Exception {
        var data = server(5);
        var log = segment(data);
        var bytes = Files.readAllBytes(log);
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        var third = text.indexOf("\"rev\":3,");
        assertThat(third).as("where commit 3 is in " + log).isPositive();
        bytes[third] ^= 0x40;
        Files.write(log, bytes);

        assertThat(tool("check", "-d", "data").code()).isEqualTo(1);
        try (var rig = Rig.start(Installation.home(), data)) {
            assertThat(rig.awaitExit()).isEqualTo(1);
            assertThat(rig.errors().stream().filter(line -> !line.contains("class archive")))
                    .singleElement()
                    .asString()
                    .contains("damaged at offset")
                    .contains("tega repair");
            assertThat(data.resolve("failure.log")).content().contains("StoreComponent");
        }
        var repaired = tool("repair", "-d", "data");
        assertThat(repaired.code()).as(repaired.out()).isZero();
        assertThat(repaired.out()).contains("saved revisions up to").contains("untouched in");
        assertThat(Files.readAllBytes(data.resolve("log.damaged-1").resolve(log.getFileName())))
                .isEqualTo(bytes);
        try (var rig = Rig.boot(data)) {
            var n = rig.get("/a/n");
            assertThat(n.body()).as("the last commit before the damage").isEqualTo("2");
            assertThat(rig.put("/a/n", "9").statusCode()).isEqualTo(200);
        }
        assertThat(tool("check", "-d", "data").code()).isZero();
    }

    @Test
    void importsATextLogWithoutEvaluatingIt() throws Exception {
        Files.writeString(folder.resolve("v1.log"), """
                ?
                {'path': 'a.b', 'instance': {'x': [1, 2.50, True, None], 'y': 'caf\\xe9'}, 'ope': 'PUT', 'tega_id': 'me'}
                @1453123267.8922126:!
                ?
                {'path': 'a.b.x', 'instance': 2, 'ope': 'PUT', 'tega_id': 'me'}
                @1453123268
                -1 me a
                ?
                {'path': 'evil', 'instance': __import__('os').getcwd(), 'ope': 'PUT', 'tega_id': 'me'}
                @1453123269
                ?
                {'path': 'a.b.y', 'instance': None, 'ope': 'DELETE', 'tega_id': 'me'}
                @1453123270
                ?
                {'path': 'torn', 'instance': 1, 'ope': 'PUT'
                """);
        var ran = tool("import", "-d", "data", "v1.log");
        assertThat(ran.code()).as(ran.out()).isZero();
        assertThat(ran.out())
                .contains("line 8: dropped the transaction that begins here: line 9")
                .contains("imported 4 commits")
                .contains("dropped 2");
        try (var rig = Rig.boot(folder.resolve("data"))) {
            assertThat(rig.get("/a").body()).isEqualTo("{\"b\":{\"x\":[1,2.50,true,null]}}");
            assertThat(rig.get("/_roots").body()).isEqualTo("{\"a\":3}");
        }
    }

    @Test
    void tellsWhatIsWrongWithACommandLine() throws Exception {
        assertThat(tool("check", "-d", "nowhere"))
                .isEqualTo(new Ran(
                        1, "tega: NOT_FOUND: there is no commit log in nowhere/log; name the data folder with -d\n"));
        assertThat(tool("dump", "--since", "3").code()).isEqualTo(2);
        assertThat(tool("dump", "--from").out()).contains("needs a value");
        assertThat(tool("backup", "-d", "nowhere").out()).contains("needs the name of one file");
    }
}
