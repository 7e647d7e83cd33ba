package tega.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tega.access.AccessControl;
import tega.access.AccessOptions;
import tega.api.Identity;
import tega.api.Value;
import tega.api.spi.Action;
import tega.api.spi.Grant;

/** Who may do what where through the shell, on the server's terminal and over the network: every cell. */
@Timeout(120)
class ShellAccessTest {
    private static final Identity ROOT = Identity.console("root", "shell");
    private static final List<String> NAMES =
            List.of("console:root", "local", "chief", "writer", "reader", "caller", "nobody");
    private static final List<String> PATHS = List.of("own.a", "own.secret.k", "news.today", "other.z");

    @TempDir
    private Path folder;

    private AccessControl access;
    private Stage stage;

    @BeforeEach
    void world() {
        access = AccessControl.open(
                folder.resolve("access"), AccessOptions.DEFAULT, InstantSource.system(), new SecureRandom());
        stage = new Stage(folder.resolve("data"), access.authorizer());
        for (var line : List.of(
                "* may read,publish news",
                "chief may all **",
                "writer may read,write own",
                "writer may not read,write own.secret",
                "reader may read **",
                "reader may not read own.secret.k",
                "caller may call own")) {
            access.as(ROOT).grant(Grant.parse(line));
        }
        for (var path : PATHS) {
            stage.store.sessions().tega(ROOT).put(tega.api.Path.parse(path), Value.of(1));
            stage.answer(path);
        }
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
        access.close();
    }

    /** Each cell is what the register says of name, action and path; what is refused says so by its code. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyCell(boolean remote) {
        for (var name : NAMES) {
            for (var path : PATHS) {
                cell(remote, name, Action.READ, path, "get " + path);
                cell(remote, name, Action.READ, path, "blame " + path);
                cell(remote, name, Action.WRITE, path, "put " + path + " 2");
                cell(remote, name, Action.CALL, path, path + "(1)");
                cell(remote, name, Action.PUBLISH, path, "pub " + path + " hello");
            }
            if (remote || name.startsWith("console:")) { // nobody else sits at the terminal
                cell(remote, name, Action.ADMIN, "", "ss");
            }
            if (!access.authorizer().permits(new Identity(name, name), Action.ADMIN, tega.api.Path.EMPTY)) {
                cell(remote, name, Action.ADMIN, "", "clear");
            }
            cell(remote, name, Action.ADMIN, "", "drain");
            cell(remote, name, Action.READ, "", "tally");
        }
    }

    private void cell(boolean remote, String name, Action action, String path, String command) {
        var expected = access.authorizer().permits(new Identity(name, name), action, tega.api.Path.parse(path));
        var err = new ByteArrayOutputStream();
        var out = new ByteArrayOutputStream();
        boolean well;
        try (var server = stage.server(remote, new Identity(name, name));
                var workspace = new Workspace(server, stage.json, Format.YAML)) {
            well = Script.of(command, workspace, stream(out), stream(err), Interpreter.Other.NOTHING)
                    .run(false);
        }
        var cell = (remote ? "remote " : "local ") + name + ": " + command + " → " + out + err;
        assertThat(well).as(cell).isEqualTo(expected);
        if (!expected) {
            assertThat(err.toString(StandardCharsets.UTF_8)).as(cell).startsWith("FORBIDDEN");
        }
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
