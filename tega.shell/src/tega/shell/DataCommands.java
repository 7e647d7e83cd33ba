package tega.shell;

import static tega.shell.Command.Reading.EXPRESSION;
import static tega.shell.Command.Reading.VALUE;
import static tega.shell.Command.Topic.DATA;
import static tega.shell.Command.Word.OTHER;
import static tega.shell.Command.Word.PATH;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import tega.api.Expectation;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.Value;

/** Reading and writing nodes. */
final class DataCommands {
    private DataCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(
                                "put",
                                DATA,
                                "PATH [-v VERSION] [VALUE]",
                                "set a node; without VALUE it is read in YAML up to an empty line",
                                List.of(PATH, OTHER),
                                call -> put(call, false))
                        .read(VALUE),
                Command.of(
                                "pute",
                                DATA,
                                "PATH [VALUE]",
                                "set an ephemeral node, which goes when this shell does",
                                List.of(PATH, OTHER),
                                call -> put(call, true))
                        .read(VALUE),
                Command.of("set", DATA, "PATH VALUE", "set a node", List.of(PATH, OTHER), DataCommands::set)
                        .read(VALUE),
                Command.of(
                        "get",
                        DATA,
                        "PATH [VERSION]",
                        "show a node, now or when its root was at VERSION (-1: the one before)",
                        List.of(PATH, OTHER),
                        DataCommands::get),
                Command.of(
                        "geta",
                        DATA,
                        "PATH [VERSION]",
                        "show a node with the version and origin of everything in it",
                        List.of(PATH, OTHER),
                        DataCommands::annotated),
                Command.of(
                                "getr",
                                DATA,
                                "EXPRESSIONS",
                                "show nodes by regular expressions, one a name, separated by \\.",
                                List.of(PATH),
                                DataCommands::matching)
                        .read(EXPRESSION),
                Command.of(
                                "del",
                                DATA,
                                "PATH [VERSION]",
                                "remove a node; with VERSION only if it last changed then",
                                List.of(PATH, OTHER),
                                DataCommands::delete)
                        .alias("delete"),
                Command.of(
                        "show",
                        DATA,
                        "[PATH]",
                        "show a node, or what is being edited",
                        List.of(PATH),
                        DataCommands::show),
                Command.of(
                        "tree",
                        DATA,
                        "[PATH] [-d DEPTH]",
                        "draw a node and what is below it",
                        List.of(PATH),
                        DataCommands::tree));
    }

    private static void put(Invocation call, boolean ephemeral) {
        var tail = call.tail();
        var path = path(call, tail);
        var version = OptionalLong.empty();
        if (tail.peek().equals("-v")) {
            tail.word();
            version = OptionalLong.of(version(call, tail.word()));
        }
        write(call, path, version, call.value(tail.rest()), ephemeral);
    }

    private static void set(Invocation call) {
        var tail = call.tail();
        var path = path(call, tail);
        if (tail.isEmpty()) {
            throw call.wrong("the value is missing");
        }
        write(call, path, OptionalLong.empty(), call.value(tail.rest()), false);
    }

    private static Path path(Invocation call, Tail tail) {
        if (tail.isEmpty()) {
            throw call.wrong("the path is missing");
        }
        return call.workspace().path(tail.word());
    }

    private static long version(Invocation call, String word) {
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw call.wrong("the version '" + word + "' is not a number");
        }
    }

    private static void write(Invocation call, Path path, OptionalLong version, Value value, boolean ephemeral) {
        call.workspace().change(transaction -> {
            version.ifPresent(number -> transaction.expect(path, new Expectation.AtVersion(number)));
            if (ephemeral) {
                transaction.putEphemeral(path, value);
            } else {
                transaction.put(path, value);
            }
        });
    }

    private static void get(Invocation call) {
        var words = call.arguments();
        var path = call.workspace().path(words.next("path"));
        var version = words.maybeNumber("version");
        words.end();
        var value = version.isPresent()
                ? call.server().get(path, version.getAsLong())
                : call.workspace().get(path);
        call.answer(value.orElseThrow(() -> absent(path)));
    }

    private static TegaException absent(Path path) {
        return new TegaException.NotFound(path, "there is no '" + path + "'");
    }

    private static void annotated(Invocation call) {
        var words = call.arguments();
        var path = call.workspace().path(words.next("path"));
        var version = words.maybeNumber("version");
        words.end();
        call.answer(call.server().annotated(path, version).orElseThrow(() -> absent(path)));
    }

    private static void matching(Invocation call) {
        var words = call.arguments();
        var expressions = words.next("expression");
        words.end();
        call.answer(call.server().matching(PathPattern.regex(expressions)));
    }

    private static void delete(Invocation call) {
        var words = call.arguments();
        var path = call.workspace().path(words.next("path"));
        var version = words.maybeNumber("version");
        words.end();
        call.workspace().change(transaction -> {
            version.ifPresent(number -> transaction.expect(path, new Expectation.AtVersion(number)));
            transaction.delete(path);
        });
    }

    private static void show(Invocation call) {
        var words = call.arguments();
        var path = call.path(words.maybe());
        words.end();
        call.answer(call.workspace().look(path).orElseThrow(() -> absent(path)));
    }

    private static void tree(Invocation call) {
        var words = call.arguments(Set.of(), Set.of("-d"));
        var path = call.path(words.maybe());
        words.end();
        var depth = words.number("-d", Integer.MAX_VALUE);
        var value = call.workspace().look(path).orElseThrow(() -> absent(path));
        call.output().lines(new TreeDrawing(call.output(), depth).of(path, value));
    }
}
