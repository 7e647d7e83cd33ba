package tega.plugins.openwrt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;

/**
 * Passwords by reference: {@code file:NAME} is the first line of a file of the folder of secrets, {@code env:NAME} a variable of
 * the environment. The tree travels; a password in it would too.
 */
final class Secrets {
    private final Path folder;
    private final Function<String, @Nullable String> environment;

    Secrets(Path folder, Function<String, @Nullable String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    /** The password that {@code reference} stands for, "" for "". */
    String get(String reference) {
        if (reference.isEmpty()) {
            return "";
        }
        var kind = reference.replaceFirst(":.*", "");
        var name = reference.substring(Math.min(reference.length(), kind.length() + 1));
        if (kind.equals("env")) {
            var value = environment.apply(name);
            if (value == null) {
                throw new TegaException.Unavailable(
                        "there is no variable '" + name + "' in the environment of the server");
            }
            return value;
        }
        if (!kind.equals("file") || !name.matches("[A-Za-z0-9_.-]+") || name.startsWith(".")) {
            throw new TegaException.Invalid("'" + reference + "' is no reference to a secret: file:NAME or env:NAME");
        }
        try (var lines = Files.lines(folder.resolve(name))) {
            return lines.findFirst().orElse("");
        } catch (IOException e) {
            throw new TegaException.Unavailable(
                    "the secret '" + name + "' cannot be read from the folder of secrets", e);
        }
    }
}
