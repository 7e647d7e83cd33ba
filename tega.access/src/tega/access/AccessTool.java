package tega.access;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.Identity;
import tega.api.TegaException;
import tega.api.spi.Access.Administration;
import tega.api.spi.Grant;

/** {@code tega token} and {@code tega grant}: who may come in and do what, on a data folder that no server uses. */
public final class AccessTool {
    private static final String USAGE = """
            usage: tega token create NAME [--admin]   make a token for NAME; its text is shown this once
                   tega token list                    show what tokens there are
                   tega token revoke ID               make one worthless
                   tega grant NAME may [not] ACTIONS PATTERN
                                                      give a grant: tega grant alice may read,write config
                   tega grant list                    show what grants there are
            options: -d, --data DIR   the data folder of the server, which must not run (./var)
                     --days N         how long the token is valid (for ever)
                     --admin          NAME may do everything
            On a server that runs, its shell and ./tega cli have the same commands.
            """;

    private final PrintStream out;
    private final InstantSource clock;
    private final List<String> words = new ArrayList<>();
    private Path data = Path.of("var");
    private @Nullable Duration lifetime;
    private boolean admin;

    AccessTool(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    /** Does what it is told and exits: 0, 1 when it could not, 2 when it did not understand. */
    @SuppressWarnings("SystemOut") // a command of the command line
    public static void main(String[] arguments) {
        System.exit(new AccessTool(System.out, InstantSource.system()).run(List.of(arguments), System.err));
    }

    /** The exit code. */
    int run(List<String> arguments, PrintStream err) {
        try {
            if (!read(arguments)) {
                out.print(USAGE);
                return words.isEmpty() ? 2 : 0;
            }
            var folder = data.resolve("access");
            try (var claim = claim();
                    var access = AccessControl.open(folder, AccessOptions.DEFAULT, clock, new SecureRandom())) {
                var user = System.getProperty("user.name", "operator");
                act(access.as(Identity.console(user, "tega")));
                assert claim.isOpen();
            }
            return 0;
        } catch (IllegalArgumentException e) {
            err.println("tega: " + e.getMessage() + " ('tega token -h' tells what there is)");
            return 2;
        } catch (TegaException e) {
            err.println("tega: " + e.getMessage());
        } catch (IOException e) {
            err.println("tega: " + e);
        }
        return 1;
    }

    /** The launcher's own claim on the folder, so that no server starts meanwhile and none runs. */
    private FileChannel claim() throws IOException {
        var cache = Files.createDirectories(data.resolve("cache"));
        var channel = FileChannel.open(cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // said below
        }
        channel.close();
        throw new TegaException.Unavailable("a server runs on " + data
                + ": use the same command in its shell or in './tega cli', where it counts at once");
    }

    private boolean read(List<String> arguments) {
        for (var i = 0; i < arguments.size(); i++) {
            var word = arguments.get(i);
            switch (word) {
                case "-h", "--help", "help" -> {
                    return false;
                }
                case "--admin" -> admin = true;
                case "-d", "--data", "--days" -> {
                    if (++i == arguments.size()) {
                        throw new IllegalArgumentException(word + " needs a value");
                    }
                    if (word.equals("--days")) {
                        lifetime = AccessText.days(arguments.get(i));
                    } else {
                        data = path(arguments.get(i));
                    }
                }
                default -> {
                    if (word.startsWith("-")) {
                        throw new IllegalArgumentException("there is no option " + word);
                    }
                    words.add(word);
                }
            }
        }
        return words.size() > 1;
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + text + "' is no folder", e);
        }
    }

    private void act(Administration tend) {
        var rest = words.subList(1, words.size());
        switch (words.get(0)) {
            case "token" -> token(tend, rest);
            case "grant" -> grant(tend, rest);
            default -> throw new IllegalArgumentException("there is no '" + words.get(0) + "'");
        }
    }

    private void token(Administration tend, List<String> rest) {
        switch (rest.get(0)) {
            case "list" -> {
                expect(rest, 1);
                tend.tokens().forEach(token -> out.println(AccessText.token(token)));
            }
            case "create" -> {
                expect(rest, 2);
                var issued = tend.issue(rest.get(1), lifetime);
                if (admin) {
                    tend.grant(AccessText.everything(issued.token().name()));
                }
                out.println(issued.text());
            }
            case "revoke" -> {
                expect(rest, 2);
                out.println(AccessText.token(tend.revoke(rest.get(1))));
            }
            default -> throw new IllegalArgumentException("token knows no '" + rest.get(0) + "'");
        }
    }

    private void grant(Administration tend, List<String> rest) {
        if (rest.get(0).equals("list")) {
            expect(rest, 1);
            tend.grants().forEach(out::println);
            return;
        }
        var grant = Grant.parse(String.join(" ", rest));
        tend.grant(grant);
        out.println(grant);
    }

    private static void expect(List<String> rest, int count) {
        if (rest.size() != count) {
            throw new IllegalArgumentException("'" + String.join(" ", rest) + "' is too much or too little");
        }
    }
}
