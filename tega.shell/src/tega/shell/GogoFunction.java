package tega.shell;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import tega.api.spi.JsonCodec;
import tega.api.spi.Server;

/**
 * Commands as functions of Gogo, for its scripts and pipes: {@code tega:get a | grep x}. Gogo gives every stage of a pipe its own
 * standard input and output; the session's are those of its ends.
 */
final class GogoFunction {
    /** The names of all commands, listed here so that a server whose shell nobody uses need not make them. */
    static final List<String> NAMES = List.of(
            "put",
            "pute",
            "set",
            "get",
            "geta",
            "getr",
            "del",
            "show",
            "tree",
            "load",
            "save",
            "begin",
            "cand",
            "cancel",
            "commit",
            "confirm",
            "abort",
            "pending",
            "edit",
            "exit",
            "compare",
            "roots",
            "old",
            "log",
            "diff",
            "blame",
            "rollback",
            "revert",
            "tag",
            "sub",
            "subr",
            "unsub",
            "unsubr",
            "pub",
            "id",
            "watch",
            "ss",
            "clear",
            "plugins",
            "why",
            "top",
            "h",
            "q",
            "format");

    private static final String WORKSPACE = "tega.workspace";

    private GogoFunction() {}

    /** The command {@code name}; transactions and {@code edit} are kept in Gogo's session. */
    static Function of(String name, Server server, JsonCodec json) {
        return (session, arguments) -> {
            var output = new Output(json, Screen.PLAIN, System.out::println);
            var workspace = workspace(session, server, json);
            new Interpreter(
                            Commands.standard(),
                            workspace,
                            new PlainLines(reader()),
                            output,
                            line -> {},
                            Interpreter.Other.NOTHING)
                    .call(name, joined(arguments));
            return null;
        };
    }

    private static Workspace workspace(CommandSession session, Server server, JsonCodec json) {
        if (session.get(WORKSPACE) instanceof Workspace workspace && workspace.server() == server) {
            return workspace;
        }
        var workspace = new Workspace(server, json, Format.YAML);
        session.put(WORKSPACE, workspace);
        return workspace;
    }

    /** The filter {@code name}, over what is piped into it. */
    static Function filter(String name) {
        return (session, arguments) -> {
            var filter = Filter.of(name + " " + joined(arguments));
            filter.apply(reader().lines().toList()).forEach(System.out::println);
            return null;
        };
    }

    private static BufferedReader reader() {
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    }

    /** Gogo has taken the words apart; a command takes them as one text. */
    private static String joined(List<Object> arguments) {
        return arguments.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
