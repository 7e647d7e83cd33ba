package tega.shell;

import java.io.BufferedReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.util.List;

/** Commands that nobody types: from a pipe or an option. Answers go to one place, errors to another, nothing else is written. */
final class Script {
    private final Lines lines;
    private final Interpreter interpreter;

    Script(Lines lines, Workspace workspace, PrintStream out, PrintStream err, Interpreter.Other other) {
        this.lines = lines;
        var output = new Output(workspace.json(), Screen.PLAIN, out::println);
        workspace.hear(new Notices(workspace, output, err::println)); // the first of several scripts shows for all
        interpreter = new Interpreter(Commands.standard(), workspace, lines, output, err::println, other);
    }

    /**
     * The commands of an option: a line each, and then values may follow as they do at a terminal; or all in one line, separated
     * by semicolons.
     */
    static Script of(String commands, Workspace workspace, PrintStream out, PrintStream err, Interpreter.Other other) {
        var text = commands.contains("\n") ? commands : String.join("\n", separated(commands));
        return new Script(new PlainLines(new BufferedReader(new StringReader(text))), workspace, out, err, other);
    }

    private static List<String> separated(String commands) {
        return CommandLine.split(commands, ';').stream().map(String::strip).toList();
    }

    /** Runs all of them, or with {@code bail} up to the first that fails; whether all succeeded. */
    boolean run(boolean bail) {
        var well = true;
        while (!interpreter.left() && (well || !bail)) {
            try {
                var line = lines.command("");
                if (line == null) {
                    break;
                }
                well &= interpreter.run(line);
            } catch (Lines.GivenUp e) {
                break;
            }
        }
        return well;
    }
}
