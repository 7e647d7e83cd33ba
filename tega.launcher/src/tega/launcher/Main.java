package tega.launcher;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code tega server [options]}: ends with 0 when it was stopped, 1 when it could not run, 2 when it was not understood. */
public final class Main {
    private Main() {}

    /** Runs a server until it is stopped. */
    public static void main(String[] arguments) throws InterruptedException {
        ProcessClock clock = new ProcessClock();
        try {
            Options options = Options.parse(withoutVerb(arguments));
            if (options.has(Option.HELP)) {
                System.out.print(Options.help());
            } else {
                System.exit(serve(options, clock));
            }
        } catch (UsageException e) {
            System.err.println("tega: " + e.getMessage() + " (-h lists the options)");
            System.exit(2);
        }
    }

    private static List<String> withoutVerb(String[] arguments) {
        List<String> words = List.of(arguments);
        return !words.isEmpty() && words.get(0).equals("server") ? words.subList(1, words.size()) : words;
    }

    private static int serve(Options options, ProcessClock clock) throws InterruptedException {
        Ending ending = new Ending();
        try {
            DataFolder data = DataFolder.claim(
                    Path.of(options.get(Option.DATA).orElse("var")).toAbsolutePath());
            Distribution distribution = Distribution.locate(data.cache());
            Logs.configure(distribution.home().resolve("etc/logging.properties"));
            options.get(Option.LOG_LEVEL).ifPresent(Logs::level);
            Map<String, String> settings = Settings.of(options, data, distribution, clock);
            boolean verbose = System.getLogger("tega").isLoggable(System.Logger.Level.DEBUG);
            Aftermath aftermath = new Aftermath(data.path(), verbose);
            Server server = new Server(settings, ending, aftermath);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, ending), "tega stop"));
            server.whenReady(address -> ready(address, options, settings, clock, server));
            List<Path> bundles =
                    new ArrayList<>(new Releases(data.path()).instead(distribution.bundles(), distribution.digest()));
            bundles.addAll(optional(distribution, options));
            server.start(bundles);
            server.await();
        } catch (StartException e) {
            ending.fail(e.getMessage());
        }
        return ending.code();
    }

    /** Those of options that were given. */
    private static List<Path> optional(Distribution distribution, Options options) throws StartException {
        List<Path> bundles = new ArrayList<>();
        for (Option option : Option.values()) {
            if (options.has(option)) {
                bundles.addAll(Distribution.jars(distribution.home().resolve("optional/" + option.word)));
            }
        }
        return bundles;
    }

    private static void ready(
            URI address, Options options, Map<String, String> settings, ProcessClock clock, Server server) {
        if (options.has(Option.REHEARSE)) {
            new Thread(() -> rehearse(address, server), "tega rehearsal").start();
        } else if (!options.has(Option.COMMAND)) {
            System.out.printf(
                    "tega %s ready at %s data %s in %d ms%n",
                    settings.get(Option.ID.property),
                    address,
                    options.get(Option.DATA).orElse("./var"),
                    clock.millis());
        }
    }

    private static void rehearse(URI address, Server server) {
        try {
            new Rehearsal(address).run();
        } catch (IOException e) {
            System.err.println("tega: rehearsal: " + e.getMessage());
        }
        server.stop();
    }

    /** The end of every run, SIGTERM and Ctrl-C included, of which the JVM would make an error code. */
    private static void end(Server server, Ending ending) {
        server.stop();
        Runtime.getRuntime().halt(ending.code());
    }
}
