package tega.launcher;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command line, understood: the argument of each option given, many joined by a comma.
 *
 * <p>{@code -p 80}, {@code -p80}, {@code --port 80} and {@code --port=80} are the same; an option that takes many
 * takes what follows up to the next option ({@code -C a b}), may be repeated, and splits at commas.
 */
final class Options {
    private final Map<Option, String> given = new EnumMap<>(Option.class);

    private Options() {}

    static Options parse(List<String> words) throws UsageException {
        Options options = new Options();
        Arguments arguments = new Arguments(words);
        while (arguments.hasNext()) {
            options.readOption(arguments.next(), arguments);
        }
        return options;
    }

    static String help() {
        return Stream.of(Option.values())
                .map(Option::help)
                .collect(Collectors.joining(
                        "",
                        "usage: tega server [options]\n\n",
                        "\nThe JVM is that of JAVA_HOME; flags for it: TEGA_JAVA_OPTS.\n"));
    }

    boolean has(Option option) {
        return given.containsKey(option);
    }

    Optional<String> get(Option option) {
        return Optional.ofNullable(given.get(option));
    }

    /** The arguments of an option that takes many; none when it was not given. */
    List<String> list(Option option) {
        return get(option).map(joined -> List.of(joined.split(","))).orElse(List.of());
    }

    private void readOption(String word, Arguments rest) throws UsageException {
        if (word.startsWith("--")) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            Option option = Option.byWord(name.substring(2)).orElseThrow(() -> unknown(name));
            take(option, equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1)), rest);
        } else if (word.startsWith("-") && word.length() > 1) {
            String name = word.substring(0, 2);
            Option option = Option.byLetter(name.charAt(1)).orElseThrow(() -> unknown(name));
            take(option, word.length() == 2 ? Optional.empty() : Optional.of(word.substring(2)), rest);
        } else {
            throw new UsageException("'" + word + "' belongs to no option");
        }
    }

    private static UsageException unknown(String name) {
        return new UsageException("unknown option " + name);
    }

    private void take(Option option, Optional<String> attached, Arguments rest) throws UsageException {
        if (option.takesNothing()) {
            if (attached.isPresent()) {
                throw new UsageException("--" + option.word + " takes nothing, not '" + attached.get() + "'");
            }
            given.put(option, "true");
        } else if (option.takesMany()) {
            add(option, first(option, attached, rest));
            while (attached.isEmpty() && rest.hasNextValue()) {
                add(option, rest.next());
            }
        } else if (given.put(option, option.read(first(option, attached, rest))) != null) {
            throw new UsageException("--" + option.word + " is given twice");
        }
    }

    private static String first(Option option, Optional<String> attached, Arguments rest) throws UsageException {
        if (attached.isEmpty() && !rest.hasNext()) {
            throw new UsageException("--" + option.word + " takes " + option.argument.expected());
        }
        return attached.isPresent() ? attached.get() : rest.next();
    }

    private void add(Option option, String values) throws UsageException {
        for (String value : values.split(",", -1)) {
            given.merge(option, option.read(value), (before, more) -> before + "," + more);
        }
    }
}
