package tega.plugins.openwrt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The programs of this machine. What they write goes through a file, so that nobody has to read while they run. */
final class SystemPrograms implements Programs {
    @Override
    public Ended run(List<String> command, Duration deadline) throws IOException {
        var output = Files.createTempFile("tega", ".out");
        try {
            var process = new ProcessBuilder(command)
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException("'" + command.get(0) + "' has not ended within " + deadline.toSeconds() + " s");
            }
            return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while '" + command.get(0) + "' ran", e);
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
