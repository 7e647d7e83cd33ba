package tega.shell;

import java.util.List;
import java.util.Objects;

/**
 * One command: how it is called, what it is for, what its words are, and what it does.
 *
 * @param name what is typed
 * @param aliases what may be typed instead
 * @param topic under which heading {@code h} lists it
 * @param usage its words after the name, {@code PATH [VERSION]}
 * @param help what it is for, in a sentence
 * @param words what its words are, first to last, for completion; the last stands for all that follow
 * @param tail how what follows the name is read
 * @param action what it does
 */
record Command(
        String name,
        List<String> aliases,
        Topic topic,
        String usage,
        String help,
        List<Word> words,
        Reading tail,
        Action action) {

    /** The headings of the help, in their order. */
    enum Topic {
        DATA("Data"),
        DRAFTS("Transactions"),
        HISTORY("History"),
        MESSAGES("Messages and calls"),
        SERVER("Server"),
        SHELL("This shell");

        private final String title;

        Topic(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /** How what follows a name is read. */
    enum Reading {
        /** As words; a bar begins a filter. */
        WORDS,
        /** As words of which one is a regular expression; only a bar before a filter's name begins a filter. */
        EXPRESSION,
        /** As words and then a value as it stands, bars included. */
        VALUE
    }

    /** What a word of a command can be. */
    enum Word {
        PATH,
        ROOT,
        COMMAND,
        FORMAT,
        FILE,
        SCOPE,
        OTHER
    }

    /** What a command does. */
    @FunctionalInterface
    interface Action {
        /** Does it; fails with a {@link tega.api.TegaException}. */
        void run(Invocation call) throws InterruptedException;
    }

    Command {
        aliases = List.copyOf(aliases);
        words = List.copyOf(words);
        Objects.requireNonNull(action);
    }

    /** A command without aliases. */
    static Command of(String name, Topic topic, String usage, String help, List<Word> words, Action action) {
        return new Command(name, List.of(), topic, usage, help, words, Reading.WORDS, action);
    }

    /** The same, read differently. */
    Command read(Reading other) {
        return new Command(name, aliases, topic, usage, help, words, other, action);
    }

    /** The same, also known by these names. */
    Command alias(String... others) {
        return new Command(name, List.of(others), topic, usage, help, words, tail, action);
    }

    /** {@code name usage}, as messages show it. */
    String syntax() {
        return usage.isEmpty() ? name : name + " " + usage;
    }
}
