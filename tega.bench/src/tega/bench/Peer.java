package tega.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Another database as Debian packs it, with every write on the disk before it is acknowledged. */
final class Peer implements AutoCloseable {
    private static final long DEADLINE = TimeUnit.SECONDS.toNanos(30);

    static final String ETCD = "etcd, JSON gateway";
    static final String ETCD_GRPC = "etcd, gRPC";

    /** What is written by the connections to a port. */
    private interface Writing {
        Caller open(int port) throws IOException;
    }

    private final String name;
    private final @Nullable Process process;
    private final int port;
    private final @Nullable Path data;
    private final Writing writing;

    /** Another way to the same server, which is closed by itself. */
    private Peer(String name, Peer server, Writing writing) {
        this.name = name;
        this.writing = writing;
        process = null;
        port = server.port;
        data = null;
    }

    private Peer(String name, List<String> command, Writing writing) throws IOException {
        this.name = name;
        this.writing = writing;
        data = Files.createTempDirectory("bench");
        port = freePort();
        var words = new ArrayList<String>();
        for (var word : command) {
            words.add(word.replace("PORT", Integer.toString(port))
                    .replace("OTHER", Integer.toString(freePort()))
                    .replace("DATA", String.valueOf(data)));
        }
        var started = new ProcessBuilder(words)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process = started;
        await(started);
    }

    /** Those that are installed, up and listening. */
    static List<Peer> installed(String value) throws IOException {
        var peers = new ArrayList<Peer>();
        var redis = executable("redis-server");
        if (redis.isPresent()) {
            var set = "*3\r\n$3\r\nSET\r\n$4\r\nleaf\r\n$" + value.length() + "\r\n" + value + "\r\n";
            peers.add(new Peer(
                    "Redis, appendfsync always",
                    List.of(
                            redis.get(),
                            "--port",
                            "PORT",
                            "--bind",
                            "127.0.0.1",
                            "--dir",
                            "DATA",
                            "--save",
                            "",
                            "--appendonly",
                            "yes",
                            "--appendfsync",
                            "always"),
                    port -> redis(port, set.getBytes(US_ASCII))));
        }
        var etcd = executable("etcd");
        if (etcd.isPresent()) {
            var encoder = Base64.getEncoder();
            var body = "{\"key\":\"" + encoder.encodeToString("leaf".getBytes(US_ASCII))
                    + "\",\"value\":\""
                    + encoder.encodeToString(value.getBytes(US_ASCII))
                    + "\"}";
            var client = "http://127.0.0.1:PORT";
            var cluster = "http://127.0.0.1:OTHER";
            var server = new Peer(
                    ETCD,
                    List.of(
                            etcd.get(),
                            "--data-dir",
                            "DATA/etcd",
                            "--listen-client-urls",
                            client,
                            "--advertise-client-urls",
                            client,
                            "--listen-peer-urls",
                            cluster,
                            "--log-level",
                            "error"),
                    port -> Caller.requests(port, WireClient.request("POST", "/v3/kv/put", body))
                            .open());
            peers.add(server);
            peers.add(new Peer(ETCD_GRPC, server, port -> {
                var grpc = new GrpcClient(port, "/etcdserverpb.KV/Put", put("leaf", value));
                return Caller.of(grpc, grpc::call);
            }));
        }
        return peers;
    }

    private static Caller redis(int port, byte[] set) throws IOException {
        var client = new WireClient(port);
        return Caller.of(client, () -> {
            if (!client.line(set).equals("+OK")) {
                throw new IOException("Redis refuses");
            }
        });
    }

    /** A PutRequest of etcd in protobuf: the first field is the key, the second the value, each shorter than 128 bytes. */
    private static byte[] put(String key, String value) {
        var message = new ByteArrayOutputStream();
        message.write(0x0a);
        message.write(key.length());
        message.writeBytes(key.getBytes(US_ASCII));
        message.write(0x12);
        message.write(value.length());
        message.writeBytes(value.getBytes(US_ASCII));
        return message.toByteArray();
    }

    private static Optional<String> executable(String name) {
        for (var folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            var file = Path.of(folder, name);
            if (Files.isExecutable(file)) {
                return Optional.of(file.toString());
            }
        }
        return Optional.empty();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void await(Process started) throws IOException {
        var since = System.nanoTime();
        while (!serves()) {
            if (System.nanoTime() - since > DEADLINE || !started.isAlive()) {
                started.destroyForcibly();
                throw new IOException(name + " does not come up");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private boolean serves() {
        try (var caller = writing.open(port)) {
            caller.call();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    String name() {
        return name;
    }

    /** Durable writes over kept connections. */
    Caller.Opening opening() {
        return () -> writing.open(port);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (process != null && data != null) {
            process.destroyForcibly().waitFor();
            new ProcessBuilder("rm", "-rf", data.toString()).start().waitFor();
        }
    }
}
