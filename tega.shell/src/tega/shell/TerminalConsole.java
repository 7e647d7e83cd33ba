package tega.shell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The console on the terminal of this process. Only here is JLine loaded. */
final class TerminalConsole {
    private TerminalConsole() {}

    /** Whether a person is there to type. */
    @SuppressWarnings("SystemConsoleNull") // the question that null no longer answers is put below
    static boolean isThere() {
        var console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true; // before JDK 22 there is no console without a terminal
        }
    }

    /** Runs until the user quits; whether every command succeeded. */
    static boolean run(Workspace workspace, Interpreter.Other other) throws IOException {
        try (var terminal = terminal()) {
            return run(terminal, workspace, other);
        }
    }

    static Terminal terminal() throws IOException {
        return TerminalBuilder.builder()
                .name("tega")
                .system(true)
                .jansi(false)
                .jna(false)
                .encoding(StandardCharsets.UTF_8)
                .build();
    }

    static boolean run(Terminal terminal, Workspace workspace, Interpreter.Other other) {
        var width = terminal.getWidth() > 0 ? terminal.getWidth() : 80;
        var colour = System.getenv("NO_COLOR") == null && !terminal.getType().startsWith(Terminal.TYPE_DUMB);
        var screen = new Screen(true, colour, width);
        var commands = Commands.standard();
        var lines = new TerminalLines(terminal, new Suggestions(commands, workspace), history());
        var writer = terminal.writer();
        Consumer<String> shown = line -> {
            writer.println(line);
            writer.flush();
        };
        var output = new Output(workspace.json(), screen, shown);
        var interpreter = new Interpreter(commands, workspace, lines, output, shown, other);
        var worker = Thread.currentThread();
        terminal.handle(Terminal.Signal.INT, signal -> worker.interrupt());
        return new Console(interpreter, lines, screen, shown).run();
    }

    private static Path history() {
        var home = System.getenv("HOME");
        return Path.of(home == null || home.isEmpty() ? System.getProperty("user.home", ".") : home, ".tega_history");
    }
}
