package tega.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import tega.api.Identity;
import tega.api.TegaException;
import tega.api.spi.JsonCodec;
import tega.api.spi.Server;
import tega.api.spi.Shells;

/** The shell for somebody who is not at the terminal of this process: at one of their own, or with commands they brought. */
final class SeatedShell implements Shells {
    private final Function<Identity, Server> servers;
    private final JsonCodec json;

    /** {@code servers} gives the server as somebody may use it. */
    SeatedShell(Function<Identity, Server> servers, JsonCodec json) {
        this.servers = servers;
        this.json = json;
    }

    @Override
    public boolean run(Identity by, Seat seat) {
        try (var server = servers.apply(by);
                var workspace = new Workspace(server, json, Format.YAML)) {
            workspace.withoutFiles();
            return run(workspace, seat);
        } catch (TegaException e) {
            plain(seat.err()).println(e.line());
        } catch (IOException e) {
            plain(seat.err()).println("UNAVAILABLE: the terminal cannot be used: " + e.getMessage());
        }
        return false;
    }

    private static boolean run(Workspace workspace, Seat seat) throws IOException {
        var commands = seat.commands();
        var screen = seat.screen();
        if (commands != null) {
            return Script.of(commands, workspace, plain(seat.out()), plain(seat.err()), Interpreter.Other.NOTHING)
                    .run(false);
        }
        if (screen == null) {
            var lines = new BufferedReader(new InputStreamReader(seat.in(), StandardCharsets.UTF_8));
            return new Script(
                            new PlainLines(lines),
                            workspace,
                            plain(seat.out()),
                            plain(seat.err()),
                            Interpreter.Other.NOTHING)
                    .run(false);
        }
        try (var terminal =
                new ExternalTerminal("tega", screen.type(), seat.in(), seat.out(), StandardCharsets.UTF_8)) {
            terminal.setSize(size(screen));
            screen.onResize(() -> {
                terminal.setSize(size(screen));
                terminal.raise(Terminal.Signal.WINCH);
            });
            return TerminalConsole.run(terminal, workspace, Interpreter.Other.NOTHING, null, screen.colour());
        }
    }

    private static Size size(Screen screen) {
        return new Size(screen.columns(), screen.lines());
    }

    private static PrintStream plain(OutputStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }
}
