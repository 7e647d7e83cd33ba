package tega.api.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;
import tega.api.Identity;
import tega.api.Tega;
import tega.api.Value;

/**
 * A command that a bundle adds to the shell: register it as a service, and it is known on the server's own terminal, in {@code
 * ./tega cli} of whoever is connected, in Gogo's scope {@code tega}, to the help and to completion; withdraw it, and it is gone.
 * What the shell brings itself goes before one of the same name, and of several the one of the highest service ranking.
 *
 * <pre>{@code
 * @Component
 * public final class ConflictsCommand implements ShellCommand {
 *     private static final Syntax SYNTAX = Syntax.of("conflicts", "[PATH]", "list what was lost in a merge").takes(Word.PATH);
 *
 *     @Override public Syntax syntax() { return SYNTAX; }
 *
 *     @Override public Value run(Call call) { return list(call.plain().isEmpty() ? Path.EMPTY : Path.parse(call.plain().get(0))); }
 * }
 * }</pre>
 */
@ConsumerType
public interface ShellCommand {
    /** How it is called and what it is for; always the same. */
    Syntax syntax();

    /**
     * Does it. The answer is shown as {@code -o} says, else: a text as it stands, null as nothing, a list of objects as a table
     * with a column for each name, all other values as YAML. A {@link tega.api.TegaException} is told in one line. Called by any
     * number of threads at once; what takes longer than a minute is begun here and looked at by another call.
     */
    Value run(Call call);

    /** What a word of a command is. */
    enum Word {
        /** A node: completed from the tree, and given in dotted form from the top, wherever the user edits. */
        PATH,
        /** The name of a root, completed from the tree. */
        ROOT,
        /** Anything; given without the quotes around it. */
        TEXT
    }

    /**
     * How a command is called.
     *
     * @param name what is typed, in lower case
     * @param usage its words after the name, such as {@code [PATH] [--all]}
     * @param help what it is for, in a sentence that begins with a verb in lower case
     * @param words what its words are, first to last, options left out; the last stands for all that follow
     * @param needs what the caller must be granted for the whole database, asked before the command is; null: the command asks
     */
    record Syntax(
            String name,
            String usage,
            String help,
            List<Word> words,
            @Nullable Action needs) {
        /** The list is copied. */
        public Syntax {
            words = List.copyOf(words);
        }

        /** One that needs an admin grant and takes texts. */
        public static Syntax of(String name, String usage, String help) {
            return new Syntax(name, usage, help, List.of(Word.TEXT), Action.ADMIN);
        }

        /** The same with these words. */
        public Syntax takes(Word... kinds) {
            return new Syntax(name, usage, help, List.of(kinds), needs);
        }

        /** The same for everybody: the command asks who may. */
        public Syntax open() {
            return new Syntax(name, usage, help, words, null);
        }

        /** The same for whoever has this grant. */
        public Syntax needs(Action action) {
            return new Syntax(name, usage, help, words, action);
        }
    }

    /**
     * One call.
     *
     * @param by who calls
     * @param tega the database on behalf of who calls
     * @param words what was typed after the name; what begins with a minus is an option, and as it was typed
     */
    record Call(Identity by, Tega tega, List<String> words) {
        /** The list is copied. */
        public Call {
            words = List.copyOf(words);
        }

        /** The words that are no options. */
        public List<String> plain() {
            return words.stream()
                    .filter(word -> word.length() < 2 || word.charAt(0) != '-')
                    .toList();
        }

        /** Whether {@code option} was given. */
        public boolean has(String option) {
            return words.contains(option);
        }
    }
}
