package tega.shell;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.spi.TlsFiles;

/**
 * What {@code ./tega cli} was told.
 *
 * @param address the server
 * @param commands what to run instead of reading commands; empty: read them
 * @param format how to write answers
 * @param tegaId the name to go by, or null for one made up
 * @param token what to show the server, or null
 * @param tls whom to believe and what to show at an {@code https} address; null: whom the Java in use believes, and nothing
 * @param bail stop at the first command that fails
 * @param listen go on showing what was subscribed to when there are no more commands
 * @param help only show what there is
 */
record CliOptions(
        URI address,
        List<String> commands,
        Format format,
        @Nullable String tegaId,
        @Nullable String token,
        @Nullable TlsFiles tls,
        boolean bail,
        boolean listen,
        boolean help) {
    private static final String HOST = "127.0.0.1";
    private static final int PORT = 8739;

    static final String USAGE = """
            usage: tega cli [options]

            Talks to a running server: at a terminal with a prompt, else it reads commands from
            its input and writes their answers and nothing more.

              -a, --address HOST[:PORT]|URL   the server (127.0.0.1:8739); by TLS with https://,
                                              wss:// or one of the options for it
              -p, --port PORT                 its port, where the address has none
              -c, --command COMMANDS          run these, separated by semicolons or lines, and end;
                                              may be repeated
              -o, --output yaml|json|table    how answers are written (yaml)
              -t, --id NAME                   the name to go by (cli- and random digits)
                  --token TOKEN               what the server asks for; TEGA_TOKEN does the same
                  --token-file FILE           the same, from the first line of a file
                  --cacert FILE               over TLS: whose signature is believed (ca.pem); without it
                                              the authorities that Java knows
                  --cert FILE, --key FILE     over TLS: the certificate to show and its key (PEM); or
                                              --cert alone: a PKCS#12 file, its password in
                                              TEGA_TLS_PASSWORD
              -e, --bail                      end at the first command that fails
              -s, --subscribe                 after the commands of -c or the input: go on showing
                                              what sub and subr asked for, until interrupted
              -h, --help                      this text

            Ends with 0 when every command succeeded, 1 when one failed, 2 when called wrongly.
            """;

    /** Reads the command line; {@link IllegalArgumentException} with one line that says what is wrong. */
    static CliOptions of(List<String> words, @Nullable String tokenOfEnvironment, @Nullable String password) {
        var address = HOST;
        var port = PORT;
        var commands = new ArrayList<String>();
        var format = Format.YAML;
        String tegaId = null;
        var token = tokenOfEnvironment;
        Path authorities = null;
        Path certificates = null;
        Path key = null;
        var bail = false;
        var listen = false;
        var help = false;
        for (var i = 0; i < words.size(); i++) {
            var word = words.get(i);
            var equals = word.startsWith("--") ? word.indexOf('=') : -1;
            var option = equals < 0 ? word : word.substring(0, equals);
            var value = equals < 0 ? null : word.substring(equals + 1);
            switch (option) {
                case "-h", "--help" -> help = true;
                case "-e", "--bail" -> bail = true;
                case "-s", "--subscribe" -> listen = true;
                case "-a",
                        "--address",
                        "-p",
                        "--port",
                        "-c",
                        "--command",
                        "-o",
                        "--output",
                        "-t",
                        "--id",
                        "--token",
                        "--token-file",
                        "--cacert",
                        "--cert",
                        "--key" -> {
                    if (value == null) {
                        i++;
                        if (i == words.size()) {
                            throw new IllegalArgumentException("the option " + option + " needs a value");
                        }
                        value = words.get(i);
                    }
                    switch (option) {
                        case "-a", "--address" -> address = value;
                        case "-p", "--port" -> port = port(value);
                        case "-c", "--command" -> commands.add(value);
                        case "-o", "--output" -> format = Format.of(value);
                        case "-t", "--id" -> tegaId = value;
                        case "--token-file" -> token = firstLine(value);
                        case "--cacert" -> authorities = file(value);
                        case "--cert" -> certificates = file(value);
                        case "--key" -> key = file(value);
                        default -> token = value;
                    }
                }
                default ->
                    throw new IllegalArgumentException((word.startsWith("-")
                                    ? "there is no option " + word
                                    : "'" + word + "' is one word too many")
                            + " (tega cli -h lists what there is)");
            }
        }
        if (key != null && certificates == null) {
            throw new IllegalArgumentException("--key needs --cert, the certificate that belongs to it");
        }
        var tls = authorities == null && certificates == null
                ? null
                : new TlsFiles(certificates, key, authorities, password);
        var uri = uri(address, port, tls != null);
        return new CliOptions(uri, List.copyOf(commands), format, tegaId, token, tls, bail, listen, help);
    }

    private static Path file(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + name + "' is no file", e);
        }
    }

    private static String firstLine(String file) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.findFirst()
                    .map(String::strip)
                    .orElseThrow(() -> new IllegalArgumentException("the file " + file + " is empty"));
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("the file " + file + " cannot be read", e);
        }
    }

    private static int port(String text) {
        try {
            var port = Integer.parseInt(text);
            if (port > 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("'" + text + "' is not a port; it is a number from 1 to 65535");
    }

    /** {@code HOST}, {@code HOST:PORT}, {@code [::1]:PORT} or a URL, which may lead through the folder of a proxy. */
    private static URI uri(String address, int port, boolean tls) {
        var isUrl = address.contains("://");
        try {
            var uri = new URI(
                    isUrl ? address.replaceFirst("^ws", "http") : (tls ? "https://" : "http://") + bracketed(address));
            var http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (tls && "http".equals(uri.getScheme())) {
                throw new IllegalArgumentException(
                        "'" + address + "' is not by TLS: --cacert and --cert are for https://");
            }
            if (http && uri.getHost() != null && (isUrl || uri.getPath().isEmpty())) {
                var chosen = uri.getPort() > 0 ? uri.getPort() : port;
                return new URI(uri.getScheme(), null, uri.getHost(), chosen, uri.getPath(), null, null);
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new IllegalArgumentException("'" + address + "' is not an address; it is HOST, HOST:PORT or an http URL");
    }

    private static String bracketed(String address) {
        var bare = address.indexOf(':') != address.lastIndexOf(':') && !address.startsWith("[");
        return bare ? "[" + address + "]" : address;
    }
}
