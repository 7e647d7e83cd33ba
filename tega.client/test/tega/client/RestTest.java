package tega.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tega.api.ErrorCode;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.WatchEvent;
import tega.api.WatchRequest;
import tega.api.spi.Server;

/** What the driver makes of what a server says, and of what it does not say. The server here only says what a test wants. */
class RestTest {
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer http;
    private Server server;
    private volatile int status = 200;
    private volatile String body = "";

    @BeforeEach
    void listen() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.start();
        var address = URI.create("http://127.0.0.1:" + http.getAddress().getPort());
        server = new HttpConnector().connect(address, "me", "secret");
    }

    private void answer(HttpExchange exchange) throws IOException {
        var sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Authorization") + (sent.isEmpty() ? "" : " " + sent));
        if (status == 0) {
            exchange.close();
            return;
        }
        exchange.getResponseHeaders().add("Tega-Revision", "7");
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @AfterEach
    void close() {
        server.close();
        http.stop(0);
    }

    @Test
    void aReadNamesThePathTheClientAndTheToken() {
        body = "{\"x\":1.0}";
        assertThat(server.tega().get(Path.of("a", "172.21.1.0/24"))).contains(Value.object("x", Value.of(1.0)));
        assertThat(requests).containsExactly("GET /a/172.21.1.0%2F24?tega_id=me Bearer secret");
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeComesBackAsTheExceptionItWas(ErrorCode code) {
        status = 400;
        body = "{\"code\":\"" + code + "\",\"detail\":\"what it is\",\"path\":[\"a\",\"b\"],\"oldest\":5}";
        assertThatThrownBy(() -> server.roots()).isInstanceOfSatisfying(TegaException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.getMessage()).isEqualTo("what it is");
        });
    }

    @Test
    void whatIsNoTegaServerIsToldSo() {
        status = 502;
        body = "<html>Bad Gateway\nmore";
        assertThatExceptionOfType(TegaException.Unavailable.class)
                .isThrownBy(() -> server.roots())
                .withMessageContaining("no tega server")
                .withMessageContaining("502, <html>Bad Gateway")
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @Test
    void aServerThatIsNotThereIsUnavailable() throws IOException {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        var nowhere = new HttpConnector().connect(URI.create("http://127.0.0.1:" + free), "me", null);
        assertThatExceptionOfType(TegaException.Unavailable.class)
                .isThrownBy(() -> nowhere.tega().put(Path.of("a", "b"), Value.of(1)))
                .withMessageContaining("127.0.0.1:" + free);
    }

    @Test
    void aChangeWhoseAnswerIsLostIsUnknownAndNotRepeated() {
        status = 0;
        assertThatExceptionOfType(TegaException.UnknownOutcome.class)
                .isThrownBy(() -> server.tega().put(Path.of("a", "b"), Value.of(1)));
        assertThat(requests).hasSize(1);
        assertThatExceptionOfType(TegaException.Unavailable.class).isThrownBy(() -> server.roots());
    }

    @Test
    void aTransactionIsOneRequest() {
        body =
                "{\"revision\":7,\"versions\":{\"a\":3},\"time\":\"2026-01-01T00:00:00Z\",\"author\":\"x\",\"tega_id\":\"me\","
                        + "\"origin\":\"s\",\"kind\":\"edit\"}";
        try (var transaction = server.tega().begin()) {
            var commit = transaction
                    .put(Path.of("a", "x.y"), Value.NULL)
                    .delete(Path.of("b"))
                    .message("why")
                    .commit();
            assertThat(commit.revision()).isEqualTo(7);
            assertThat(commit.edits()).hasSize(2);
            assertThat(commit.versions()).containsEntry("a", 3L);
        }
        assertThat(requests)
                .containsExactly("POST /_tx?tega_id=me Bearer secret "
                        + "{\"message\":\"why\",\"ops\":[{\"op\":\"put\",\"path\":[\"a\",\"x.y\"],\"value\":null},"
                        + "{\"op\":\"delete\",\"path\":[\"b\"]}]}");
    }

    @Test
    void namesThatAUrlCannotSayAreRefusedHere() {
        for (var path : List.of(Path.of("a", ".."), Path.of("_x"), Path.of("a", ""))) {
            assertThatExceptionOfType(TegaException.Invalid.class)
                    .isThrownBy(() -> server.tega().get(path));
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void aWatchGivesWhatTheServerTellsAndGoesOnAfterThat() throws InterruptedException {
        body =
                ": tega\n\nevent: change\nid: 8\ndata: {\"revision\":8,\"time\":\"2026-01-01T00:00:00Z\",\"author\":\"x\","
                        + "\"tega_id\":\"y\",\"origin\":\"s\",\"kind\":\"edit\",\"versions\":{},"
                        + "\"edits\":[{\"op\":\"put\",\"path\":[\"a\",\"b\"],\"value\":2,\"previous\":1}]}\n\n"
                        + "event: progress\ndata: {\"revision\":9}\n\n";
        try (var watch = server.tega().watch(WatchRequest.of(Path.of("a")).from(3))) {
            var change =
                    ((WatchEvent.Changed) watch.take(Duration.ofSeconds(10)).orElseThrow()).change();
            assertThat(change.previous(change.edits().get(0))).contains(Value.of(1));
            assertThat(change.after().get(Path.of("a", "b"))).contains(Value.of(2));
            assertThat(watch.take(Duration.ofSeconds(10))).contains(new WatchEvent.Progress(9));
            assertThat(watch.revision()).isEqualTo(9);
            status = 403;
            body = "{\"code\":\"FORBIDDEN\",\"detail\":\"not any more\"}";
            assertThatExceptionOfType(TegaException.Forbidden.class).isThrownBy(() -> {
                while (true) { // what was sent before it was forbidden comes again, as this server knows no better
                    watch.take(Duration.ofSeconds(10)).orElseThrow();
                }
            });
        }
        assertThat(requests.get(0)).isEqualTo("GET /_watch?tega_id=me&path=a&mode=log&since=3 Bearer secret");
        assertThat(requests.get(1)).isEqualTo("GET /_watch?tega_id=me&path=a&mode=log&since=9 Bearer secret");
    }

    @Test
    void namesForCompletionBeginAtThePrefix() {
        body = "{\"abc\":{},\"abd\":{},\"b\":{}}";
        assertThat(server.names(Path.of("r"), "ab", 10)).containsExactly("abc", "abd");
        assertThat(requests.get(0)).startsWith("GET /r?tega_id=me&depth=1&limit=10&after=aa%F4%8F%BF%BF ");
    }
}
