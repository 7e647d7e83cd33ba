package tega.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What follows from a fault that was told in one line: stack traces for who looks for them, not for the terminal. */
final class Aftermath {
    /** In the data folder. */
    static final String FILE = "failure.log";

    private final Path file;
    private final boolean shown;

    /** Goes to a file in {@code data}, unless it is to be {@code shown}. */
    Aftermath(Path data, boolean shown) {
        this.file = data.resolve(FILE);
        this.shown = shown;
    }

    /** From now on; where the file cannot be written, it is nowhere. */
    void begin() {
        if (!shown) {
            System.setErr(new PrintStream(target(), true, StandardCharsets.UTF_8));
        }
    }

    private OutputStream target() {
        try {
            return Files.newOutputStream(file);
        } catch (IOException e) {
            return OutputStream.nullOutputStream();
        }
    }
}
