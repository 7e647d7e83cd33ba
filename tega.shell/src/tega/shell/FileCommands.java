package tega.shell;

import static tega.shell.Command.Topic.DATA;
import static tega.shell.Command.Word.FILE;
import static tega.shell.Command.Word.PATH;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;

/** Data from files and to files. */
final class FileCommands {
    private FileCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(
                        "load",
                        DATA,
                        "FILE|- [PATH] [-m]",
                        "set a node (or with no PATH each root) from a JSON or YAML file; -m merges",
                        List.of(FILE, PATH),
                        FileCommands::load),
                Command.of(
                        "save",
                        DATA,
                        "FILE|- [PATH]",
                        "write a node to a file: JSON if it ends in .json, else YAML",
                        List.of(FILE, PATH),
                        FileCommands::save));
    }

    private static void load(Invocation call) {
        var words = call.arguments(Set.of("-m"), Set.of());
        var name = Tail.unquoted(words.next("file"));
        var path = call.path(words.maybe());
        words.end();
        var value = name.equals("-") ? call.value("") : read(call, name);
        var merge = words.option("-m").isPresent();
        var unused = Progress.during(call.output(), "loading " + name, () -> {
            change(call, name, path, value, merge);
            return value;
        });
    }

    private static void change(Invocation call, String name, tega.api.Path path, Value value, boolean merge) {
        if (!path.isEmpty()) {
            call.workspace().change(transaction -> {
                var unused = merge ? transaction.merge(path, value) : transaction.put(path, value);
            });
            return;
        }
        if (!(value instanceof ObjectValue roots)) {
            throw new TegaException.Invalid("'" + name + "' holds a " + value.kind()
                    + "; without a path it must be an object whose members are the roots");
        }
        call.workspace().change(transaction -> {
            for (var root : roots) {
                var at = tega.api.Path.of(root.name());
                var unused = merge ? transaction.merge(at, root.value()) : transaction.put(at, root.value());
            }
        });
    }

    private static Value read(Invocation call, String name) {
        try {
            var text = Files.readString(file(call, name), StandardCharsets.UTF_8);
            return name.endsWith(".json")
                    ? call.workspace().json().readJson(text)
                    : call.workspace().json().readYaml(text);
        } catch (NoSuchFileException e) {
            throw new TegaException.NotFound("there is no file '" + name + "'");
        } catch (IOException e) {
            throw new TegaException.Invalid("the file '" + name + "' cannot be read: " + e.getMessage());
        }
    }

    private static Path file(Invocation call, String name) {
        if (!call.workspace().hasFiles()) {
            throw new TegaException.Forbidden(
                    tega.api.Path.EMPTY,
                    "the files of the server's machine are out of reach from here; take - for '" + name
                            + "' and send or keep it at your end");
        }
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new TegaException.Invalid("'" + name + "' is not a file name");
        }
    }

    private static void save(Invocation call) {
        var words = call.arguments();
        var name = Tail.unquoted(words.next("file"));
        var path = call.path(words.maybe());
        words.end();
        var value = call.workspace()
                .look(path)
                .orElseThrow(() -> new TegaException.NotFound(path, "there is no '" + path + "'"));
        if (name.equals("-")) {
            call.answer(value);
            return;
        }
        var json = call.workspace().json();
        try {
            var text = name.endsWith(".json") ? json.toPrettyJson(value) : json.toYaml(value);
            Files.writeString(file(call, name), text.endsWith("\n") ? text : text + "\n", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new TegaException.Unavailable("the file '" + name + "' cannot be written: " + e.getMessage(), e);
        }
    }
}
