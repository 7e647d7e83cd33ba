package tega.plugins.openwrt;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;
import tega.api.spi.JsonCodec;

/** A fake router on a port: {@code /ubus} as uhttpd serves it, at most 64 KiB a request, the bus of {@link FakeRpcd} behind it. */
final class FakeRouter implements AutoCloseable {
    private static final int LONGEST = 65_536;

    final FakeRpcd rpcd = new FakeRpcd(Instant::now);
    private final JsonCodec json =
            ServiceLoader.load(JsonCodec.class).findFirst().orElseThrow();
    private final HttpServer server;
    private final List<HttpExchange> listeners = new CopyOnWriteArrayList<>();

    FakeRouter(int port) throws IOException {
        this(InetAddress.getLoopbackAddress().getHostAddress(), port);
    }

    FakeRouter(String address, int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(address, port), 0);
        server.createContext("/ubus", this::answer);
        server.createContext("/ubus/subscribe/", this::subscribe);
        server.start();
    }

    /** To play with: {@code FakeRouter PORT FILE...}, where the files are those of {@code /etc/config}. */
    public static void main(String[] args) throws IOException {
        var router = new FakeRouter(Integer.parseInt(args[0]));
        for (var i = 1; i < args.length; i++) {
            var file = Path.of(args[i]);
            router.rpcd.edit("/etc/config/" + file.getFileName(), Files.readString(file));
        }
        System.out.println("router at " + router.url());
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readNBytes(LONGEST + 1);
            var answer = json.toJson(body.length > LONGEST ? error(-32700, "Parse error") : called(body));
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    /** Tells of events until it is deafened; nobody waits for them here. */
    private void subscribe(HttpExchange exchange) throws IOException {
        var bearer = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!rpcd.isSession(bearer.replaceFirst("Bearer ", ""))) {
            exchange.sendResponseHeaders(403, -1);
            exchange.close();
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write("retry: 3000\n\n".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        listeners.add(exchange);
    }

    /** Waits until so many listen. */
    void awaitListeners(int count) throws InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (listeners.size() < count) {
            if (System.nanoTime() > end) {
                throw new AssertionError(listeners.size() + " listen");
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Tells all who listen of an event. */
    void tell(String event, String data) throws IOException {
        for (var listener : listeners) {
            var text = "event: " + event + "\ndata: " + data + "\n\n";
            listener.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
            listener.getResponseBody().flush();
        }
    }

    /** Ends what they listen to. */
    void deafen() {
        listeners.forEach(HttpExchange::close);
        listeners.clear();
    }

    private static ObjectValue error(int code, String message) {
        return Value.object(Map.of(
                "jsonrpc", Value.of("2.0"),
                "id", Value.of(1),
                "error", Value.object("code", Value.of(code), "message", Value.of(message))));
    }

    private Value called(byte[] body) {
        var request = (ObjectValue) json.readJson(body);
        var params = (ArrayValue) request.get("params");
        try {
            var answer = rpcd.call(text(params, 0), text(params, 1), text(params, 2), (ObjectValue) params.get(3));
            return result(Value.array(Value.of(0), answer));
        } catch (FakeRpcd.Status e) {
            return e.code == FakeRpcd.DENIED && !text(params, 1).equals("session")
                    ? error(-32002, "Access denied")
                    : result(Value.array(Value.of(e.code)));
        }
    }

    private static ObjectValue result(ArrayValue result) {
        return Value.object(Map.of("jsonrpc", Value.of("2.0"), "id", Value.of(1), "result", result));
    }

    private static String text(ArrayValue params, int index) {
        return ((StringValue) params.get(index)).text();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
