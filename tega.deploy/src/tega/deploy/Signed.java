package tega.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The signature of a jar, in a file beside it: that of the jar with {@code .sig} behind its name. */
final class Signed {
    static final String SUFFIX = ".sig";

    private Signed() {}

    /** Null when there is none. */
    static @Nullable String beside(String place) {
        try {
            var file = Path.of(place + SUFFIX);
            return Files.exists(file) ? Files.readString(file).strip() : null;
        } catch (IOException | InvalidPathException e) {
            return null;
        }
    }
}
