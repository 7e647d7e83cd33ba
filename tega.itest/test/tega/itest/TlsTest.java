package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tega.api.Identity;
import tega.api.PathPattern;
import tega.api.Scope;
import tega.api.Value;
import tega.api.spi.Subscriber;
import tega.client.HttpConnector;

/** HTTPS with certificates that {@code tega cert} made, for curl and for Java. */
@Timeout(180)
class TlsTest {
    private static final List<String> FILES =
            List.of("ca.pem", "ca.key", "server.pem", "server.key", "alice.pem", "alice.key");

    @TempDir
    private static Path made;

    @TempDir
    private Path folder;

    private Path tls;

    @BeforeAll
    static void certificates() {
        tega("cert", "server", "localhost", "127.0.0.1", "-d", made.toString());
        tega("cert", "client", "alice", "-d", made.toString());
    }

    @BeforeEach
    void copies() throws IOException {
        tls = Files.createDirectory(folder.resolve("tls"));
        for (var file : FILES) {
            Files.copy(made.resolve(file), tls.resolve(file));
        }
    }

    private static String tega(String... arguments) {
        return run(command(arguments), true);
    }

    private static String fails(String... arguments) {
        return run(command(arguments), false);
    }

    private static List<String> command(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(Installation.home().resolve("bin/tega").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String run(List<String> command, boolean well) {
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            var process = builder.start();
            process.getOutputStream().close();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor() == 0).as(command + "\n" + said).isEqualTo(well);
            return said;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Rig boot() {
        return Rig.boot(folder.resolve("data"), "--tls", tls.toString());
    }

    private String curl(Rig rig, String path, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "curl", "-s", "--cacert", tls.resolve("ca.pem").toString(), "-w", "|%{http_version} %{http_code}"));
        command.addAll(List.of(options));
        command.add(rig.address() + path);
        return run(command, true);
    }

    @Test
    void curlSpeaksBothVersionsOfHttp() {
        try (var rig = boot()) {
            assertThat(rig.address()).hasScheme("https");
            assertThat(curl(rig, "/a/b", "--http2", "-X", "PUT", "-d", "[1]")).isEqualTo("|2 200");
            assertThat(curl(rig, "/a/b", "--http2")).isEqualTo("[1]|2 200");
            assertThat(curl(rig, "/a/b", "--http1.1")).isEqualTo("[1]|1.1 200");
            assertThat(curl(rig, "/nosuch", "--http2")).endsWith("|2 404");
            assertThat(curl(rig, "/_health", "--http2", "--tlsv1.3")).endsWith("|2 200");
            assertThat(curl(rig, "/_health", "--http1.1", "--tls-max", "1.2")).endsWith("|1.1 200");
        }
        try (var rig = Rig.boot(folder.resolve("data"))) {
            assertThat(curl(rig, "/a/b", "--http2-prior-knowledge")).isEqualTo("[1]|2 200");
        }
    }

    /** Who shows a certificate is its name, in the commit too. */
    @Test
    void aCertificateSaysWhoWrites() {
        try (var rig = boot()) {
            var alice = new String[] {
                "--http2",
                "--cert",
                tls.resolve("alice.pem").toString(),
                "--key",
                tls.resolve("alice.key").toString()
            };
            assertThat(curl(rig, "/mine", "--http2", "-X", "PUT", "-d", "{\"x\":1}"))
                    .endsWith(" 200");
            assertThat(curl(rig, "/_log?limit=1", "--http2")).contains("\"author\":\"local\"");
            // Alice has proved a name, and has no grant yet.
            var write = new ArrayList<>(List.of(alice));
            write.addAll(List.of("-X", "PUT", "-d", "2"));
            assertThat(curl(rig, "/mine/x", write.toArray(new String[0])))
                    .contains("FORBIDDEN", "alice")
                    .endsWith(" 403");
        }
    }

