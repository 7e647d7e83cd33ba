package tega.log;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import tega.api.TegaException;
import tega.api.spi.CommitCodec;
import tega.api.spi.JsonCodec;

/**
 * Looks after the commit log of a data folder from the command line: {@code check}, {@code dump}, {@code repair}, {@code backup},
 * {@code restore}, {@code compact}, {@code import}, {@code export}. Exit code 0: done; 1: not done, or damage was found; 2: the
 * command line is wrong.
 */
public final class LogTool {
    private static final String USAGE = """
            usage: tega check|dump|repair|backup|restore|compact|import|export [-d DIR] [options] [FILE]

              check            read everything and tell what is there and whether it is whole
              dump             print the commits, one a line, as JSON
                --path PATH      only those that touch PATH
                --from N|TIME    from this revision, or this time (2026-01-31T12:00:00Z)
                --to N|TIME      up to this revision or time
              repair           save what can be saved; the damaged files are moved aside, never removed
              backup FILE      write a consistent copy to FILE; the server may run
              restore FILE     bring a backup into an empty data folder
                --force          move what is there aside first
              compact          drop older history and give its space back
                --keep N         keep the last N revisions (default 0: only the state of now)
              import FILE...   read text commit logs of version 1 into an empty data folder
              export FILE      write the history as a text commit log of version 1
              -d, --data DIR   the data folder (default ./var)

            check, dump, backup and export work while a server runs; the others need the folder for themselves.
            """;

    private static final Map<String, Boolean> OPTIONS = Map.of(
            "--path", true, "--from", true, "--to", true, "--force", false, "--keep", true, "--data", true, "-d", true);

    private final PrintStream out;
    private final PrintStream err;
    private final SystemProgress progress;

    LogTool(PrintStream out, PrintStream err) {
        this(out, err, new SystemProgress(err, false));
    }

    private LogTool(PrintStream out, PrintStream err, SystemProgress progress) {
        this.out = out;
        this.err = err;
        this.progress = progress;
    }

    /** Does what the arguments say and exits. */
    public static void main(String[] args) {
        var progress = SystemProgress.atTerminal(System.err);
        var out = new PrintStream(progress.above(System.out), false, StandardCharsets.UTF_8);
        var code = new LogTool(out, System.err, progress).run(List.of(args));
        out.flush();
        System.exit(code);
    }

    /** A command line, taken apart. */
    private record Line(String verb, Map<String, String> options, List<String> files) {
        Path data() {
            return Path.of(options.getOrDefault("-d", options.getOrDefault("--data", "var")));
        }

        String file() {
            if (files.size() != 1) {
                throw new TegaException.Invalid("'" + verb + "' needs the name of one file");
            }
            return files.get(0);
        }
    }

    int run(List<String> args) {
        if (args.isEmpty() || args.contains("-h") || args.contains("--help")) {
            (args.isEmpty() ? err : out).print(USAGE);
            return args.isEmpty() ? 2 : 0;
        }
        Line line;
        try {
            line = read(args);
        } catch (TegaException.Invalid e) {
            err.println("tega: " + e.getMessage());
            return 2;
        }
        try {
            return run(line) ? 0 : 1;
        } catch (TegaException e) {
            err.println("tega: " + e.line());
            return e instanceof TegaException.Invalid ? 2 : 1;
        } catch (IOException e) {
            err.println("tega: UNAVAILABLE: " + Reason.of(e));
            return 1;
        }
    }

    private static Line read(List<String> args) {
        var options = new HashMap<String, String>();
        var files = new ArrayList<String>();
        for (var i = 1; i < args.size(); i++) {
            var arg = args.get(i);
            if (!arg.startsWith("-") || arg.equals("-")) {
                files.add(arg);
                continue;
            }
            var takesValue = OPTIONS.get(arg);
            if (takesValue == null) {
                throw new TegaException.Invalid(
                        "there is no option '" + arg + "' ('tega " + args.get(0) + " -h' lists them)");
            }
            if (takesValue && ++i == args.size()) {
                throw new TegaException.Invalid("the option '" + arg + "' needs a value");
            }
            options.put(arg, takesValue ? args.get(i) : "");
        }
        return new Line(args.get(0), options, files);
    }

    private boolean run(Line line) throws IOException {
        var folder = new LogFolder(line.data().resolve(FolderLogProvider.FOLDER), commits(), json());
        folder.storage().settle();
        try (var unused = progress.begin(line.verb())) {
            return run(line, folder);
        }
    }

    private boolean run(Line line, LogFolder folder) throws IOException {
        return switch (line.verb()) {
            case "check" -> new FolderCheck(folder, out).run();
            case "dump" -> dump(folder, line);
            case "repair" -> new FolderRepair(folder, out).run();
            case "backup" -> new FolderBackup(folder, out).write(Path.of(line.file()));
            case "restore" ->
                new FolderBackup(folder, out)
                        .restore(Path.of(line.file()), line.options().containsKey("--force"));
            case "compact" ->
                new Compaction(line.data(), commits(), json(), out)
                        .run(number(line.options().getOrDefault("--keep", "0")));
            case "import" ->
                new TextLogImport(line.data(), commits(), json(), out)
                        .run(line.files().stream().map(Path::of).toList());
            case "export" -> new TextLogExport(folder, out).run(Path.of(line.file()));
            default ->
                throw new TegaException.Invalid(
                        "there is no '" + line.verb() + "' ('tega check -h' lists what there is)");
        };
    }

    private boolean dump(LogFolder folder, Line line) throws IOException {
        var path = line.options().containsKey("--path")
                ? tega.api.Path.parse(line.options().get("--path"))
                : tega.api.Path.EMPTY;
        new CommitDump(folder, out)
                .run(
                        path,
                        Bound.of(line.options().get("--from")),
                        Bound.of(line.options().get("--to")));
        return true;
    }

    /** {@code INVALID} when {@code file} is there, {@code NOT_FOUND} when its folder is not. */
    static void checkNew(Path file) {
        var parent = file.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new TegaException.NotFound("there is no folder for '" + file + "'; make it first");
        }
        if (Files.exists(file)) {
            throw new TegaException.Invalid("'" + file + "' exists already; name another file");
        }
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new TegaException.Invalid("'" + text + "' is not a number");
        }
    }

    private static CommitCodec commits() {
        return found(CommitCodec.class);
    }

    private static JsonCodec json() {
        return found(JsonCodec.class);
    }

    static <T> T found(Class<T> service) {
        return ServiceLoader.load(service)
                .findFirst()
                .orElseThrow(
                        () -> new TegaException.Unavailable("no " + service.getSimpleName() + " is on the class path"));
    }
}
