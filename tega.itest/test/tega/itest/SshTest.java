package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell by SSH, with OpenSSH's client. */
class SshTest {
    @TempDir
    private static Path folder;

    private static Rig rig;
    private static int port;

    private record Outcome(int status, String out, String err) {}

    @BeforeAll
    static void serve() throws Exception {
        key("alice", "ed25519", "alice@laptop");
        key("bob", "ecdsa", "bob");
        key("mallory", "ed25519", "mallory");
        var ssh = Files.createDirectories(folder.resolve("var/ssh"));
        Files.writeString(
                ssh.resolve("authorized_keys"),
                "# who may come in\n" + Files.readString(folder.resolve("alice.pub"))
                        + Files.readString(folder.resolve("bob.pub")));
        try (var any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = any.getLocalPort();
        }
        rig = Rig.boot(folder.resolve("var"), "--ssh", Integer.toString(port));
        assertThat(cli("grant alice@laptop may read,write,call,publish,admin **; grant bob may read shared")
                        .err())
                .isEmpty();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static void key(String name, String type, String remark) throws Exception {
        var made = run(
                "",
                List.of(
                        "ssh-keygen",
                        "-q",
                        "-t",
                        type,
                        "-N",
                        "",
                        "-C",
                        remark,
                        "-f",
                        folder.resolve(name).toString()));
        assertThat(made.status()).as(made.err()).isZero();
    }

    private static Outcome cli(String commands) throws Exception {
        return run(
                "",
                List.of(
                        Installation.home().resolve("bin/tega").toString(),
                        "cli",
                        "-a",
                        rig.address().toString(),
                        "-c",
                        commands));
    }

    private static Outcome ssh(String input, String who, String... words) throws Exception {
        var command = new ArrayList<>(
                List.of("ssh", "-q", "-F", "/dev/null", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes"));
        command.addAll(List.of(
                "-o", "UserKnownHostsFile=" + folder.resolve("known"), "-o", "StrictHostKeyChecking=accept-new"));
        command.addAll(List.of("-i", folder.resolve(who).toString(), "-p", Integer.toString(port)));
        for (var word : words) {
            if (word.startsWith("-")) {
                command.add(word);
            }
        }
        command.add("127.0.0.1");
        for (var word : words) {
            if (!word.startsWith("-")) {
                command.add(word);
            }
        }
        return run(input, command);
    }

    private static Outcome run(String input, List<String> command) throws Exception {
        var out = Files.createTempFile(folder, "out", "");
        var err = Files.createTempFile(folder, "err", "");
        var in = Files.writeString(Files.createTempFile(folder, "in", ""), input);
        var builder = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("TERM", "xterm");
        var process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " does not end: " + read(out) + read(err));
        }
        return new Outcome(process.exitValue(), read(out), read(err));
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    @Test
    void commandsAreDoneInTheNameOfTheKey() throws Exception {
        var put = ssh("", "alice", "put a.b {x: 1}; get a -o json");
        assertThat(put).isEqualTo(new Outcome(0, "{\n  \"b\": {\n    \"x\": 1\n  }\n}\n", ""));
        assertThat(rig.get("/_log?path=a").body()).contains("\"author\":\"alice@laptop\"");
    }

    @Test
    void aCommandThatFailsIsToldByTheStatus() throws Exception {
        var outcome = ssh("", "alice", "get no.such");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("NOT_FOUND: ");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void whatIsPipedInIsCommands() throws Exception {
        var outcome = ssh("put piped.x 7\nget piped.x\n", "alice", "-T");
        assertThat(outcome).isEqualTo(new Outcome(0, "7\n", ""));
    }

    @Test
    void thereIsAPromptAtATerminal() throws Exception {
        var outcome = ssh("put typed.x 41\rget typed.x\rq\r", "alice", "-tt");
        assertThat(outcome.status()).as(outcome.toString()).isZero();
        assertThat(outcome.out())
                .contains("tega CLI (q: quit, h:help)")
                .contains("[tega: 0] ")
                .contains("41");
        assertThat(rig.get("/typed/x").body()).isEqualTo("41");
    }

    @Test
    void nobodyMayDoMoreThanTheyAreGranted() throws Exception {
        assertThat(rig.put("/shared/x", "1").statusCode()).isEqualTo(200);
        assertThat(ssh("", "bob", "get shared.x").out()).isEqualTo("1\n");
        assertThat(ssh("", "bob", "put shared.x 2").err()).startsWith("FORBIDDEN: ");
        assertThat(ssh("", "bob", "ss").err()).startsWith("FORBIDDEN: ");
        assertThat(ssh("", "bob", "clear").err()).startsWith("FORBIDDEN: ");
        assertThat(ssh("", "bob", "felix:stop 0").err()).startsWith("INVALID: ");
        assertThat(ssh("", "alice", "save /tmp/never.json shared").err()).startsWith("FORBIDDEN: ");
        assertThat(ssh("", "alice", "load /etc/passwd shared").err()).startsWith("FORBIDDEN: ");
        assertThat(rig.get("/shared/x").body()).isEqualTo("1");
    }

    @Test
    void aKeyThatIsNotKnownIsNotLetIn() throws Exception {
        assertThat(ssh("", "mallory", "get shared").status()).isEqualTo(255);
    }

    @Test
    void withoutKeysTheServerSaysWhatIsMissing() {
        try (var alone = Rig.start(Installation.home(), folder.resolve("none"), "--ssh", "0")) {
            assertThat(alone.awaitExit()).isEqualTo(1);
            assertThat(alone.errors()).anySatisfy(line -> assertThat(line).contains("authorized_keys"));
        }
    }
}
