import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import tega.api.Path;
import tega.api.Value;
import tega.client.HttpConnector;

/** What the Java driver adds to a request: beside the same request on a bare socket, in turns. */
public final class Bench {
    private interface Step {
        void run() throws Exception;
    }

    private Bench() {}

    /** The server, and how many turns. */
    public static void main(String[] arguments) throws Exception {
        var address = URI.create(arguments[0]);
        var turns = Integer.parseInt(arguments[1]);
        var raw = new Raw(address);
        var server = new HttpConnector().connect(address, "java", null);
        var leaf = Path.of("bench", "java");
        var echo = Path.of("rpc", "echo");
        var get = Raw.request("GET", "/bench/java", "");
        var put = Raw.request("PUT", "/bench/java?tega_id=java", "\"0123456789\"");
        var call = Raw.request("POST", "/_rpc?path=rpc.echo&tega_id=java", "{\"args\":[1],\"kwargs\":{}}");
        var value = Value.of("0123456789");
        compare("PUT", turns, () -> raw.exchange(put), () -> server.tega().put(leaf, value));
        compare("GET", turns, () -> raw.exchange(get), () -> server.tega().get(leaf));
        compare("RPC", turns, () -> raw.exchange(call), () -> server.rpc()
                .call(echo, List.of(Value.of(1)), Value.object(), Duration.ofSeconds(5))
                .toCompletableFuture()
                .get());
        server.close();
    }

    private static void compare(String what, int turns, Step raw, Step driver) throws Exception {
        var times = new long[2][turns];
        for (var i = -turns / 2; i < turns; i++) { // the first are to warm up
            for (var who = 0; who < 2; who++) {
                var before = System.nanoTime();
                (who == 0 ? raw : driver).run();
                times[who][Math.max(i, 0)] = System.nanoTime() - before;
            }
        }
        Arrays.sort(times[0]);
        Arrays.sort(times[1]);
        System.out.printf("Java %s %d %d%n", what, times[0][turns / 2] / 1000, times[1][turns / 2] / 1000);
    }

    /** As little HTTP as is needed. */
    private static final class Raw {
        private final Socket socket;
        private final InputStream in;

        Raw(URI address) throws IOException {
            socket = new Socket(address.getHost(), address.getPort());
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        }

        static byte[] request(String method, String target, String body) {
            return (method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.US_ASCII);
        }

        void exchange(byte[] request) throws IOException {
            socket.getOutputStream().write(request);
            var length = 0;
            for (var line = line(); !line.isEmpty(); line = line()) {
                if (line.startsWith("HTTP/1.1 ") && !line.startsWith("200", 9)) {
                    throw new IOException(line);
                }
                if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            in.readNBytes(length);
        }

        private String line() throws IOException {
            var line = new StringBuilder();
            for (var c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new EOFException();
                }
                line.append((char) c);
            }
            return line.toString().strip();
        }
    }
}
