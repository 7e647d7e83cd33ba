package tega.plugins.openwrt.uci;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import tega.api.TegaException;
import tega.api.spi.JsonCodec;

/**
 * UCI files to JSON and back from the command line, without a server. Exit code 0: all done; 1: some line tells an error;
 * 2: the command line is wrong.
 */
public final class UciTool {
    private static final String USAGE = """
            usage: tega uci to-json [--lax] FILE...
                   tega uci to-uci FILE|-

              to-json   print each UCI file as one line: {"file":...,"packages":{...}} or {"file":...,"error":...}
                --lax     skip what is at fault in a file, as the scripts of a router do, and tell it on the error output
              to-uci    read such lines from FILE or, with -, from the input, and print {"file":...,"text":...}
            """;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private boolean whole = true;

    UciTool(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** Does what the arguments say and exits. */
    public static void main(String[] args) {
        var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        var code = new UciTool(System.in, out, System.err).run(List.of(args));
        out.flush();
        System.exit(code);
    }

    int run(List<String> args) {
        if (args.isEmpty() || args.contains("-h") || args.contains("--help")) {
            (args.isEmpty() ? err : out).print(USAGE);
            return args.isEmpty() ? 2 : 0;
        }
        var files = new ArrayList<>(args.subList(1, args.size()));
        var verb = args.get(0);
        var lax = verb.equals("to-json") && files.remove("--lax");
        var unknown = files.stream()
                .filter(file -> file.startsWith("-") && !file.equals("-"))
                .findFirst();
        if (unknown.isPresent()) {
            return wrong("there is no option '" + unknown.get() + "'");
        }
        try {
            return switch (verb) {
                case "to-json" -> files.isEmpty() ? wrong("'to-json' needs the names of files") : toJson(files, !lax);
                case "to-uci" ->
                    files.size() != 1 ? wrong("'to-uci' needs one file, or - for the input") : toUci(files.get(0));
                default -> wrong("there is no '" + verb + "'");
            };
        } catch (IOException e) {
            err.println("tega: UNAVAILABLE: " + reason(e));
            return 1;
        }
    }

    private int wrong(String sentence) {
        err.println("tega: " + sentence + " ('tega uci -h' shows how)");
        return 2;
    }

    private int toJson(List<String> files, boolean strict) {
        for (var file : files) {
            out.println(toJson(file, strict));
        }
        return whole ? 0 : 1;
    }

    private String toJson(String file, boolean strict) {
        var name = Path.of(file).getFileName();
        var stem = name == null ? "" : name.toString().replaceFirst("(?<=.)\\..*", "");
        if (!UciNames.isPackage(stem)) {
            whole = false;
            return UciLines.error(file, "the file cannot be called after a package: letters, digits, _ and - only");
        }
        try {
            var reader = UciReader.ofImports(strict);
            var packages = reader.read(stem, Files.readAllBytes(Path.of(file)));
            reader.skipped().forEach(e -> err.println("tega: " + file + ": " + e.sentence()));
            return UciLines.packages(file, packages);
        } catch (UciError e) {
            whole = false;
            return UciLines.error(file, e.sentence());
        } catch (IOException e) {
            whole = false;
            return UciLines.error(file, reason(e));
        }
    }

    private int toUci(String file) throws IOException {
        var codec = ServiceLoader.load(JsonCodec.class).findFirst().orElseThrow();
        var lines = new UciLines(codec);
        try (var stream = file.equals("-") ? in : Files.newInputStream(Path.of(file));
                var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            var number = 0;
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank()) {
                    out.println(export(lines, line, number));
                }
            }
        }
        return whole ? 0 : 1;
    }

    private String export(UciLines lines, String line, int number) {
        try {
            var text = lines.export(line);
            whole &= !text.startsWith("\"error\"", text.indexOf(",\"") + 1);
            return text;
        } catch (TegaException e) {
            whole = false;
            return UciLines.error("line " + number, e.line());
        }
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException
                ? "there is no such file"
                : e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
