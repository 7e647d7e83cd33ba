package tega.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.spi.Server;

/** Commands from pipes and options: answers and nothing else, errors apart, success told. */
class ScriptTest {
    private static final String WATCHED = """
            revision 2 edit by anonymous
            - a.b: 1
            + a.b: 2
            revision 4 edit by anonymous
            - a.b: 2
            """;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Stage stage;
    private Server server;

    @BeforeEach
    void open() {
        stage = new Stage(folder.resolve("data"));
        server = stage.local();
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        stage.close();
    }

    private boolean piped(String text, boolean bail) {
        var lines = new PlainLines(new BufferedReader(new StringReader(text)));
        return new Script(lines, workspace(), stream(out), stream(err), Interpreter.Other.NOTHING).run(bail);
    }

    private boolean option(String commands) {
        return Script.of(commands, workspace(), stream(out), stream(err), Interpreter.Other.NOTHING)
                .run(false);
    }

    private Workspace workspace() {
        return new Workspace(server, stage.json, Format.YAML);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theSessionOfTheReadmeGivesItsAnswersAlone() {
        assertThat(piped("put a.b.c\n1\n\nput a.x\n2\n\nget a\n", false)).isTrue();
        assertThat(text(out)).isEqualTo("b: {c: 1}\nx: 2\n");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void aValueMayEndWithTheInput() {
        assertThat(piped("put a.b\nx: 1\ny: 2", false)).isTrue();
        assertThat(option("get a")).isTrue();
        assertThat(text(out)).isEqualTo("b: {x: 1, y: 2}\n");
    }

    @Test
    void errorsAreOneLineApartAndTheRestGoesOnUnlessToldOtherwise() {
        assertThat(piped("get nosuch\nput a.b 1\nget a.b\n", false)).isFalse();
        assertThat(text(out)).isEqualTo("1\n");
        assertThat(text(err)).isEqualTo("NOT_FOUND: there is no 'nosuch'\n");
        assertThat(piped("get nosuch\nput a.b 2\n", true)).isFalse();
        assertThat(option("get a.b")).isTrue();
        assertThat(text(out)).isEqualTo("1\n1\n");
    }

    @Test
    void anOptionHoldsCommandsBetweenSemicolonsOrInLines() {
        assertThat(option("put a.b {x: 1}; put a.c \"1;2\" ;get a")).isTrue();
        assertThat(option("put a.d\n- 1\n- 2\n\nget a.d")).isTrue();
        assertThat(text(out)).isEqualTo("b: {x: 1}\nc: 1;2\n[1, 2]\n");
    }

    @Test
    void nothingFollowsQuitting() {
        assertThat(piped("q\nput a.b 1\n", false)).isTrue();
        assertThat(server.roots()).isEmpty();
    }

    @Test
    void whatIsSavedCanBeLoaded() throws Exception {
        var yaml = folder.resolve("all.yaml");
        var json = folder.resolve("a b.json");
        assertThat(option("put a {x: null, y: [1, {z: 1.0}]}; put b.c \"ünï\"")).isTrue();
        assertThat(option("save " + yaml + "; save \"" + json + "\" a")).isTrue();
        assertThat(Files.readString(json)).contains("\"x\": null");
        assertThat(option("clear; load " + yaml + "; load \"" + json + "\" copy; load \"" + json + "\" merged -m"))
                .isTrue();
        assertThat(option("get a -o json; get copy -o json; get b.c; get merged.y -o json; roots"))
                .isTrue();
        var a = "{\n  \"x\": null,\n  \"y\": [\n    1,\n    {\n      \"z\": 1.0\n    }\n  ]\n}\n";
        assertThat(text(out)).startsWith("200 OK\n" + a + a + "ünï\n[");
        assertThat(text(out)).endsWith("{a: 0, b: 0, copy: 0, merged: 0}\n");
    }

    @Test
    void aWatchShowsSoManyChangesAndEnds() {
        assertThat(option("put a.b 1; put a.b 2; put c.d 1; del a.b; watch a -s 1 -n 2"))
                .isTrue();
        assertThat(text(out)).isEqualTo(WATCHED);
    }

    @Test
    void theSameWatchFromAfar() {
        assertThat(option("put a.b 1; put a.b 2; put c.d 1; del a.b")).isTrue();
        server.close();
        server = stage.remote();
        assertThat(option("watch a -s 1 -n 2")).isTrue();
        assertThat(text(out)).isEqualTo(WATCHED);
    }
}
