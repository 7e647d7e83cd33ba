package tega.bench;

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

/** Another database as Debian packs it, with every write on the disk before it is acknowledged. */
final class Peer implements AutoCloseable {
    private static final long DEADLINE = TimeUnit.SECONDS.toNanos(30);

    private final String name;
    private final Process process;
    private final int port;
    private final Path data;
    private final byte[] write;
    private final boolean http;

    private Peer(String name, List<String> command, byte[] write, boolean http) throws IOException {
        this.name = name;
        this.write = write;
        this.http = http;
        data = Files.createTempDirectory("bench");
        port = freePort();
        var words = new ArrayList<String>();
        for (var word : command) {
            words.add(word.replace("PORT", Integer.toString(port))
                    .replace("OTHER", Integer.toString(freePort()))
                    .replace("DATA", data.toString()));
        }
        process = new ProcessBuilder(words)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        await();
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
                    set.getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                    false));
        }
        var etcd = executable("etcd");
        if (etcd.isPresent()) {
            var encoder = Base64.getEncoder();
            var body =
                    "{\"key\":\"" + encoder.encodeToString("leaf".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                            + "\",\"value\":\""
                            + encoder.encodeToString(value.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                            + "\"}";
            var client = "http://127.0.0.1:PORT";
            var cluster = "http://127.0.0.1:OTHER";
            peers.add(new Peer(
                    "etcd, JSON gateway",
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
                    WireClient.request("POST", "/v3/kv/put", body),
                    true));
        }
        return peers;
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

    private void await() throws IOException {
        var since = System.nanoTime();
        while (!listens()) {
            if (System.nanoTime() - since > DEADLINE || !process.isAlive()) {
                process.destroyForcibly();
                throw new IOException(name + " does not come up");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private boolean listens() {
        try (var client = new WireClient(port)) {
            put(client);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    /** One durable write over a kept connection. */
    void put(WireClient client) throws IOException {
        var well = http ? client.exchange(write) == 200 : client.line(write).equals("+OK");
        if (!well) {
            throw new IOException(name + " refuses");
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        new ProcessBuilder("rm", "-rf", data.toString()).start().waitFor();
    }
}
