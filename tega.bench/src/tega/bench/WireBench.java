package tega.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * What the wire costs beside its floors: a bare Jetty for requests, a bare fdatasync for durability. Everything takes its turn
 * in every round; the median of the rounds is told.
 */
final class WireBench {
    private static final Path HOME = Path.of(System.getProperty("tega.home"));
    private static final Path HELLO = Path.of(System.getProperty("hello.jar"));
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final long TURN = TimeUnit.SECONDS.toNanos(2);
    private static final int MANY = 32;
    private static final String VALUE = "\"" + "x".repeat(48) + "\"";

    /** What one turn showed: so many a second, and how long one takes, in nanoseconds. */
    private record Turn(double rate, long p50, long p99) {
        static Turn of(long[] nanos, long elapsed) {
            Arrays.sort(nanos);
            return new Turn(nanos.length * 1e9 / elapsed, nanos[nanos.length / 2], nanos[(int) (nanos.length * 0.99)]);
        }
    }

    /** One thing done again and again. */
    private interface Step {
        void run() throws IOException;
    }

    private final Map<String, List<Turn>> turns = new LinkedHashMap<>();

    private final List<Peer> peers;

    private WireBench(List<Peer> peers) {
        this.peers = peers;
    }

    static void run(String[] arguments) throws Exception {
        var rounds = arguments.length == 0 ? 4 : Integer.parseInt(arguments[0]);
        var hello = new Contender("bare Jetty", List.of(JAVA, "-Xmx64m", "-jar", HELLO.toString(), "PORT"));
        var tega = new Contender(
                "tega",
                List.of(
                        "env",
                        "JAVA_HOME=" + System.getProperty("java.home"),
                        HOME.resolve("bin/tega").toString(),
                        "server",
                        "--daemon",
                        "-p",
                        "PORT",
                        "-d",
                        "DATA"));
        try (var bare = hello.live();
                var server = tega.live()) {
            var peers = Peer.installed(VALUE);
            try {
                var bench = new WireBench(peers);
                bench.round(bare.port(), server.port()); // warms all
                bench.turns.clear();
                for (var i = 0; i < rounds; i++) {
                    bench.round(bare.port(), server.port());
                }
                bench.print(rounds);
            } finally {
                for (var peer : peers) {
                    peer.close();
                }
            }
        }
    }

    private void round(int bare, int tega) throws Exception {
        var hello = WireClient.request("GET", "/", "");
        var get = WireClient.request("GET", "/bench/leaf", "");
        var put = WireClient.request("PUT", "/bench/leaf", VALUE);
        try (var client = new WireClient(tega)) {
            expect(client, put);
        }
        for (var connections : new int[] {1, MANY}) {
            requests("hello", bare, connections, hello);
            requests("GET of a leaf", tega, connections, get);
        }
        turns.computeIfAbsent("fdatasync", name -> new ArrayList<>()).add(syncs());
        requests("durable PUT", tega, 1, put);
        requests("durable PUT", tega, MANY, put);
        for (var peer : peers) {
            many(peer.name(), 1, peer.opening());
            many(peer.name(), MANY, peer.opening());
        }
        notifications(tega);
        calls(tega);
    }

    private static void expect(WireClient client, byte[] request) throws IOException {
        var status = client.exchange(request);
        if (status != 200) {
            throw new IOException("status " + status);
        }
    }

    private void requests(String name, int port, int connections, byte[] request) throws Exception {
        many(name, connections, Caller.requests(port, request));
    }

    private void many(String name, int connections, Caller.Opening opening) throws Exception {
        var pool = Executors.newFixedThreadPool(connections);
        try {
            var workers = new ArrayList<Callable<long[]>>();
            for (var i = 0; i < connections; i++) {
                workers.add(() -> {
                    try (var caller = opening.open()) {
                        return times(caller::call);
                    }
                });
            }
            var began = System.nanoTime();
            var all = new ArrayList<long[]>();
            for (var result : pool.invokeAll(workers)) {
                all.add(result.get());
            }
            var elapsed = System.nanoTime() - began;
            var nanos = all.stream().flatMapToLong(Arrays::stream).toArray();
            add(named(name, connections), Turn.of(nanos, elapsed));
        } finally {
            pool.shutdownNow();
        }
    }

    private static String named(String name, int connections) {
        return name + ", " + connections + (connections == 1 ? " connection" : " connections");
    }

    private void add(String name, Turn turn) {
        turns.computeIfAbsent(name, key -> new ArrayList<>()).add(turn);
    }

    private static long[] times(Step step) throws IOException {
        var nanos = new long[1024];
        var count = 0;
        var end = System.nanoTime() + TURN;
        for (var now = System.nanoTime(); now < end; ) {
            step.run();
            var then = System.nanoTime();
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = then - now;
            now = then;
        }
        return Arrays.copyOf(nanos, count);
    }

