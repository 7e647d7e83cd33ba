package tega.plugins.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs the programs of the machine. */
public final class Tools {
    /** What a program said. {@code rc} is its exit status. */
    public record Said(int rc, String out, String err) {
        /** Whether it ended well. */
        public boolean ok() {
            return rc == 0;
        }
    }

    private final Executor background;
    private final Duration patience;

    /** @param background threads that may block */
    public Tools(Executor background, Duration patience) {
        this.background = background;
        this.patience = patience;
    }

    /** Runs {@code words} with {@code input} and waits for its end; kills it when that takes too long. */
    public Said run(List<String> words, String input) throws IOException {
        return run(words, input, patience);
    }

    /** The same with a patience of its own. */
    public Said run(List<String> words, String input, Duration longest) throws IOException {
        var process = new ProcessBuilder(words).start();
        var err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()), background);
        var out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()), background);
        try {
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It ended before it read all; what it says tells why.
            }
            if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                throw new IOException("'" + words.get(0) + "' did not end within " + longest.toSeconds() + " s");
            }
            // A child that outlives it may hold its output open, and after the end of the server nobody reads.
            return new Said(
                    process.exitValue(),
                    out.get(longest.toMillis(), TimeUnit.MILLISECONDS),
                    err.get(longest.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("what '" + words.get(0) + "' said cannot be read", e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Does {@code work} beside others. */
    <T> CompletableFuture<T> background(Callable<T> work) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.call();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                background);
    }

    private static String text(InputStream in) {
        try (in) {
            var bytes = new ByteArrayOutputStream();
            in.transferTo(bytes);
            return bytes.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
