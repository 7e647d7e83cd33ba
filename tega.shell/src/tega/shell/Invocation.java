package tega.shell;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tega.api.Edit;
import tega.api.Path;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Server;

/** One call of a command: where it happens, what was typed after its name, and where its answer goes. */
final class Invocation {
    private final Command command;
    private final String typed;
    private final Workspace workspace;
    private final Lines lines;
    private final Output output;
    private final Leave leave;
    private @Nullable Arguments arguments;
    private Optional<Format> asked = Optional.empty();

    /** Ends the shell. */
    @FunctionalInterface
    interface Leave {
        void leave();
    }

    Invocation(Command command, String typed, Workspace workspace, Lines lines, Output output, Leave leave) {
        this.command = command;
        this.typed = typed;
        this.workspace = workspace;
        this.lines = lines;
        this.output = output;
        this.leave = leave;
    }

    Workspace workspace() {
        return workspace;
    }

    Server server() {
        return workspace.server();
    }

    Tega tega() {
        return workspace.tega();
    }

    Output output() {
        return output;
    }

    /** Ends the shell after this command. */
    void leave() {
        leave.leave();
    }

    /** What was typed after the name, as it is: for commands that take a value. */
    Tail tail() {
        return new Tail(typed);
    }

    /** The words that were typed; every command knows {@code -o FORMAT}. */
    Arguments arguments() {
        return arguments(Set.of(), Set.of());
    }

    /** The words that were typed, with these options. */
    Arguments arguments(Set<String> flags, Set<String> valued) {
        var all = new HashSet<>(valued);
        all.add("-o");
        arguments = new Arguments(command, tail(), flags, all);
        return arguments;
    }

    /** {@code INVALID} with the syntax of the command. */
    TegaException wrong(String what) {
        return new TegaException.Invalid(what + "; it is: " + command.syntax());
    }

    /** How this answer is written: as {@code -o} says here, or for the whole shell. */
    Format format() {
        return asked().orElse(workspace.format());
    }

    private Optional<Format> asked() {
        return asked.isPresent() || arguments == null
                ? asked
                : arguments.option("-o").map(Format::of);
    }

    /** Takes the format that {@code -o} was found to say, where the words are not read as {@link Arguments}. */
    void ask(String format) {
        asked = Optional.of(Format.of(format));
    }

    /** Whether a value is wanted rather than what is made for people. */
    boolean wantsValue() {
        var format = asked().orElse(workspace.format() == Format.YAML ? Format.TABLE : workspace.format());
        return format != Format.TABLE;
    }

    /** Answers with a sentence for people, or with the facts in it where a format was asked for. */
    void say(String sentence, Value facts) {
        if (wantsValue()) {
            output.value(facts, format());
        } else {
            output.line(sentence);
        }
    }

    /** Answers with a value. */
    void answer(Value value) {
        output.value(value, format());
    }

    /**
     * Answers with a table for people, or with the value it shows where a format was asked for, here or for the whole shell.
     */
    void answer(Table table, Value value) {
        var format = asked().orElse(workspace.format() == Format.YAML ? Format.TABLE : workspace.format());
        if (format == Format.TABLE) {
            output.table(table);
        } else {
            output.value(value, format);
        }
    }

    /** Answers with changes: lines for people, a list where a format was asked for; {@code before} as in {@link Edits}. */
    void answerChanges(List<Edit> edits, Function<Path, @Nullable Value> before) {
        var format = asked().orElse(workspace.format() == Format.YAML ? Format.TABLE : workspace.format());
        if (format == Format.TABLE) {
            output.lines(Edits.lines(edits, before, output));
        } else {
            output.value(Edits.value(edits, before), format);
        }
    }

    /** The path that a word means, or the place being edited when there is none. */
    Path path(Optional<String> word) {
        return word.map(workspace::path).orElse(workspace.place());
    }

    /** A value in YAML: the rest of the line, or when that is empty the lines up to an empty one. */
    Value value(String rest) {
        return workspace.json().readYaml(rest.isEmpty() ? valueLines() : rest);
    }

    /** Whether a person at a terminal says yes to {@code question}; where there is none nobody is asked. */
    boolean confirmed(String question) {
        if (!output.screen().terminal()) {
            return true;
        }
        output.line(question);
        try {
            var answer = lines.value();
            return answer != null && answer.strip().equalsIgnoreCase("yes");
        } catch (Lines.GivenUp e) {
            return false;
        }
    }

    private String valueLines() {
        var text = new ArrayList<String>();
        try {
            for (var line = lines.value(); line != null && !line.isBlank(); line = lines.value()) {
                text.add(line);
            }
        } catch (Lines.GivenUp e) {
            text.clear();
        }
        if (text.isEmpty()) {
            throw wrong("no value was given, so nothing was changed");
        }
        return String.join("\n", text) + "\n";
    }
}
