package tega.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.NullValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;
import tega.api.spi.Server;
import tega.api.spi.ShellCommand;

/** A command of another bundle, as one of the shell's. */
final class ContributedCommand {
    private ContributedCommand() {}

    /** Those that the server has now. */
    static List<Command> all(Server server) {
        return server.commands().stream().map(ContributedCommand::of).toList();
    }

    /** The one called so, or null. */
    static @Nullable Command find(Server server, String name) {
        for (var syntax : server.commands()) {
            if (syntax.name().equals(name)) {
                return of(syntax);
            }
        }
        return null;
    }

    private static Command of(ShellCommand.Syntax syntax) {
        var words = syntax.words().stream().map(ContributedCommand::word).toList();
        return Command.of(
                syntax.name(), Command.Topic.SERVER, syntax.usage(), syntax.help(), words, call -> run(call, syntax));
    }

    private static Command.Word word(ShellCommand.Word word) {
        return switch (word) {
            case PATH -> Command.Word.PATH;
            case ROOT -> Command.Word.ROOT;
            case TEXT -> Command.Word.OTHER;
        };
    }

    private static void run(Invocation call, ShellCommand.Syntax syntax) {
        var tail = call.tail();
        var words = new ArrayList<String>();
        Optional<Format> asked = Optional.empty();
        var index = 0;
        while (!tail.isEmpty()) {
            var word = tail.word();
            if (word.equals("-o") && !tail.isEmpty()) {
                asked = Optional.of(Format.of(tail.word()));
            } else if (word.length() > 1 && word.charAt(0) == '-') {
                words.add(word);
            } else {
                words.add(resolved(call, kind(syntax, index++), word));
            }
        }
        var answer = Progress.during(
                call.output(), syntax.name(), () -> call.server().command(syntax.name(), words));
        answer(call, answer, asked);
    }

    private static ShellCommand.Word kind(ShellCommand.Syntax syntax, int index) {
        var kinds = syntax.words();
        return kinds.isEmpty() ? ShellCommand.Word.TEXT : kinds.get(Math.min(index, kinds.size() - 1));
    }

    private static String resolved(Invocation call, ShellCommand.Word kind, String word) {
        return kind == ShellCommand.Word.PATH ? call.workspace().path(word).toString() : Tail.unquoted(word);
    }

    private static void answer(Invocation call, Value answer, Optional<Format> asked) {
        var usual = call.workspace().format();
        if (asked.isPresent() || usual != Format.YAML) {
            call.output().value(answer, asked.orElse(usual));
        } else if (answer instanceof StringValue text) {
            call.output().text(text.text());
        } else if (answer instanceof ArrayValue rows && isTable(rows)) {
            call.output().table(Table.of(answer));
        } else if (!(answer instanceof NullValue)) {
            call.output().value(answer, Format.YAML);
        }
    }

    private static boolean isTable(ArrayValue rows) {
        return rows.size() > 0 && rows.items().stream().allMatch(ObjectValue.class::isInstance);
    }
}
