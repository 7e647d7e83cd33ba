package tega.access;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import tega.api.TegaException;

/** {@code tega cert}: keys and certificates for a first set-up, without any other tool. */
public final class CertTool {
    private static final String USAGE = """
            usage: tega cert init                make a private authority: ca.pem, ca.key
                   tega cert server NAME|IP...   make server.pem, server.key for a server of these names (and the authority, if there is none)
                   tega cert client NAME         make NAME.pem, NAME.key for a client that is NAME
                   tega cert show [FILE...]      tell what certificates say
            options: -d, --dir DIR   the folder (./var/tls)
                     --days N        how long it is valid (init: 3650, server and client: 825)
            """;

    private static final int AUTHORITY_DAYS = 3650;
    private static final int DAYS = 825;
    private static final int MOST_DAYS = 36500;

    private final PrintStream out;
    private final InstantSource clock;

    CertTool(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    /** Does what it is told and exits: 0, 1 when it could not, 2 when it did not understand. */
    @SuppressWarnings("SystemOut") // a command of the command line
    public static void main(String[] arguments) {
        System.exit(new CertTool(System.out, InstantSource.system()).run(List.of(arguments), System.err));
    }

    /** The exit code. */
    int run(List<String> arguments, PrintStream err) {
        try {
            var call = Call.of(arguments);
            if (call.words.isEmpty() || call.words.get(0).equals("help")) {
                out.print(USAGE);
                return call.words.isEmpty() && !call.help ? 2 : 0;
            }
            run(call);
            return 0;
        } catch (IllegalArgumentException e) {
            err.println("tega: " + e.getMessage() + " ('tega cert help' tells what there is)");
            return 2;
        } catch (TegaException e) {
            err.println("tega: " + e.getMessage());
        } catch (IOException | GeneralSecurityException e) {
            err.println("tega: " + e);
        }
        return 1;
    }

    private void run(Call call) throws IOException, GeneralSecurityException {
        var folder = new CertificateFolder(call.folder, clock, new SecureRandom());
        var rest = call.words.subList(1, call.words.size());
        switch (call.words.get(0)) {
            case "init" -> {
                call.expect(rest, 0, 0, "nothing");
                show(folder.file("ca.pem"), folder.init(call.lifetime(AUTHORITY_DAYS)));
            }
            case "server" -> {
                call.expect(rest, 1, Integer.MAX_VALUE, "the names and addresses of the server");
                if (!folder.hasAuthority()) {
                    show(folder.file("ca.pem"), folder.init(Duration.ofDays(AUTHORITY_DAYS)));
                }
                show(folder.file("server.pem"), folder.server(rest, call.lifetime(DAYS)));
            }
            case "client" -> {
                call.expect(rest, 1, 1, "one name");
                show(folder.file(rest.get(0) + ".pem"), folder.client(rest.get(0), call.lifetime(DAYS)));
            }
            case "show" -> {
                for (var file : rest.isEmpty()
                        ? there(folder, call)
                        : rest.stream().map(Path::of).toList()) {
                    for (var certificate : Pem.certificates(file)) {
                        show(file, certificate);
                    }
                }
            }
            default -> throw new IllegalArgumentException("cert knows no '" + call.words.get(0) + "'");
        }
    }

    private static List<Path> there(CertificateFolder folder, Call call) throws IOException {
        try {
            return folder.files();
        } catch (NoSuchFileException e) {
            throw new TegaException.NotFound("there is no folder " + call.folder);
        }
    }

    private void show(Path file, X509Certificate certificate) throws GeneralSecurityException {
        out.println(file);
        out.println("  subject      " + certificate.getSubjectX500Principal().getName());
        out.println("  issuer       " + certificate.getIssuerX500Principal().getName());
        var hosts = hosts(certificate);
        if (!hosts.isEmpty()) {
            out.println("  hosts        " + hosts);
        }
        var until = certificate.getNotAfter().toInstant();
        var days = ChronoUnit.DAYS.between(clock.instant(), until);
        out.println("  valid until  " + until + (days < 0 ? " (over)" : " (" + days + " days)"));
        out.println("  serial       " + Gate.serial(certificate));
        out.println("  sha256       "
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
    }

    private static String hosts(X509Certificate certificate) throws CertificateException {
        var hosts = new StringJoiner(" ");
        var alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            alternatives.forEach(alternative -> hosts.add(String.valueOf(alternative.get(1))));
        }
        return hosts.toString();
    }

    /** The command line, understood. */
    private static final class Call {
        private final List<String> words = new ArrayList<>();
        private Path folder = Path.of("var", "tls");
        private int days;
        private boolean help;

        static Call of(List<String> arguments) {
            var call = new Call();
            for (var i = 0; i < arguments.size(); i++) {
                var word = arguments.get(i);
                switch (word) {
                    case "-d", "--dir" -> call.folder = folder(value(arguments, ++i, word));
                    case "--days" -> call.days = days(value(arguments, ++i, word));
                    case "-h", "--help" -> call.help = true;
                    default -> {
                        if (word.startsWith("-")) {
                            throw new IllegalArgumentException("unknown option " + word);
                        }
                        call.words.add(word);
                    }
                }
            }
            if (call.help) {
                call.words.clear();
            }
            return call;
        }

        private static String value(List<String> arguments, int at, String option) {
            if (at >= arguments.size()) {
                throw new IllegalArgumentException(option + " takes a value");
            }
            return arguments.get(at);
        }

        private static Path folder(String text) {
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("'" + text + "' is no folder", e);
            }
        }

        private static int days(String text) {
            try {
                var days = Integer.parseInt(text);
                if (days > 0 && days <= MOST_DAYS) {
                    return days;
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("--days takes a number, not '" + text + "'", e);
            }
            throw new IllegalArgumentException("--days takes a number from 1 to " + MOST_DAYS);
        }

        Duration lifetime(int otherwise) {
            return Duration.ofDays(days == 0 ? otherwise : days);
        }

        void expect(List<String> rest, int least, int most, String what) {
            if (rest.size() < least || rest.size() > most) {
                throw new IllegalArgumentException("cert " + words.get(0) + " takes " + what);
            }
        }
    }
}