    @Test
    void javaSpeaksHttp2AndWebSocket() throws Exception {
        try (var rig = boot()) {
            var http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_2)
                    .sslContext(trusting())
                    .build();
            var answer = http.send(
                    HttpRequest.newBuilder(rig.address().resolve("/_health")).build(), BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            var heard = new CompletableFuture<CharSequence>();
            var socket = http.newWebSocketBuilder()
                    .buildAsync(
                            URI.create(rig.address().toString().replace("https", "wss") + "/_pubsub"),
                            new WebSocket.Listener() {
                                @Override
                                public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                                    heard.complete(text.toString());
                                    return null;
                                }
                            })
                    .get(30, TimeUnit.SECONDS);
            socket.sendText("SESSION me local", true).get(30, TimeUnit.SECONDS);
            assertThat(heard.get(30, TimeUnit.SECONDS).toString()).startsWith("SESSIONACK ");
        }
    }

    private String[] cli(Rig rig, String... options) {
        List<String> words = new ArrayList<>(List.of("cli", "-a", rig.address().toString()));
        words.addAll(List.of("--cacert", tls.resolve("ca.pem").toString()));
        words.addAll(List.of(options));
        return words.toArray(new String[0]);
    }

    /** The command line believes whom it is told to, and shows a token or a certificate, which is who writes. */
    @Test
    void theCommandLineSpeaksTls() {
        try (var rig = boot()) {
            tega(cli(rig, "-c", "put a.b 1; grant alice may read,write a"));
            var alice = new String[] {
                "--cert",
                tls.resolve("alice.pem").toString(),
                "--key",
                tls.resolve("alice.key").toString(),
                "-c",
                "whoami; put a.b 2; put elsewhere.x 1"
            };
            assertThat(fails(cli(rig, alice))).contains("name: alice", "FORBIDDEN", "elsewhere.x");
            assertThat(curl(rig, "/_blame?path=a", "--http2")).contains("\"author\":\"alice\"");
            var token = tega(cli(rig, "-o", "json", "-c", "token create bob"))
                    .replaceAll("(?s).*\"token\":\\s*\"([^\"]*)\".*", "$1");
            // No scheme: an option for TLS asks for TLS.
            var host = "localhost:" + rig.address().getPort();
            var bob = tega(cli(rig, "-a", host, "--token", token, "-c", "whoami"));
            assertThat(bob).contains("name: bob");
            assertThat(fails("cli", "-a", rig.address().toString(), "-c", "get a.b"))
                    .startsWith("UNAVAILABLE")
                    .contains("is its authority believed (--cacert)?");
            assertThat(fails(cli(rig, "-a", "wss://" + host, "--token", "tega_x_y", "-c", "sub a")))
                    .contains("UNAUTHENTICATED");
        }
    }

    @Test
    void theJavaClientSpeaksTls() throws Exception {
        try (var rig = boot();
                var server = new HttpConnector()
                        .connect(URI.create("wss://127.0.0.1:" + rig.address().getPort()), "me", null, trusting())) {
            server.tega().put(tega.api.Path.of("a", "b"), Value.of(1));
            assertThat(server.tega().get(tega.api.Path.of("a"))).contains(Value.object("b", Value.of(1)));
            assertThat(server.tega().identity()).isEqualTo(new Identity("local", "me"));
            var heard = new CompletableFuture<Value>();
            server.subscribe(PathPattern.parse("news"), Scope.LOCAL, new Subscriber() {
                @Override
                public void message(tega.api.Path channel, String publisher, Value message) {
                    heard.complete(message);
                }

                @Override
                public void lost(String reason) {
                    heard.completeExceptionally(new IOException(reason));
                }
            });
            tega(cli(rig, "-c", "pub news 'hot'"));
            assertThat(heard.get(30, TimeUnit.SECONDS)).isEqualTo(Value.of("hot"));
        }
    }

    private SSLContext trusting() throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (var in = Files.newInputStream(tls.resolve("ca.pem"))) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private String serial(Rig rig) throws Exception {
        try (var socket = (SSLSocket) trusting()
                .getSocketFactory()
                .createSocket("127.0.0.1", rig.address().getPort())) {
            socket.startHandshake();
            var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSerialNumber().toString(16);
        }
    }

    /** New files are used for new connections, without a restart; broken ones are told of and not used. */
    @Test
    void certificatesAreExchangedWhileItRuns() throws Exception {
        try (var rig = boot()) {
            var first = serial(rig);
            tega("cert", "server", "localhost", "127.0.0.1", "-d", tls.toString());
            await(() -> !serial(rig).equals(first));
            var second = serial(rig);
            Files.writeString(tls.resolve("server.pem"), "no certificate");
            await(() -> curl(rig, "/_health").contains("what was read before stays in use"));
            assertThat(serial(rig)).isEqualTo(second);
            // Well signed, but for somebody else.
            tega("cert", "server", "elsewhere.example", "-d", tls.toString());
            await(() -> !serial(rig).equals(second));
            assertThat(fails(cli(rig, "-c", "roots")))
                    .startsWith("UNAVAILABLE")
                    .contains("is the certificate for this name");
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("it does not happen").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(100); // between two looks from outside
        }
    }

    @Test
    void aFolderWithoutKeysIsRefusedInOneLine() throws Exception {
        var empty = Files.createDirectory(folder.resolve("empty"));
        try (var rig = Rig.start(Installation.home(), folder.resolve("data"), "--tls", empty.toString())) {
            assertThat(rig.awaitExit()).isEqualTo(1);
            assertThat(rig.errors()).anyMatch(line -> line.contains("there is no server.pem in " + empty));
        }
    }
}
