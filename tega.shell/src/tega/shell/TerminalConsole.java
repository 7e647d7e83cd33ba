package tega.shell;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** The console on a terminal: the one of this process, or one that SSH brought. Only here and below is JLine loaded. */
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
            return run(terminal, workspace, other, history(), System.getenv("NO_COLOR") == null);
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

    /** The same on another terminal; {@code history} is the file of the lines that were typed, null for none. */
    static boolean run(
            Terminal terminal, Workspace workspace, Interpreter.Other other, @Nullable Path history, boolean colour) {
        var able = !terminal.getType().startsWith(Terminal.TYPE_DUMB);
        var width = terminal.getWidth() > 0 ? terminal.getWidth() : 80;
        var screen = new Screen(true, able && colour, able, width, Math.max(0, terminal.getHeight()));
        var commands = Commands.standard();
        var lines = new TerminalLines(terminal, new Suggestions(commands, workspace), history);
        var surface = new TerminalSurface(terminal.writer(), able);
        var pager = new Pager(
                surface,
                () -> key(terminal),
                () -> terminal.getWidth() > 0 ? terminal.getWidth() : width,
                () -> able ? terminal.getHeight() : 0);
        workspace.hear(new Notices(workspace, new Output(workspace.json(), screen, lines::above), lines::above));
        var output = new Output(workspace.json(), screen, pager);
        var interpreter = new Interpreter(commands, workspace, lines, output, surface::line, other);
        var worker = Thread.currentThread();
        terminal.handle(Terminal.Signal.INT, signal -> worker.interrupt());
        return new Console(interpreter, lines, screen, surface, pager::begin).run();
    }

    /** One key, without waiting for the end of a line. */
    private static int key(Terminal terminal) {
        var attributes = terminal.enterRawMode();
        try {
            return terminal.reader().read();
        } catch (IOException e) {
            var unused = Thread.interrupted(); // given up, and the next command is not
            return -1;
        } finally {
            terminal.setAttributes(attributes);
        }
    }

    private static Path history() {
        var home = System.getenv("HOME");
        return Path.of(home == null || home.isEmpty() ? System.getProperty("user.home", ".") : home, ".tega_history");
    }

    /** Lines of a terminal, and on one that can the last line anew. */
    private record TerminalSurface(PrintWriter writer, boolean able) implements Surface {
        @Override
        public void line(String text) {
            writer.println(text);
            writer.flush();
        }

        @Override
        public void sketch(String text) {
            if (able) {
                writer.print("\r\u001b[K" + text);
                writer.flush();
            }
        }
    }
}
