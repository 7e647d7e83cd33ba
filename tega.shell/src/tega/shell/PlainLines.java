package tega.shell;

import java.io.BufferedReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;

/** Lines from a pipe, a file or an option: no prompt, no echo. */
final class PlainLines implements Lines {
    private final BufferedReader reader;

    PlainLines(BufferedReader reader) {
        this.reader = reader;
    }

    @Override
    public @Nullable String command(String prompt) {
        return value();
    }

    @Override
    public @Nullable String value() {
        try {
            return reader.readLine();
        } catch (IOException e) {
            throw new TegaException.Unavailable("the commands cannot be read: " + e.getMessage(), e);
        }
    }
}
