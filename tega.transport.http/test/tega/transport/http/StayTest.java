package tega.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Scope;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Session;
import tega.api.spi.Sessions;

/** Clients that come, go and come again faster than the server can look. */
@Timeout(60)
class StayTest {
    private final HttpClient http = HttpClient.newHttpClient();

    /** A client by the JDK: tells how it was closed. */
    private static final class Peer implements WebSocket.Listener {
        private final CompletableFuture<String> first = new CompletableFuture<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            first.complete(text.toString());
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.complete(-1);
        }
    }

    private WebSocket connect(TestServer server, Peer peer, String hello) throws Exception {
        var uri = URI.create(server.uri().toString().replaceFirst("http", "ws") + "/_pubsub");
        var socket = http.newWebSocketBuilder().buildAsync(uri, peer).get(20, TimeUnit.SECONDS);
        socket.sendText(hello, true).get(20, TimeUnit.SECONDS);
        return socket;
    }

    private HttpResponse<String> put(TestServer server, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(server.uri().resolve(path))
                        .PUT(BodyPublishers.ofString("1"))
                        .build(),
                BodyHandlers.ofString());
    }

    private String get(TestServer server, String path) throws Exception {
        var request = HttpRequest.newBuilder(server.uri().resolve(path)).build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        var end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20); // between two looks
        }
    }

    /** The server's sessions, each of which may be held up before it is there. */
    private abstract static class Held implements Sessions {
        private final Sessions sessions;

        Held(Sessions sessions) {
            this.sessions = sessions;
        }

        abstract void hold() throws InterruptedException;

        void left() {}

        @Override
        public Session open(Identity identity, Duration ttl) {
            var session = sessions.open(identity, ttl);
            try {
                hold();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new Session() {
                @Override
                public Tega tega() {
                    return session.tega();
                }

                @Override
                public long epoch() {
                    return session.epoch();
                }

                @Override
                public void detach() {
                    session.detach();
                    left();
                }

                @Override
                public void close() {
                    session.close();
                    left();
                }
            };
        }

        @Override
        public Tega tega(Identity identity) {
            return sessions.tega(identity);
        }
    }

    private static final Line NOWHERE = new Line() {
        @Override
        public void write(String text, Callback done) {
            done.succeeded();
        }

        @Override
        public long taken() {
            return 0;
        }

        @Override
        public void close(int code, String reason) {}

        @Override
        public void abort() {}
    };

    /** The connection ends on another thread while it says who it is: nothing of it stays behind. */
    @Test
    void whatBeginsWhileTheConnectionEndsEndsToo() throws Exception {
        try (var server = new TestServer()) {
            var clients = new Clients(server.parts);
            var left = new CountDownLatch(1);
            var stay = new Stay(
                    tegaId -> new Identity("local", tegaId),
                    new Outbox(NOWHERE, 1000, () -> {}),
                    server.parts,
                    clients,
                    HttpOptions.DEFAULT);
            var ending = new Thread(() -> stay.end(false));
            server.parts.sessions.fill(new Held(server.store.sessions()) {
                @Override
                void hold() {
                    ending.start();
                    while (ending.getState() != Thread.State.BLOCKED && ending.isAlive()) {
                        Thread.onSpinWait();
                    }
                }

                @Override
                void left() {
                    left.countDown();
                }
            });
            stay.begin("late", Scope.LOCAL, Sessions.TTL, call -> CompletableFuture.completedFuture(Value.NULL));
            ending.join();
            assertThat(left.getCount()).as("the session is left").isZero();
            assertThat(clients.ids()).isEmpty();
            assertThatThrownBy(() -> stay.begin(
                            "later", Scope.LOCAL, Sessions.TTL, call -> CompletableFuture.completedFuture(Value.NULL)))
                    .isInstanceOf(TegaException.class);
        }
    }

    /** Of two that come by one name at once the later is who is connected, in each respect, and the earlier is told. */
    @Test
    void theLaterOfTwoOfOneNameIsConnectedInEachRespect() throws Exception {
        try (var server = new TestServer()) {
            var opened = new AtomicInteger();
            var second = new CountDownLatch(1);
            server.parts.sessions.fill(new Held(server.store.sessions()) {
                @Override
                void hold() throws InterruptedException {
                    if (opened.incrementAndGet() > 1) {
                        second.countDown();
                    } else {
                        // As long as the first has not entered the second must not; for ever, it would not.
                        second.await(1, TimeUnit.SECONDS);
                    }
                }
            });
            var early = new Peer();
            connect(server, early, "SESSION twin local");
            await(() -> opened.get() > 0);
            var late = new Peer();
            connect(server, late, "SESSION twin local");
            assertThat(late.first.get(20, TimeUnit.SECONDS)).isEqualTo("SESSIONACK srv");
            assertThat(early.closed.get(20, TimeUnit.SECONDS)).isEqualTo(4409);
            assertThat(put(server, "/here/twin?ephemeral=True&tega_id=twin").statusCode())
                    .isEqualTo(200);
            assertThat(late.closed).isNotDone();
        }
    }

    /** As long as the client may come back to its session, it is told to, and not that it has none. */
    @Test
    void anEphemeralPutAfterALostConnectionIsToBeTriedAgain() throws Exception {
        try (var server = new TestServer()) {
            var peer = new Peer();
            var socket = connect(server, peer, "SESSION lost local");
            assertThat(peer.first.get(20, TimeUnit.SECONDS)).startsWith("SESSIONACK");
            socket.abort();
            await(() -> get(server, "/_ids").equals("[]"));
            var refused = put(server, "/here/lost?ephemeral=True&tega_id=lost");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("UNAVAILABLE", "connect again");
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(put(server, "/here/x?ephemeral=True&tega_id=other").statusCode())
                    .isEqualTo(400);
            var again = new Peer();
            connect(server, again, "SESSION lost local");
            assertThat(again.first.get(20, TimeUnit.SECONDS)).startsWith("SESSIONACK");
            assertThat(put(server, "/here/lost?ephemeral=True&tega_id=lost").statusCode())
                    .isEqualTo(200);
        }
    }

    /** A message that takes longer than the bound on taking nothing, read slowly, arrives whole. */
    @Test
    void whoReadsALongMessageSlowlyGetsAllOfIt() throws Exception {
        var options = HttpOptions.DEFAULT.with("stall=1s,outbound=64k");
        try (var server = new TestServer(options)) {
            slowly(server, "GET /_watch?path=big HTTP/1.1\r\nHost: localhost\r\n\r\n", ": tega");
            slowly(
                    server,
                    String.join(
                            "\r\n",
                            "GET /_pubsub HTTP/1.1",
                            "Host: localhost",
                            "Connection: Upgrade",
                            "Upgrade: websocket",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                            "",
                            ""),
                    "SESSIONACK");
        }
    }

    private static void slowly(TestServer server, String request, String ready) throws Exception {
        try (var socket = new Socket()) {
            socket.setReceiveBufferSize(64 << 10);
            socket.setSoTimeout(20_000);
            socket.connect(new java.net.InetSocketAddress(
                    server.uri().getHost(), server.uri().getPort()));
            socket.getOutputStream().write(request.getBytes(UTF_8));
            if (ready.startsWith("SESSION")) {
                socket.getOutputStream().write(masked("SESSION slow local"));
                socket.getOutputStream().write(masked("SUBSCRIBE big local"));
                socket.getOutputStream().write(masked("UNSUBSCRIBE nothing"));
                readUntil(socket, "UNSUBSCRIBE nothing", 0);
            } else {
                readUntil(socket, ready, 0);
            }
            try (var tx = server.tega().begin()) {
                for (var i = 0; i < 4; i++) {
                    tx.put(Path.of("big", "n" + i), Value.of((i + "x").repeat(450_000)));
                }
                tx.put(Path.of("big", "the end"), Value.of(ready));
                tx.commit();
            }
            readUntil(socket, "the end", 20);
        }
    }

    /** Reads until {@code end} comes, with a pause after each piece. */
    private static void readUntil(Socket socket, String end, int pause) throws IOException, InterruptedException {
        var buffer = new byte[32_000];
        var last = "";
        while (!last.contains(end)) {
            var read = socket.getInputStream().read(buffer);
            assertThat(read).as("bytes before '%s' has come", end).isPositive();
            var piece = new String(buffer, 0, read, UTF_8);
            var tail = last.length() > 100 ? last.substring(last.length() - 100) : last;
            last = tail + piece;
            TimeUnit.MILLISECONDS.sleep(pause); // a client that takes its time
        }
    }

    private static byte[] masked(String text) {
        var bytes = text.getBytes(UTF_8);
        var frame = new byte[6 + bytes.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | bytes.length);
        System.arraycopy(bytes, 0, frame, 6, bytes.length);
        return frame;
    }
}
