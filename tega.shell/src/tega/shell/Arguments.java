package tega.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tega.api.TegaException;

/** The words of a command that has no value in its tail: options with a value each, and the rest in order. */
final class Arguments {
    private final Command command;
    private final List<String> words = new ArrayList<>();
    private final Map<String, String> options = new HashMap<>();
    private int next;

    /** Reads {@code tail}; {@code flags} are options without a value, {@code valued} those with one. */
    Arguments(Command command, Tail tail, Set<String> flags, Set<String> valued) {
        this.command = command;
        while (!tail.isEmpty()) {
            var word = tail.word();
            if (valued.contains(word)) {
                if (tail.isEmpty()) {
                    throw wrong("the option " + word + " needs a value");
                }
                options.put(word, Tail.unquoted(tail.word()));
            } else if (flags.contains(word)) {
                options.put(word, "");
            } else if (word.length() > 1 && word.charAt(0) == '-' && !isNumber(word)) {
                throw wrong("there is no option " + word);
            } else {
                words.add(word);
            }
        }
    }

    private static boolean isNumber(String word) {
        return word.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
    }

    /** The value of an option, empty text for a flag. */
    Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /** The number given to an option, or {@code otherwise}. */
    int number(String option, int otherwise) {
        var text = options.get(option);
        if (text == null) {
            return otherwise;
        }
        try {
            var number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw wrong("'" + text + "' after " + option + " is not a positive number");
    }

    /** Whether there is another word. */
    boolean hasNext() {
        return next < words.size();
    }

    /** The next word; {@code INVALID} with the syntax when there is none. */
    String next(String what) {
        if (!hasNext()) {
            throw wrong("the " + what + " is missing");
        }
        return words.get(next++);
    }

    /** The next word, if there is one. */
    Optional<String> maybe() {
        return hasNext() ? Optional.of(words.get(next++)) : Optional.empty();
    }

    /** The next word as a number; {@code INVALID} when it is none. */
    long number(String what) {
        var word = next(what);
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw wrong("the " + what + " '" + word + "' is not a number");
        }
    }

    /** The next word as a number, if there is one. */
    OptionalLong maybeNumber(String what) {
        return hasNext() ? OptionalLong.of(number(what)) : OptionalLong.empty();
    }

    /** Whether the next word is a number. */
    boolean nextIsNumber() {
        if (!hasNext()) {
            return false;
        }
        var word = words.get(next);
        var digits = word.startsWith("-") ? word.substring(1) : word;
        return !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** {@code INVALID} when words are left over. */
    Arguments end() {
        if (hasNext()) {
            throw wrong("'" + words.get(next) + "' is one word too many");
        }
        return this;
    }

    private TegaException wrong(String what) {
        return new TegaException.Invalid(what + "; it is: " + command.syntax());
    }
}
