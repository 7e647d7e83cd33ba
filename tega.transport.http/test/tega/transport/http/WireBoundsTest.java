package tega.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;

/** What a client may cost, and what it is told when that is too much. */
@Timeout(120)
class WireBoundsTest {
    private static final HttpOptions SMALL = HttpOptions.DEFAULT.with(
            "threads=16,body=10000,bodies=50000,headers=4k,frame=20000,connections=400,subscriptions=3,calls=2,"
                    + "outbound=64000,idle=6s,stall=1s,arrival=1s,call=5s");

    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<String> get(TestServer server, String path) throws Exception {
        return http.send(HttpRequest.newBuilder(server.uri().resolve(path)).build(), BodyHandlers.ofString());
    }

    private static Socket connect(TestServer server, String text) throws IOException {
        var socket = new Socket(server.uri().getHost(), server.uri().getPort());
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(text.getBytes(UTF_8));
        return socket;
    }

    private static String answer(TestServer server, String request) throws IOException {
        try (var socket = connect(server, request)) {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedBeforeItIsRead() throws Exception {
        try (var server = new TestServer(SMALL)) {
            assertThat(answer(server, "PUT /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10001\r\n\r\n"))
                    .startsWith("HTTP/1.1 413 ")
                    .contains("\"code\":\"LIMIT\"")
                    .contains("the limit of 10000 bytes");
            var chunk = "3000\r\n" + "x".repeat(0x3000) + "\r\n0\r\n\r\n";
            assertThat(answer(
                            server, "PUT /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk))
                    .startsWith("HTTP/1.1 413 ");
            assertThat(get(server, "/_roots").body()).isEqualTo("{}");
        }
    }

    @Test
    void headersThatAreTooLargeAreRefusedWithAProblem() throws Exception {
        try (var server = new TestServer(SMALL)) {
            assertThat(answer(server, "GET /a HTTP/1.1\r\nHost: localhost\r\nX: " + "y".repeat(5000) + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 431 ")
                    .contains("application/problem+json")
                    .contains("\"code\":\"LIMIT\"");
            assertThat(answer(server, "GET /" + "y".repeat(5000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .startsWith("HTTP/1.1 414 ");
            assertThat(answer(server, "what?\r\n\r\n"))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("\"code\":\"INVALID\"");
        }
    }

    @Test
    void aBodyThatDoesNotComeIsNotWaitedForForever() throws Exception {
        try (var server = new TestServer(SMALL)) {
            assertThat(answer(server, "PUT /a/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n12"))
                    .startsWith("HTTP/1.1 408 ")
                    .contains("\"code\":\"TIMEOUT\"");
        }
    }

    @Test
    void headersThatDripAreCutOff() throws Exception {
        try (var server = new TestServer(SMALL);
                var socket = connect(server, "GET /a HTTP/1.1\r\nHost: localhost\r\n")) {
            socket.setSoTimeout(100);
            var end = System.nanoTime() + Duration.ofSeconds(50).toNanos();
            var open = true;
            while (open && System.nanoTime() < end) {
                try {
                    socket.getOutputStream().write('X');
                    open = socket.getInputStream().read() >= 0;
                } catch (SocketTimeoutException e) {
                    open = true;
                } catch (IOException e) {
                    open = false;
                }
            }
            assertThat(open).isFalse();
        }
    }

    /** Slow senders hold no thread: there are far more of them than threads, and others are served meanwhile. */
    @Test
    void manyHalfRequestsHinderNobody() throws Exception {
        try (var server = new TestServer(SMALL)) {
            var sockets = new ArrayList<Socket>();
            for (var i = 0; i < 100; i++) {
                sockets.add(connect(server, "PUT /a/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n1"));
                sockets.add(connect(server, ""));
            }
            assertThat(get(server, "/_roots").statusCode()).isEqualTo(200);
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void garbageIsAnsweredOrCutOffAndTheServerLives() throws Exception {
        var random = new Random(7);
        try (var server = new TestServer(SMALL)) {
            for (var i = 0; i < 200; i++) {
                var bytes = new byte[random.nextInt(300)];
                random.nextBytes(bytes);
                try (var socket = connect(server, "")) {
                    socket.getOutputStream().write(bytes);
                    socket.shutdownOutput();
                    var answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
                    assertThat(answer).doesNotStartWith("HTTP/1.1 2").doesNotStartWith("HTTP/1.1 5");
                } catch (IOException e) {
                    // cut off while writing
                    assertThat(e).isNotInstanceOf(SocketTimeoutException.class);
                }
            }
            assertThat(get(server, "/_health").statusCode()).isEqualTo(200);
        }
    }

    private static final String UPGRADE = String.join(
            "\r\n",
            "GET /_pubsub HTTP/1.1",
            "Host: localhost",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            "");

    private static byte[] frame(int opcode, byte[] payload) {
        var out = new ByteArrayOutputStream();
        out.write(0x80 | opcode);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else {
            out.write(0x80 | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        }
        out.writeBytes(new byte[4]);
        out.writeBytes(payload);
        return out.toByteArray();
    }

    @Test
    void randomFramesEndTheirOwnConnectionOnly() throws Exception {
        var random = new Random(11);
        var words =
                List.of("SESSION", "a", "local", "True", "SUBSCRIBE", "REQUEST", "1", "RPC", "{}", "\n", "NOTIFY", "");
        try (var server = new TestServer(SMALL)) {
            for (var i = 0; i < 150; i++) {
                try (var socket = connect(server, UPGRADE + "\r\n")) {
                    socket.setSoTimeout(5000);
                    var out = socket.getOutputStream();
                    out.write(frame(1, "SESSION fuzz local".getBytes(UTF_8)));
                    for (var j = 0; j < 10; j++) {
                        if (random.nextInt(4) == 0) {
                            var bytes = new byte[random.nextInt(60)];
                            random.nextBytes(bytes);
                            out.write(random.nextBoolean() ? bytes : frame(random.nextInt(16), bytes));
                        } else {
                            var text = new StringBuilder();
                            for (var n = random.nextInt(6); n >= 0; n--) {
                                text.append(words.get(random.nextInt(words.size())))
                                        .append(' ');
                            }
                            out.write(frame(1, text.toString().getBytes(UTF_8)));
                        }
                    }
                } catch (IOException e) {
                    // it was closed, as it should be
                    assertThat(e).isNotInstanceOf(SocketTimeoutException.class);
                }
            }
            assertThat(get(server, "/_health").statusCode()).isEqualTo(200);
            await(() -> get(server, "/_ids").body().equals("[]"));
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        var end = System.nanoTime() + Duration.ofSeconds(50).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void aClientThatDoesNotReadIsSentAwayAndCommitsGoOn() throws Exception {
        try (var server = new TestServer(SMALL)) {
            var quiet = new Socket();
            quiet.setReceiveBufferSize(4096);
            quiet.connect(new java.net.InetSocketAddress(
                    server.uri().getHost(), server.uri().getPort()));
            quiet.getOutputStream().write((UPGRADE + "\r\n").getBytes(UTF_8));
            quiet.getOutputStream().write(frame(1, "SESSION quiet local".getBytes(UTF_8)));
            quiet.getOutputStream().write(frame(1, "SUBSCRIBE a local".getBytes(UTF_8)));
            await(() -> get(server, "/_channels").body().contains("quiet"));
            var tega = server.tega();
            var big = Value.of("x".repeat(30_000));
            for (var i = 0; i < 400; i++) {
                tega.put(Path.of("a", "b"), big);
            }
            await(() -> get(server, "/_metrics").body().contains("tega_http_slow 1\n"));
            // It begins to read at last, and hears why it is sent away.
            var heard = new String(quiet.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
            assertThat(heard).contains("\u0003\u00f5SLOW: more than 64000 bytes wait for you");
            await(() -> get(server, "/_ids").body().equals("[]"));
            assertThat(get(server, "/_channels").body()).isEqualTo("{}");
            quiet.close();
        }
    }

    @Test
    void aFrameThatIsTooLargeClosesWith1009() throws Exception {
        try (var server = new TestServer(SMALL);
                var socket = connect(server, UPGRADE + "\r\n")) {
            socket.getOutputStream().write(frame(1, new byte[20_001]));
            var in = socket.getInputStream().readAllBytes();
            var text = new String(in, java.nio.charset.StandardCharsets.ISO_8859_1);
            assertThat(text.substring(text.indexOf("\r\n\r\n") + 4)).contains("\u0003\u00f1");
        }
    }

    @Test
    void subscriptionsAreCounted() throws Exception {
        try (var server = new TestServer(SMALL)) {
            new Transcript(server.uri())
                    .replay(java.nio.file.Files.writeString(java.nio.file.Files.createTempFile("tega", ".txt"), """
                    A connect
                    A> SESSION c local
                    A< SESSIONACK srv
                    A> SUBSCRIBE a local
                    A> SUBSCRIBE b local
                    A> SUBSCRIBE c local
                    A> SUBSCRIBE d local
                    A< ERROR LIMIT this client has 3 subscriptions, which is the limit
                    A close
                    """));
        }
    }

    @Test
    void pagesOfOtherSitesMayNotConnectNorChangeAnything() throws Exception {
        try (var server = new TestServer(SMALL)) {
            assertThat(answer(server, UPGRADE + "Origin: http://evil.example\r\n\r\n"))
                    .startsWith("HTTP/1.1 403 ");
            assertThat(
                            answer(
                                    server,
                                    "POST /_clear HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 403 ")
                    .doesNotContain("Access-Control");
            assertThat(
                            answer(
                                    server,
                                    "PUT /a/b HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Length: 1\r\nConnection: close\r\n\r\n1"))
                    .startsWith("HTTP/1.1 200 ");
            try (var socket = connect(server, UPGRADE + "Origin: http://localhost\r\n\r\n")) {
                var line = new byte[12];
                assertThat(socket.getInputStream().read(line)).isPositive();
                assertThat(new String(line, UTF_8)).isEqualTo("HTTP/1.1 101");
            }
        }
    }

    @Test
    void whileThePartsAreExchangedClientsAreToldToComeAgain() throws Exception {
        try (var server = new TestServer(SMALL)) {
            server.parts.sessions.empty(server.store.sessions());
            var answer = get(server, "/a");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).contains("1");
            assertThat(answer.body()).contains("\"code\":\"UNAVAILABLE\"");
            assertThat(get(server, "/_health").statusCode()).isEqualTo(503);
            server.parts.sessions.fill(server.store.sessions());
            assertThat(get(server, "/_health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aPortThatIsTakenIsToldInOneLine() {
        try (var server = new TestServer(SMALL)) {
            var other = new HttpServer(SMALL.at("127.0.0.1", server.uri().getPort()), new Parts());
            assertThatThrownBy(other::start)
                    .isInstanceOf(TegaException.Unavailable.class)
                    .hasMessageContaining(
                            "cannot listen on 127.0.0.1 port " + server.uri().getPort())
                    .hasMessageNotContaining("\n");
            var nowhere = new HttpServer(SMALL.at("203.0.113.9", 0), new Parts());
            assertThatThrownBy(nowhere::start).isInstanceOf(TegaException.Unavailable.class);
        }
    }

    @Test
    void largeAnswersAreCompressedForWhoWantsThem() throws Exception {
        try (var server = new TestServer(SMALL)) {
            server.tega().put(Path.of("a", "b"), Value.of("x".repeat(9000)));
            var request = HttpRequest.newBuilder(server.uri().resolve("/a/b")).header("Accept-Encoding", "gzip");
            var answer = http.send(request.build(), BodyHandlers.ofByteArray());
            assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
            assertThat(answer.headers().firstValue("ETag")).contains("\"1-gzip\"");
            try (var in = new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(answer.body()))) {
                assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("\"" + "x".repeat(9000) + "\"");
            }
            var again = http.send(
                    HttpRequest.newBuilder(server.uri().resolve("/a/b"))
                            .header("If-None-Match", "\"1-gzip\"")
                            .build(),
                    BodyHandlers.ofString());
            assertThat(again.statusCode()).isEqualTo(304);
        }
    }

    @Test
    void figuresAreOpenMetrics() throws Exception {
        try (var server = new TestServer(SMALL)) {
            var text = get(server, "/_metrics").body();
            assertThat(text)
                    .contains("# TYPE tega_http_requests unknown\ntega_http_requests 1\n")
                    .endsWith("# EOF\n");
            assertThat(text.lines())
                    .allMatch(line -> line.matches("# (TYPE \\w+ unknown|EOF)|\\w+(\\{.*})? -?[0-9.]+"));
        }
    }

    @Test
    void eventsOfAStreamResume() throws Exception {
        try (var server = new TestServer(SMALL)) {
            var tega = server.tega();
            tega.put(Path.of("a", "b"), Value.of(1));
            tega.put(Path.of("a", "b"), Value.of(2));
            var uri = URI.create(server.uri() + "/_watch?path=a&since=0");
            assertThat(ids(HttpRequest.newBuilder(uri).build(), 2)).containsExactly("id: 1", "id: 2");
            assertThat(ids(
                            HttpRequest.newBuilder(uri)
                                    .header("Last-Event-ID", "1")
                                    .build(),
                            1))
                    .containsExactly("id: 2");
            await(() -> get(server, "/_metrics").body().contains("tega_http_streams 0\n"));
        }
    }

    private List<String> ids(HttpRequest request, int count) throws Exception {
        var answer = http.send(request, BodyHandlers.ofLines());
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
        try (var lines = answer.body()) {
            return lines.filter(line -> line.startsWith("id: ")).limit(count).toList();
        }
    }
}
