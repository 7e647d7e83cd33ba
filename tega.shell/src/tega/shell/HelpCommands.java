package tega.shell;

import static tega.shell.Command.Topic.SHELL;
import static tega.shell.Command.Word.COMMAND;
import static tega.shell.Command.Word.FORMAT;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import tega.api.TegaException;

/** The shell about itself. */
final class HelpCommands {
    private final Supplier<Commands> commands;

    HelpCommands(Supplier<Commands> commands) {
        this.commands = commands;
    }

    List<Command> all() {
        return List.of(
                Command.of(
                                "h",
                                SHELL,
                                "[COMMAND]",
                                "show this help, or that of a command",
                                List.of(COMMAND),
                                this::help)
                        .alias("help", "?"),
                Command.of("q", SHELL, "", "quit", List.of(), Invocation::leave).alias("quit"),
                Command.of(
                        "format",
                        SHELL,
                        "[yaml|json|table]",
                        "show or set how answers are written; -o FORMAT does so for one command",
                        List.of(FORMAT),
                        HelpCommands::format));
    }

    private static void format(Invocation call) {
        var words = call.arguments();
        var wanted = words.maybe();
        words.end();
        if (wanted.isPresent()) {
            call.workspace().format(Format.of(wanted.get()));
        } else {
            call.output().line(call.workspace().format().name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    private void help(Invocation call) {
        var words = call.arguments();
        var wanted = words.maybe();
        words.end();
        if (wanted.isPresent()) {
            one(call, wanted.get());
        } else {
            all(call);
        }
    }

    private void one(Invocation call, String name) {
        var own = commands.get().find(name);
        var command = own == null ? ContributedCommand.find(call.server(), name) : own;
        if (command == null) {
            throw new TegaException.Invalid("there is no command '" + name + "'; h lists them");
        }
        call.output().line(command.syntax());
        call.output().line("  " + command.help());
        if (!command.aliases().isEmpty()) {
            call.output().line("  also: " + String.join(", ", command.aliases()));
        }
    }

    /** The shell's own, then what the server has beside: not being told of it is no reason to tell nothing. */
    private List<Command> every(Invocation call) {
        var all = new ArrayList<>(commands.get().all());
        try {
            for (var command : ContributedCommand.all(call.server())) {
                if (commands.get().find(command.name()) == null) {
                    all.add(command);
                }
            }
        } catch (TegaException e) {
            call.output().line(call.output().screen().red(e.line()));
        }
        return all;
    }

    private void all(Invocation call) {
        var all = every(call);
        for (var topic : Command.Topic.values()) {
            call.output().line(call.output().screen().bold(topic.title()));
            var table = new Table(List.of());
            for (var command : all) {
                if (command.topic() == topic) {
                    table.row("  " + command.syntax(), command.help());
                }
            }
            call.output().table(table);
            call.output().line("");
        }
        call.output().line("Paths are dotted: a.b.\"172.21.1.0/24\".x; values are YAML or JSON.");
        call.output()
                .line("path(1, name=Alice) calls an RPC. Answers can be piped: get a | grep x (head, tail, count).");
    }
}
