package tega.bench;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Something that serves HTTP once it is executed.
 *
 * @param name what the table calls it
 * @param command what is executed; "PORT" and "DATA" in it are replaced for each run
 */
record Contender(String name, List<String> command) {
    private static final long DEADLINE = TimeUnit.SECONDS.toNanos(60);
    private static final long SETTLE = TimeUnit.SECONDS.toNanos(3);

    /** One run: a new process, its first good answer, and what it holds three seconds later. */
    Run run() throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("bench");
        int port = freePort();
        long before = System.nanoTime();
        Process process = start(port, data);
        try {
            awaitAnswer(process, port, before);
            long nanos = System.nanoTime() - before;
            settle();
            return new Run(TimeUnit.NANOSECONDS.toMillis(nanos), status(process, "VmRSS") / 1024.0, (int)
                    status(process, "Threads"));
        } finally {
            process.destroyForcibly().waitFor();
            delete(data);
        }
    }

    /** Comes up, answers once and is asked to stop: for a Java that writes an archive when it ends. */
    void rehearse() throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("bench");
        int port = freePort();
        Process process = start(port, data);
        awaitAnswer(process, port, System.nanoTime());
        process.destroy();
        process.waitFor();
        delete(data);
    }

    /** Up and answering, until closed. */
    record Live(Process process, int port, Path data) implements AutoCloseable {
        @Override
        public void close() throws IOException, InterruptedException {
            process.destroyForcibly().waitFor();
            delete(data);
        }
    }

    /** Comes up and stays. */
    Live live() throws IOException {
        Path data = Files.createTempDirectory("bench");
        int port = freePort();
        Process process = start(port, data);
        awaitAnswer(process, port, System.nanoTime());
        return new Live(process, port, data);
    }

    private Process start(int port, Path data) throws IOException {
        List<String> words = new ArrayList<>();
        command.forEach(
                word -> words.add(word.replace("PORT", Integer.toString(port)).replace("DATA", data.toString())));
        return new ProcessBuilder(words)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void awaitAnswer(Process process, int port, long since) throws IOException {
        while (!answers(port)) {
            if (System.nanoTime() - since > DEADLINE || !process.isAlive()) {
                throw new IOException(name + " does not come up: " + String.join(" ", command));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    private static void settle() {
        long until = System.nanoTime() + SETTLE;
        for (long left = SETTLE; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Asked with a bare socket: a client library would take its own time to start. */
    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            OutputStream out = socket.getOutputStream();
            out.write("GET /_health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(12), StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        } catch (IOException e) {
            return false;
        }
    }

    private static long status(Process process, String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith(field + ":")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no " + field);
    }

    private static void delete(Path folder) throws IOException, InterruptedException {
        new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
    }

    /**
     * What one run showed.
     *
     * @param millis from exec to the first 200
     * @param megabytes resident memory when idle
     * @param threads of the process when idle
     */
    record Run(long millis, double megabytes, int threads) {}
}
