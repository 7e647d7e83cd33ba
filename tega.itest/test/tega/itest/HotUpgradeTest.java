package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tega.api.Edit;
import tega.api.NumberValue;
import tega.api.TegaException;
import tega.api.WatchEvent;
import tega.api.WatchRequest;
import tega.client.HttpConnector;

/**
 * Parts of a server are exchanged while it is used: sixteen clients write, four watch, one calls. Nothing acknowledged is lost,
 * nobody who watches misses or repeats anything, and whoever must wait is told so. Nothing of the old build stays.
 */
@Timeout(240)
class HotUpgradeTest {
    private static final int WRITERS = 16;
    private static final int WATCHERS = 4;
    private static final String[] QUICK = {"-Dtega.deploy.window=300", "-Dtega.deploy.patience=15000"};
    private static final int AGAIN = Boolean.getBoolean("tega.nightly") ? 100 : 8;

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicLongArray written = new AtomicLongArray(WRITERS);
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong lastWrite = new AtomicLong(System.nanoTime());
    private final AtomicLong gap = new AtomicLong();
    private volatile boolean done;
    private volatile boolean finished;
    private volatile boolean reset;

    @Test
    void eachPartIsExchangedUnderLoad() throws Exception {
        var plugins = folder.resolve("plugins");
        Visitor.build(plugins.resolve("visitor.jar"), "1.0.0");
        var port = Integer.toString(freePort()); // one that the next build of the transport finds again
        var more = Stream.concat(Stream.of(QUICK), Stream.of("-e", plugins.toString(), "-p", port))
                .toArray(String[]::new);
        try (var rig = Rig.boot(folder.resolve("data"), more)) {
            List<Thread> crowd = new ArrayList<>();
            List<Seen> seen = new ArrayList<>();
            for (var i = 0; i < WRITERS; i++) {
                var number = i;
                crowd.add(thread("writer-" + i, () -> write(rig.address(), number)));
            }
            for (var i = 0; i < WATCHERS; i++) {
                var watcher = new Seen();
                seen.add(watcher);
                crowd.add(thread("watcher-" + i, () -> watch(rig.address(), watcher)));
            }
            crowd.add(thread("caller", () -> call(rig.address())));
            crowd.forEach(Thread::start);
            for (var name : List.of(
                    "tega.store",
                    "tega.log",
                    "tega.json",
                    "tega.rpc",
                    "tega.messaging",
                    "tega.access",
                    "tega.sync",
                    "tega.system",
                    "tega.shell",
                    "tega.transport.http")) {
                exchange(rig, name);
            }
            done = true;
            var writers = crowd.stream().filter(thread -> !thread.getName().startsWith("watcher"));
            join(writers.toList());
            for (var i = 0;
                    i < WRITERS;
                    i++) { // for whoever is connecting at this moment, and waits for something to happen
                assertThat(rig.put("/load/w" + i, Long.toString(written.incrementAndGet(i)))
                                .statusCode())
                        .isEqualTo(200);
            }
            finished = true;
            join(crowd);
            assertThat(faults).isEmpty();
            assertThat(calls.get()).isPositive();
            for (var i = 0; i < WRITERS; i++) {
                assertThat(written.get(i)).as("writer " + i).isGreaterThan(1);
                assertThat(rig.get("/load/w" + i).body()).isEqualTo(Long.toString(written.get(i)));
            }
            for (var watcher : seen) {
                for (var i = 0; i < WRITERS; i++) {
                    assertThat(watcher.last.get(i))
                            .as("what was watched last; the last failure was: " + watcher.failure)
                            .isEqualTo(written.get(i));
                }
            }
        }
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (var thread : threads) {
            thread.join(Rig.DEADLINE.toMillis());
            assertThat(thread.isAlive())
                    .as(() -> thread.getName() + " at " + List.of(thread.getStackTrace()))
                    .isFalse();
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Thread thread(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private void exchange(Rig rig, String name) throws Exception {
        var jar = Visitor.rebuild(name, folder.resolve(name + ".jar"), "0.1.1");
        var before = total();
        await("writes before", () -> total() > before + WRITERS);
        gap.set(0);
        lastWrite.set(System.nanoTime());
        if (name.equals("tega.transport.http")) {
            reset = true; // it takes its connections with it
        }
        install(rig, jar);
        await(name + " is committed", () -> get(rig, "/_bundles/" + name).contains("\"stage\":\"committed\""));
        var after = total();
        await("writes after " + name, () -> total() > after + WRITERS);
        System.out.printf("hot upgrade: %s: no write was acknowledged for %d ms%n", name, gap.get() / 1_000_000);
    }

    private static String get(Rig rig, String path) {
        try {
            return rig.get(path).body();
        } catch (java.io.UncheckedIOException e) {
            return ""; // the connection went with the transport
        }
    }

    private void install(Rig rig, Path jar) throws Exception {
        try {
            var answer = http.send(
                    HttpRequest.newBuilder(rig.address().resolve("/_bundles"))
                            .header("Content-Type", "application/octet-stream")
                            .POST(BodyPublishers.ofFile(jar))
                            .timeout(Rig.DEADLINE)
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        } catch (IOException e) {
            assertThat(reset)
                    .as("only the transport takes connections with it: " + e)
                    .isTrue();
        }
    }

    private interface Condition {
        boolean holds();
    }

    private void await(String what, Condition condition) throws InterruptedException {
        var until = System.nanoTime() + Rig.DEADLINE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what + "; " + faults).isLessThan(until);
            Thread.sleep(20);
        }
    }

    private long total() {
        var total = 0L;
        for (var i = 0; i < WRITERS; i++) {
            total += written.get(i);
        }
        return total;
    }

    private void write(URI server, int number) {
        while (!done) {
            var next = written.get(number) + 1;
            if (send("PUT", server.resolve("/load/w" + number), Long.toString(next))) {
                written.set(number, next);
                var now = System.nanoTime();
                var before = lastWrite.getAndSet(now);
                gap.accumulateAndGet(now - before, Math::max);
            }
        }
    }

    private void call(URI server) {
        while (!done) {
            if (send("POST", server.resolve("/_rpc?path=visitor.version"), "{\"args\":[],\"kwargs\":{}}")) {
                calls.incrementAndGet();
            }
        }
    }

    /** Whether it was done; what may be tried again waits as long as it is told to. */
    private boolean send(String method, URI uri, String body) {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(uri)
                            .method(method, BodyPublishers.ofString(body))
                            .timeout(Rig.DEADLINE)
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                return true;
            }
            if (answer.statusCode() != 503
                    || answer.headers().firstValue("Retry-After").isEmpty()) {
                // while calls are being exchanged nobody answers for a path
                if (answer.statusCode() != 404 || !method.equals("POST")) {
                    faults.add(method + " " + uri + ": " + answer.statusCode() + " " + answer.body());
                }
            }
            Thread.sleep(20);
        } catch (IOException e) {
            if (!reset) {
                faults.add(method + " " + uri + ": " + e);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return false;
    }

    /** What one watcher has seen of each writer. */
    private static final class Seen {
        private final AtomicLongArray last = new AtomicLongArray(WRITERS);

        private volatile String failure = "";

        void last(TegaException e) {
            failure = e.line();
        }

        boolean isAt(AtomicLongArray written) {
            for (var i = 0; i < WRITERS; i++) {
                if (last.get(i) != written.get(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    private void watch(URI server, Seen seen) {
        var revision = 0L;
        var until = Long.MAX_VALUE;
        while (System.nanoTime() < until && !(finished && seen.isAt(written))) {
            try (var connection = new HttpConnector()
                            .connect(server, Thread.currentThread().getName(), null);
                    var watch = connection
                            .tega()
                            .watch(WatchRequest.of(tega.api.PathPattern.subtree(tega.api.Path.of("load")))
                                    .from(revision))) {
                while (!(finished && seen.isAt(written))) {
                    var event = watch.take(Duration.ofMillis(100));
                    if (event.isPresent() && event.get() instanceof WatchEvent.Changed changed) {
                        revision = changed.change().commit().revision();
                        changed.change().edits().forEach(edit -> look(seen, edit));
                    } else if (event.isPresent() && event.get() instanceof WatchEvent.Compacted) {
                        faults.add("a watcher was told that " + revision + " is compacted");
                    }
                    if (finished && until == Long.MAX_VALUE) {
                        until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                    }
                    if (System.nanoTime() > until) {
                        return;
                    }
                }
                return;
            } catch (TegaException e) {
                // It connects again and goes on where it was.
                seen.last(e);
                if (finished && until == Long.MAX_VALUE) {
                    until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Every writer counts by one: what is seen is the same once more, or the next. */
    private void look(Seen seen, Edit edit) {
        if (edit instanceof Edit.Put put && put.value() instanceof NumberValue number) {
            var writer = Integer.parseInt(edit.path().names().get(1).substring(1));
            var before = seen.last.getAndSet(writer, number.longValue());
            // a write that was not acknowledged may have happened, and is repeated
            if (number.longValue() != before + 1 && number.longValue() != before) {
                faults.add("a watcher saw " + number + " after " + before + " at " + edit.path());
            }
        }
    }

    @Test
    void nothingOfTheOldBuildsStays() throws Exception {
        try (var rig = Rig.boot(folder.resolve("data"), QUICK)) {
            var part = "tega.store";
            for (var i = 1; i <= 2; i++) { // what is made once is made
                install(rig, Visitor.rebuild(part, folder.resolve("warm.jar"), "0.1." + i));
            }
            var before = Figures.of(rig);
            for (var i = 1; i <= AGAIN; i++) {
                install(rig, Visitor.rebuild(part, folder.resolve("again.jar"), "0.2." + i));
            }
            var after = Figures.of(rig);
            System.out.println("hot upgrade: before " + before + ", after " + AGAIN + " more " + after);
            assertThat(after.loaders()).as("class loaders of bundles").isEqualTo(before.loaders());
            assertThat(after.handles()).as("open files").isLessThanOrEqualTo(before.handles() + 2);
            assertThat(after.threads()).as("threads").isLessThanOrEqualTo(before.threads() + 4);
        }
    }

    /** What a server holds on to. */
    private record Figures(long loaders, long handles, long threads) {
        static Figures of(Rig rig) throws Exception {
            var loaders = 0L;
            for (var i = 0; i < 3; i++) {
                jcmd(rig, "GC.run");
            }
            for (var line : jcmd(rig, "VM.classloader_stats")) {
                loaders += line.contains("BundleClassLoader") ? 1 : 0;
            }
            try (var handles = Files.list(Path.of("/proc/" + rig.pid() + "/fd"))) {
                return new Figures(loaders, handles.count(), rig.status("Threads"));
            }
        }

        private static List<String> jcmd(Rig rig, String command) throws Exception {
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(rig.pid()),
                            command)
                    .redirectErrorStream(true)
                    .start();
            var lines = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(process.waitFor()).as(() -> lines.toString()).isZero();
            return lines;
        }
    }
}