    /** Writing as many bytes as a commit has into room that is there already, as the log does, and syncing them. */
    private static Turn syncs() throws IOException {
        var file = Files.createTempFile("bench", ".sync");
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var room = 4 << 20;
            channel.write(ByteBuffer.allocate(room));
            channel.force(true);
            var bytes = ByteBuffer.allocate(200);
            var at = new int[1];
            var began = System.nanoTime();
            var nanos = times(() -> {
                channel.write(bytes.rewind(), at[0]);
                at[0] = (at[0] + bytes.capacity()) % (room - bytes.capacity());
                channel.force(false);
            });
            return Turn.of(nanos, System.nanoTime() - began);
        } finally {
            Files.delete(file);
        }
    }

    /** From sending a PUT to having the NOTIFY on another connection. */
    private void notifications(int port) throws IOException {
        try (var writer = new WireClient(port);
                var watcher = new WireClient(port)) {
            watcher.upgrade();
            watcher.send("SESSION watcher local");
            watcher.receive();
            watcher.send("SUBSCRIBE watched local");
            watcher.send("UNSUBSCRIBE x");
            watcher.receive();
            var put = WireClient.request("PUT", "/watched/leaf", VALUE);
            var began = System.nanoTime();
            var nanos = times(() -> {
                expect(writer, put);
                watcher.receive();
            });
            add("PUT and its NOTIFY", Turn.of(nanos, System.nanoTime() - began));
        }
    }

    /** A request that a client on a WebSocket answers. */
    private void calls(int port) throws Exception {
        try (var caller = new WireClient(port);
                var callee = new WireClient(port)) {
            callee.upgrade();
            callee.send("SESSION callee local");
            callee.receive();
            expect(caller, WireClient.request("PUT", "/rpc/echo", "\"%callee.echo%\""));
            var answering = new Thread(() -> {
                try {
                    while (true) {
                        var request = callee.receive();
                        var words = request.substring(0, request.indexOf('\n')).split(" ", -1);
                        callee.send("RESPONSE " + words[1] + " RPC " + words[3] + "\n1");
                    }
                } catch (IOException e) {
                    // closed: there are no more calls
                    return;
                }
            });
            answering.start();
            var call = WireClient.request("POST", "/_rpc?path=rpc.echo", "{\"args\":[1],\"kwargs\":{}}");
            var began = System.nanoTime();
            var nanos = times(() -> expect(caller, call));
            add("RPC to a connected client", Turn.of(nanos, System.nanoTime() - began));
            callee.close();
            answering.join();
        }
    }

    private void print(int rounds) {
        System.out.printf(
                "Java %s, %d processors, client on the same machine, median of %d rounds in turns%n%n",
                System.getProperty("java.version"), Runtime.getRuntime().availableProcessors(), rounds);
        System.out.println("| | a second | p50, µs | p99, µs |");
        System.out.println("|---|---|---|---|");
        turns.forEach((name, list) -> System.out.printf(
                "| %s | %.0f | %.0f | %.0f |%n",
                name,
                median(list.stream().mapToDouble(Turn::rate).toArray()),
                p50(name),
                median(list.stream().mapToDouble(turn -> turn.p99() / 1e3).toArray())));
        System.out.println();
        System.out.println("| ratio | is | aim |");
        System.out.println("|---|---|---|");
        ratio("GET : hello, 1 connection", rate("GET of a leaf, 1 connection") / rate("hello, 1 connection"), "≥ 0.8");
        ratio(
                "GET : hello, 32 connections",
                rate("GET of a leaf, 32 connections") / rate("hello, 32 connections"),
                "≥ 0.8");
        ratio(
                "PUT p50 : fdatasync p50 + 1.3 × hello p50",
                p50("durable PUT, 1 connection") / (p50("fdatasync") + 1.3 * p50("hello, 1 connection")),
                "≤ 1");
        var put = rate("durable PUT, 32 connections");
        ratio("PUT : hello, 32 connections", put / rate("hello, 32 connections"), "≥ 0.35");
        for (var peer : peers) {
            ratio(
                    "PUT : " + peer.name() + ", 32 connections",
                    put / rate(named(peer.name(), MANY)),
                    peer.name().equals(Peer.ETCD) ? "≥ 8" : peer.name().equals(Peer.ETCD_GRPC) ? "≥ 1.5" : "");
        }
        if (peers.size() < 3) {
            System.out.println("(Redis or etcd is not installed: apt-get install redis-server etcd-server)");
        }
        ratio("NOTIFY p50 : PUT p50", p50("PUT and its NOTIFY") / p50("durable PUT, 1 connection"), "≤ 1.3");
        ratio("RPC p50 : hello p50", p50("RPC to a connected client") / p50("hello, 1 connection"), "≤ 3");
    }

    private double rate(String name) {
        return median(turns.getOrDefault(name, List.of()).stream()
                .mapToDouble(Turn::rate)
                .toArray());
    }

    private double p50(String name) {
        return median(turns.getOrDefault(name, List.of()).stream()
                .mapToDouble(turn -> turn.p50() / 1e3)
                .toArray());
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static void ratio(String name, double value, String aim) {
        System.out.printf("| %s | %.2f | %s |%n", name, value, aim);
    }
}
