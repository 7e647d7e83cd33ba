package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/bounds.md says that a client may cost, bound by bound, on the packed server. */
@Timeout(180)
class BoundsTest {
    private static final int CONNECTIONS = 30;
    private static final String LIMITS = "body=10k,bodies=15k,headers=4k,frame=20k,connections=" + CONNECTIONS
            + ",lasting=3,subscriptions=2,calls=1,call=4s,deadline=2s,arrival=2s,idle=20s";

    @TempDir
    private Path data;

    private Rig rig;

    @BeforeEach
    void boot() {
        rig = Rig.boot(data, "--limit", LIMITS);
    }

    @AfterEach
    void kill() {
        rig.close();
    }

    private Socket connect(String text) throws IOException {
        var socket = new Socket(rig.address().getHost(), rig.address().getPort());
        socket.setSoTimeout((int) Rig.DEADLINE.toMillis());
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** All that is said until the server ends the connection. */
    private String answer(String head, String body) throws IOException {
        try (var socket = connect(head + "\r\nHost: localhost\r\nConnection: close\r\n" + body)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String put(String path, String value) throws IOException {
        return answer("PUT " + path + " HTTP/1.1", "Content-Length: " + value.length() + "\r\n\r\n" + value);
    }

    @Test
    void bodiesAndHeaders() throws Exception {
        assertThat(put("/a/b", "\"" + "x".repeat(9_000) + "\"")).startsWith("HTTP/1.1 200 ");
        assertThat(answer("PUT /a/b HTTP/1.1", "Content-Length: 10241\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ")
                .contains("\"code\":\"LIMIT\"", "10240 bytes");
        assertThat(answer("GET /a HTTP/1.1", "X: " + "y".repeat(5_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ")
                .contains("\"code\":\"LIMIT\"");
        assertThat(answer("GET /" + "y".repeat(5_000) + " HTTP/1.1", "\r\n"))
                .startsWith("HTTP/1.1 414 ")
                .contains("\"code\":\"LIMIT\"");
        var half = "Content-Length: 10000\r\n\r\n" + "x".repeat(9_000);
        try (var waiting = connect("PUT /a/b HTTP/1.1\r\nHost: localhost\r\n" + half)) {
            // Either may have come first.
            var one = answer("PUT /a/c HTTP/1.1", half);
            var other = new String(waiting.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(List.of(one, other))
                    .as("together more than may be on their way, or too late for that")
                    .allMatch(answer ->
                            answer.matches("(?s)HTTP/1.1 (503 .*\"code\":\"LIMIT\"|408 .*\"code\":\"TIMEOUT\").*"))
                    .anyMatch(answer -> answer.startsWith("HTTP/1.1 408 "));
        }
        // Not to be set: depth, names, values.
        assertThat(put("/deep" + "/d".repeat(70), "1"))
                .startsWith("HTTP/1.1 413 ")
                .contains("\"code\":\"LIMIT\"");
        assertThat(put("/name/" + "n".repeat(1_025), "1"))
                .startsWith("HTTP/1.1 413 ")
                .contains("\"code\":\"LIMIT\"");
    }

    @Test
    void webSocketsAndEventStreams() throws Exception {
        try (var first = new RawClient(rig.address()).subscribed("first", "a", "b");
                var second = new RawClient(rig.address()).subscribed("second");
                var third = connect("GET /_watch?path=a HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            assertThat(third.getInputStream().readNBytes(12))
                    .isEqualTo("HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII));
            for (var target : List.of("/_watch?path=a", "/_pubsub")) {
                assertThat(answer(
                                "GET " + target + " HTTP/1.1",
                                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"))
                        .as(target)
                        .startsWith("HTTP/1.1 429 ")
                        .contains("\"code\":\"LIMIT\"", "3 lasting connections");
            }
            first.send("SUBSCRIBE c local");
            assertThat(first.next().text())
                    .isEqualTo("ERROR LIMIT this client has 2 subscriptions, which is the limit");

            // Nobody answers the first call, so the second is one too many.
            assertThat(rig.put("/rpc/f", "\"%second.f\"").statusCode()).isEqualTo(200);
            first.send("REQUEST 1 RPC first rpc.f\n{\"args\":[],\"kwargs\":{}}");
            first.send("REQUEST 2 RPC first rpc.f\n{\"args\":[],\"kwargs\":{}}");
            assertThat(first.next().text()).startsWith("ERROR LIMIT 1 calls of this client");
            assertThat(first.next().text()).startsWith("RESPONSE 1 ERROR first\n{\"code\":\"TIMEOUT\"");

            var late = rig.post("/_rpc?path=rpc.f&deadline=300", "{}");
            assertThat(late.statusCode()).isEqualTo(504);
            assertThat(late.body()).contains("\"code\":\"TIMEOUT\"");
            var later = rig.post("/_rpc?path=rpc.f", "{}");
            assertThat(later.statusCode()).isEqualTo(504);
            assertThat(later.body()).contains("\"code\":\"UNKNOWN_OUTCOME\"");

            second.write(RawClient.frame(RawClient.TEXT, new byte[20_481]));
            var closed = second.next();
            while (closed.opcode() != RawClient.CLOSE) {
                closed = second.next();
            }
            assertThat(closed.closeCode()).isEqualTo(1009);
        }
    }

    /** More connections than there may be wait until another has gone. */
    @Test
    void connectionsWaitForTheirTurn() throws Exception {
        var ask = "GET /_health HTTP/1.1\r\nHost: localhost\r\n\r\n";
        List<Socket> open = new ArrayList<>();
        try {
            var answered = true;
            while (answered && open.size() <= CONNECTIONS) {
                var socket = connect(ask);
                open.add(socket);
                answered = isAnswered(socket, open.size() > CONNECTIONS ? 1_000 : 20_000);
            }
            assertThat(open).as("those served and one that waits").hasSize(CONNECTIONS + 1);
            assertThat(answered).isFalse();
            open.get(0).close();
            assertThat(isAnswered(open.get(CONNECTIONS), 20_000)).as("its turn").isTrue();
        } finally {
            for (var socket : open) {
                socket.close();
            }
        }
    }

    private static boolean isAnswered(Socket socket, int patience) throws IOException {
        socket.setSoTimeout(patience);
        try {
            return socket.getInputStream().read() == 'H';
        } catch (SocketTimeoutException e) {
            return false;
        }
    }
}
