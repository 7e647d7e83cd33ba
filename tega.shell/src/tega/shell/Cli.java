package tega.shell;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import tega.api.TegaException;
import tega.api.spi.Connector;
import tega.api.spi.JsonCodec;
import tega.api.spi.Server;
import tega.api.spi.TlsContexts;

/** {@code main} of {@code ./tega cli}: the shell for a server somewhere else, on a plain class path. */
public final class Cli {
    private final CliOptions options;
    private final PrintStream out;
    private final PrintStream err;

    private Cli(CliOptions options, PrintStream out, PrintStream err) {
        this.options = options;
        this.out = out;
        this.err = err;
    }

    /** Ends the process with 0, 1 when a command failed, or 2 when called wrongly. */
    public static void main(String[] words) {
        var out = utf8(FileDescriptor.out);
        var err = utf8(FileDescriptor.err);
        var status = run(List.of(words), out, err);
        out.flush();
        err.flush();
        System.exit(status);
    }

    /** YAML is UTF-8, whatever the locale. */
    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    private static int run(List<String> words, PrintStream out, PrintStream err) {
        CliOptions options;
        try {
            options = CliOptions.of(words, System.getenv("TEGA_TOKEN"), System.getenv("TEGA_TLS_PASSWORD"));
        } catch (TegaException | IllegalArgumentException e) {
            err.println("tega cli: " + e.getMessage());
            return 2;
        }
        if (options.help()) {
            out.print(CliOptions.USAGE);
            return 0;
        }
        return new Cli(options, out, err).run() ? 0 : 1;
    }

    private boolean run() {
        try (var server = connect()) {
            return run(new Workspace(server, first(JsonCodec.class), options.format()));
        } catch (TegaException e) {
            err.println(e.line());
        }
        return false;
    }

    private boolean run(Workspace workspace) {
        try (workspace) {
            if (!options.commands().isEmpty()) {
                return script(workspace);
            }
            if (TerminalConsole.isThere()) {
                return TerminalConsole.run(workspace, Interpreter.Other.NOTHING);
            }
            return piped(workspace);
        } catch (IOException e) {
            err.println("UNAVAILABLE: the terminal cannot be used: " + e.getMessage());
        }
        return false;
    }

    private Server connect() {
        var named = options.tegaId();
        var tegaId = named == null
                ? "cli-" + Integer.toHexString(ThreadLocalRandom.current().nextInt())
                : named;
        var files = options.tls();
        var tls = files == null ? null : first(TlsContexts.class).open(files).context();
        return first(Connector.class).connect(options.address(), tegaId, options.token(), tls);
    }

    private static <T> T first(Class<T> service) {
        return ServiceLoader.load(service)
                .findFirst()
                .orElseThrow(() -> new TegaException.Unavailable(
                        "no " + service.getName() + " is on the class path; the installation is not complete"));
    }

    private boolean script(Workspace workspace) {
        var well = true;
        for (var commands : options.commands()) {
            var script = Script.of(commands, workspace, out, err, Interpreter.Other.NOTHING);
            well &= script.run(options.bail());
            if (!well && options.bail()) {
                return false;
            }
        }
        return end(workspace, well);
    }

    private boolean piped(Workspace workspace) {
        var in = new BufferedReader(
                new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8));
        return end(
                workspace,
                new Script(new PlainLines(in), workspace, out, err, Interpreter.Other.NOTHING).run(options.bail()));
    }

    /** What was heard until now is shown; with {@code -s} what is heard from now on too. */
    private boolean end(Workspace workspace, boolean well) {
        var subscriptions = workspace.subscriptions();
        try {
            while (options.listen() && !subscriptions.isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
            subscriptions.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return well && !(options.listen() && subscriptions.isLost());
    }
}
