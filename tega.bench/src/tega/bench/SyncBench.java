package tega.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * What it costs that there is more than one server: a global and two local ones, packed, over the loopback. Each figure is told
 * beside its aim.
 */
final class SyncBench {
    private static final Path HOME = Path.of(System.getProperty("tega.home"));
    private static final long TURN = TimeUnit.SECONDS.toNanos(5);
    private static final int MISSED = 19_200;
    private static final int WRITERS = 64;
    private static final String VALUE = "\"" + "x".repeat(48) + "\"";

    private SyncBench() {}

    static void run() throws Exception {
        var global = server("global", List.of());
        try (var top = global.live()) {
            var up = List.of("-H", "127.0.0.1", "-P", Integer.toString(top.port()), "-C", "cfg");
            try (var one = server("local1", up).live();
                    var two = server("local2", up).live()) {
                put(top.port(), "/cfg/leaf", VALUE);
                await(one.port(), "/cfg/leaf");
                await(two.port(), "/cfg/leaf");
                commits(top.port(), one.port());
                calls(one.port(), two.port());
            }
            catchUp(top.port(), up);
        }
        try (var fresh = server("global", List.of()).live()) {
            LinksBench.run(fresh);
        }
    }

    private static Contender server(String id, List<String> more) {
        var command = new ArrayList<>(List.of(
                "env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                HOME.resolve("bin/tega").toString(),
                "server",
                "--daemon",
                "-t",
                id,
                "-p",
                "PORT",
                "-d",
                "DATA"));
        command.addAll(more);
        return new Contender(id, command);
    }

    private static void put(int port, String path, String value) throws IOException {
        try (var client = new WireClient(port)) {
            var status = client.exchange(WireClient.request("PUT", path, value));
            if (status != 200) {
                throw new IOException("status " + status);
            }
        }
    }

    private static void await(int port, String path) throws Exception {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        try (var client = new WireClient(port)) {
            var get = WireClient.request("GET", path, "");
            while (client.exchange(get) != 200) {
                if (System.nanoTime() > end) {
                    throw new IOException(path + " never came");
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }

    /** From sending a PUT to the global server to its answer, and to the notice of a local server. */
    private static void commits(int top, int local) throws IOException {
        try (var writer = new WireClient(top);
                var watcher = new WireClient(local)) {
            watcher.upgrade();
            watcher.send("SESSION watcher local");
            watcher.receive();
            watcher.send("SUBSCRIBE cfg local");
            watcher.send("UNSUBSCRIBE x");
            watcher.receive();
            var put = WireClient.request("PUT", "/cfg/leaf", VALUE);
            var answered = new ArrayList<Long>();
            var applied = new ArrayList<Long>();
            for (var round = 0; round < 2; round++) {
                answered.clear();
                applied.clear();
                for (var end = System.nanoTime() + TURN; System.nanoTime() < end; ) {
                    var began = System.nanoTime();
                    writer.exchange(put);
                    answered.add(System.nanoTime() - began);
                    watcher.receive();
                    applied.add(System.nanoTime() - began);
                }
            }
            var commit = median(answered);
            tell("commit at the global server, p50", micros(commit), "");
            tell("the same until applied at a local one, p50", micros(median(applied)), "2 x = " + micros(2 * commit));
        }
    }

    private static void calls(int one, int two) throws IOException {
        var near = call(two, "tega.sync.local2.conflicts");
        var far = call(one, "tega.sync.local2.conflicts");
        tell("call answered on the same server, p50", micros(near), "");
        tell("call local -> global -> local, p50", micros(far), "5 x = " + micros(5 * near));
    }

    private static long call(int port, String path) throws IOException {
        try (var client = new WireClient(port)) {
            var request = WireClient.request("POST", "/_rpc?path=" + path, "{\"args\":[],\"kwargs\":{}}");
            var nanos = new ArrayList<Long>();
            for (var round = 0; round < 2; round++) {
                nanos.clear();
                for (var end = System.nanoTime() + TURN; System.nanoTime() < end; ) {
                    var began = System.nanoTime();
                    var status = client.exchange(request);
                    if (status != 200) {
                        throw new IOException("status " + status);
                    }
                    nanos.add(System.nanoTime() - began);
                }
            }
            return median(nanos);
        }
    }

    /** A server that was never there before takes over so many commits. */
    private static void catchUp(int top, List<String> up) throws Exception {
        var writers = Executors.newFixedThreadPool(WRITERS);
        try {
            var writes = new ArrayList<Callable<Integer>>();
            for (var i = 0; i < WRITERS; i++) {
                var own = "/cfg/w" + i + "/n";
                writes.add(() -> {
                    try (var client = new WireClient(top)) {
                        for (var n = 0; n < MISSED / WRITERS; n++) {
                            client.exchange(WireClient.request("PUT", own + n % 50, VALUE));
                        }
                        return 0;
                    }
                });
            }
            for (var written : writers.invokeAll(writes)) {
                written.get();
            }
        } finally {
            writers.shutdownNow();
        }
        put(top, "/cfg/last", VALUE);
        var connected = new long[1];
        var looking = new Thread(() -> connected[0] = whenConnected(top));
        looking.start();
        try (var late = server("local3", up).live()) {
            await(late.port(), "/cfg/last");
            var done = System.nanoTime();
            looking.join();
            var rate = (long) (MISSED / ((done - connected[0]) / 1e9));
            tell("catch-up, commits/s, at least", Long.toString(rate), "20000");
        }
    }

    /** When the global server first says that the late one has come. */
    private static long whenConnected(int top) {
        var client = HttpClient.newHttpClient();
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + top + "/_peers"))
                .build();
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        try {
            while (System.nanoTime() < end) {
                if (client.send(request, BodyHandlers.ofString()).body().contains("\"local3\":{\"connected\":true")) {
                    return System.nanoTime();
                }
                TimeUnit.MILLISECONDS.sleep(2);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the global server does not tell", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return end;
    }

    private static long median(List<Long> nanos) {
        var sorted = nanos.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String micros(long nanos) {
        return nanos / 1000 + " us";
    }

    private static void tell(String what, String figure, String aim) {
        System.out.printf("%-48s %12s %s%n", what, figure, aim.isEmpty() ? "" : "  aim " + aim);
    }
}
