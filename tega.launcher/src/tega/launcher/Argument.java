package tega.launcher;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * A kind of argument an option takes.
 *
 * @param expected what a person is told when the text is none of this kind
 * @param read the text as the bundles get it; empty when it is none of this kind
 */
record Argument(String expected, Function<String, Optional<String>> read) {
    static final Argument ANY = new Argument("a text", Optional::of);
    static final Argument WORD = new Argument("one word", Argument::word);
    static final Argument ROOT = new Argument("names of roots, which do not begin with '_'", Argument::root);
    static final Argument FOLDER = new Argument("a folder (without a comma in its name)", Argument::folder);
    static final Argument FILE = new Argument("a file or folder that is there", Argument::file);
    static final Argument SETTING = new Argument("NAME=NUMBER", Argument::setting);
    static final Argument LEVEL = new Argument("error, warn, info, debug or trace", Argument::level);

    static Argument number(int least, int most) {
        return new Argument("a number from " + least + " to " + most, text -> number(text, least, most));
    }

    private static Optional<String> number(String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            return number < least || number > most ? Optional.empty() : Optional.of(Integer.toString(number));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> word(String text) {
        return text.isEmpty() || text.chars().anyMatch(c -> c <= ' ') ? Optional.empty() : Optional.of(text);
    }

    private static Optional<String> root(String text) {
        return text.isEmpty() || text.startsWith("_") ? Optional.empty() : Optional.of(text);
    }

    private static Optional<String> folder(String text) {
        try {
            Path folder = Path.of(text).toAbsolutePath().normalize();
            return text.isEmpty() || folder.toString().contains(",")
                    ? Optional.empty()
                    : Optional.of(folder.toString());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> file(String text) {
        return folder(text).filter(path -> Files.exists(Path.of(path)));
    }

    private static Optional<String> setting(String text) {
        return text.matches("\\w+=\\w+") ? Optional.of(text) : Optional.empty();
    }

    private static Optional<String> level(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "error", "severe" -> Optional.of("SEVERE");
            case "warn", "warning" -> Optional.of("WARNING");
            case "info" -> Optional.of("INFO");
            case "debug", "fine" -> Optional.of("FINE");
            case "trace", "finest" -> Optional.of("FINEST");
            default -> Optional.empty();
        };
    }
}
