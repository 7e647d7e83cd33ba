package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests made up from {@code /_openapi.json} by Schemathesis: none fails the server, and every status, header and body is one
 * that the document tells of. {@code ./tega test} puts the tool where this finds it.
 */
@Timeout(240)
class SchemathesisTest {
    private static final Path TOOL =
            Path.of(System.getProperty("tega.tools", "no -Dtega.tools"), "python", "bin", "schemathesis");
    private static final String SECONDS = Boolean.getBoolean("tega.nightly") ? "150" : "45";
    /** Two go on for as long as somebody listens; the third is rightly 503 where nothing looks after plugins. */
    private static final List<String> APART = List.of("/_watch", "/_pubsub", "/_reload");
    /** Not the one that takes names out of answers for paths: it finds the server's own, and asks the tree for them. */
    private static final String PHASES = "examples,coverage,fuzzing";

    @TempDir
    private Path folder;

    @Test
    void theServerDoesWhatItsDocumentSays() throws Exception {
        assertThat(TOOL).as("the tool; ./tega test installs it").isExecutable();
        try (var rig = Rig.boot(folder.resolve("data"))) {
            rig.put("/there/leaf", "{\"a\":[1,2]}");
            rig.put("/there/other", "true");
            List<String> command = new ArrayList<>(List.of(
                    TOOL.toString(),
                    "run",
                    rig.address() + "/_openapi.json",
                    "-u",
                    rig.address().toString()));
            APART.forEach(path -> command.addAll(List.of("--exclude-path", path)));
            command.addAll(List.of(
                    "-c",
                    "not_a_server_error,status_code_conformance,content_type_conformance"
                            + ",response_headers_conformance,response_schema_conformance"));
            command.addAll(List.of("--phases", PHASES));
            command.addAll(List.of("--max-time", SECONDS, "--seed", System.getProperty("tega.seed", "1")));
            command.addAll(List.of("--request-timeout", "10", "--continue-on-failure", "--no-color"));
            var log = folder.resolve("schemathesis.log");
            var process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            assertThat(process.waitFor()).as(() -> text(log)).isZero();
            assertThat(text(log)).as("it tested something").containsPattern("Tested: +3\\d|Tested: +[4-9]\\d");
            assertThat(rig.get("/_health").statusCode()).isEqualTo(200);
        }
    }

    private static String text(Path log) {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }
}
