package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A global server that lets in who is known: one local server with a token through a proxy, one with a certificate. */
@Timeout(180)
class SecureSyncTest {
    @TempDir
    private Path folder;

    private String tega(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(Installation.home().resolve("bin/tega").toString()));
        command.addAll(List.of(arguments));
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            var process = builder.start();
            process.getOutputStream().close();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(command + "\n" + said).isZero();
            return said.strip();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Rig local(String id, int port, String... more) {
        List<String> options = new ArrayList<>(
                List.of("-t", id, "--global", "wss://localhost:" + port, "-C", "cfg", "-O", "oper-" + id));
        options.addAll(List.of(more));
        return Rig.boot(folder.resolve(id), options.toArray(new String[0]));
    }

    private static void await(String value, Supplier<String> read) {
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        for (var last = read.get(); !last.contains(value); last = read.get()) {
            assertThat(System.nanoTime())
                    .as("it is %s and should be %s", last, value)
                    .isLessThan(end);
            LockSupport.parkNanos(50_000_000);
        }
    }

    @Test
    void tokenAndCertificateAndProxy() throws Exception {
        var tls = folder.resolve("tls");
        var data = folder.resolve("g");
        tega("cert", "server", "localhost", "127.0.0.1", "-d", tls.toString());
        tega("cert", "client", "two", "-d", tls.toString());
        var token = folder.resolve("token");
        Files.writeString(token, tega("token", "create", "one", "-d", data.toString()));
        var wrong = Files.writeString(folder.resolve("wrong"), "tega_nothing");
        for (var grant : List.of("one", "two")) {
            tega("grant", grant, "may", "read,write", "cfg", "-d", data.toString());
            tega("grant", grant, "may", "read,write", "oper-" + grant, "-d", data.toString());
        }
        var trusting = Files.createDirectory(folder.resolve("trusting"));
        Files.copy(tls.resolve("ca.pem"), trusting.resolve("ca.pem"));
        var showing = Files.createDirectory(folder.resolve("showing"));
        Files.copy(tls.resolve("ca.pem"), showing.resolve("ca.pem"));
        Files.copy(tls.resolve("two.pem"), showing.resolve("client.pem"));
        Files.copy(tls.resolve("two.key"), showing.resolve("client.key"));
        try (var global = Rig.boot(data, "-t", "global", "--tls", tls.toString(), "--closed");
                var proxy = ConnectProxy.local()) {
            var port = global.address().getPort();
            var through = "127.0.0.1:" + proxy.port();
            try (var one = local(
                            "one",
                            port,
                            "--global-token",
                            token.toString(),
                            "--global-tls",
                            trusting.toString(),
                            "--proxy",
                            through);
                    var two = local("two", port, "--global-tls", showing.toString());
                    var stranger = local(
                            "stranger",
                            port,
                            "--global-token",
                            wrong.toString(),
                            "--global-tls",
                            trusting.toString())) {
                await("\"connected\":true", () -> one.get("/_peers").body());
                await("\"connected\":true", () -> two.get("/_peers").body());
                assertThat(one.put("/cfg/a", "1").statusCode()).isEqualTo(200);
                await("{\"a\":1}", () -> two.get("/cfg/").body());
                assertThat(two.put("/cfg/b", "2").statusCode()).isEqualTo(200);
                await("{\"a\":1,\"b\":2}", () -> one.get("/cfg/").body());
                assertThat(proxy.tunnels()).isPositive();
                await("\"connected\":false", () -> stranger.get("/_peers").body());
                assertThat(stranger.get("/cfg/").statusCode()).isEqualTo(404);
            }
        }
    }
}
