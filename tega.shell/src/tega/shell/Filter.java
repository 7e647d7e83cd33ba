package tega.shell;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tega.api.TegaException;

/** What an answer can be piped through: {@code grep}, {@code head}, {@code tail} and {@code count}. */
@FunctionalInterface
interface Filter {
    /** What they are called; {@code match} is what network people say for grep. */
    List<String> NAMES = List.of("grep", "match", "head", "tail", "count");

    /** The lines that are left. */
    List<String> apply(List<String> lines);

    /** Whether {@code text} begins with the name of a filter. */
    static boolean isOne(String text) {
        var name = name(new Tail(text));
        return NAMES.contains(name);
    }

    /** The filter written as {@code text}, such as {@code grep -v x}; {@code INVALID} when there is no such one. */
    static Filter of(String text) {
        var tail = new Tail(text);
        var name = name(tail);
        return switch (name) {
            case "grep", "match" -> grep(tail);
            case "head" -> {
                var count = count(tail);
                yield lines -> lines.subList(0, Math.min(count, lines.size()));
            }
            case "tail" -> {
                var count = count(tail);
                yield lines -> lines.subList(Math.max(0, lines.size() - count), lines.size());
            }
            case "count" -> lines -> List.of(Integer.toString(lines.size()));
            default ->
                throw new TegaException.Invalid(
                        "an answer cannot be piped through '" + name + "'; there are grep, head, tail and count");
        };
    }

    /** With Gogo's scope or without. */
    private static String name(Tail tail) {
        var word = tail.word();
        return word.startsWith("tega:") ? word.substring(5) : word;
    }

    private static Filter grep(Tail tail) {
        var inverted = false;
        var flags = 0;
        while (tail.peek().startsWith("-") && tail.peek().length() > 1) {
            var option = tail.word();
            switch (option) {
                case "-v" -> inverted = true;
                case "-i" -> flags = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
                default ->
                    throw new TegaException.Invalid("grep has no option " + option + "; it is: grep [-v] [-i] REGEX");
            }
        }
        var text = Tail.unquoted(tail.rest());
        if (text.isEmpty()) {
            throw new TegaException.Invalid("grep needs an expression; it is: grep [-v] [-i] REGEX");
        }
        try {
            var pattern = Pattern.compile(text, flags);
            var keep = !inverted;
            return lines -> lines.stream()
                    .filter(line -> pattern.matcher(line).find() == keep)
                    .toList();
        } catch (PatternSyntaxException e) {
            throw new TegaException.Invalid("'" + text + "' is not a regular expression: " + e.getDescription());
        }
    }

    private static int count(Tail tail) {
        if (tail.isEmpty()) {
            return 10;
        }
        try {
            return Math.abs(Integer.parseInt(tail.rest()));
        } catch (NumberFormatException e) {
            throw new TegaException.Invalid("head and tail take a number of lines");
        }
    }
}
