package tega.itest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One server in a process of its own, started with the installed {@code bin/tega} on a free port, known only by what
 * everybody can know: what it prints, what it answers, how it ends. Every wait has a deadline; closing kills.
 */
final class Rig implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(60);

    private static final Pattern READY = Pattern.compile("tega (\\S+) ready at (\\S+) data (.+) in (\\d+) ms");

    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Matcher> ready = new CompletableFuture<>();
    private final List<Thread> readers;
    private final HttpClient http = HttpClient.newHttpClient();

    private Rig(Process process) {
        this.process = process;
        readers = List.of(follow(process.getInputStream(), output), follow(process.getErrorStream(), errors));
    }

    /** Boots a server on this data folder and waits until it says that it is ready. */
    static Rig boot(Path data, String... options) {
        Rig rig = start(Installation.home(), data, options);
        rig.awaitReady();
        return rig;
    }

    /**
     * Starts a server of this installation without waiting; on a free port unless {@code -p} is given. Options that begin with
     * {@code -D} are properties of its JVM.
     */
    static Rig start(Path home, Path data, String... options) {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/tega").toString(), "server", "--daemon"));
        command.addAll(List.of("-d", data.toString()));
        List<String> flags = new ArrayList<>();
        for (String option : options) {
            (option.startsWith("-D") ? flags : command).add(option);
        }
        if (!command.contains("-p")) {
            command.addAll(List.of("-p", "0"));
        }
        return run(command, String.join(" ", flags));
    }

    /** Starts any command as if it were a server; {@code JAVA_HOME} is the Java of the tests. */
    static Rig run(List<String> command) {
        return run(command, "");
    }

    private static Rig run(List<String> command, String flags) {
        ProcessBuilder builder = new ProcessBuilder(command);
        if (!flags.isEmpty()) {
            builder.environment().put("TEGA_JAVA_OPTS", flags);
        }
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        try {
            return new Rig(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitReady() {
        try {
            ready.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            kill();
            throw new AssertionError("no server came up; stdout " + output + " stderr " + errors, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    URI address() {
        return URI.create(ready.join().group(2));
    }

    /** The milliseconds from exec to serving, as the server itself says. */
    long startMillis() {
        return Long.parseLong(ready.join().group(4));
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(address().resolve(path)).GET());
    }

    HttpResponse<String> put(String path, String json) {
        return send(HttpRequest.newBuilder(address().resolve(path)).PUT(BodyPublishers.ofString(json)));
    }

    HttpResponse<String> post(String path, String json) {
        return send(HttpRequest.newBuilder(address().resolve(path)).POST(BodyPublishers.ofString(json)));
    }

    HttpResponse<String> delete(String path) {
        return send(HttpRequest.newBuilder(address().resolve(path)).DELETE());
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(DEADLINE).build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    List<String> output() {
        return List.copyOf(output);
    }

    List<String> errors() {
        return List.copyOf(errors);
    }

    /** {@code kill -9}: nothing of the server gets to run. */
    void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** SIGTERM; returns how long the end took. */
    Duration stop() {
        long before = System.nanoTime();
        process.destroy();
        awaitExit();
        return Duration.ofNanos(System.nanoTime() - before);
    }

    int awaitExit() {
        try {
            if (!process.waitFor(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it does not end; stdout " + output + " stderr " + errors);
            }
            for (Thread reader : readers) {
                reader.join(DEADLINE.toMillis()); // what it said last may still be on its way
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** A number of {@code /proc/<pid>/status}, for example {@code VmRSS} (kB) or {@code Threads}. */
    long status(String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith(field + ":")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IllegalArgumentException(field);
    }

    @Override
    public void close() {
        kill();
    }

    private Thread follow(InputStream stream, List<String> lines) {
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader in =
                            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        in.lines().forEach(line -> {
                            lines.add(line);
                            Matcher matcher = READY.matcher(line);
                            if (matcher.matches()) {
                                ready.complete(matcher);
                            }
                        });
                    } catch (IOException | UncheckedIOException e) {
                        lines.add("(" + e.getMessage() + ")");
                    }
                    ready.completeExceptionally(
                            new IllegalStateException("it ended")); // of no effect once it was ready
                },
                "rig " + process.pid());
        reader.setDaemon(true);
        reader.start();
        return reader;
    }
}
