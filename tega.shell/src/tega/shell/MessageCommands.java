package tega.shell;

import static tega.shell.Command.Reading.EXPRESSION;
import static tega.shell.Command.Reading.VALUE;
import static tega.shell.Command.Topic.MESSAGES;
import static tega.shell.Command.Word.OTHER;
import static tega.shell.Command.Word.PATH;
import static tega.shell.Command.Word.SCOPE;

import java.util.List;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Scope;
import tega.api.TegaException;
import tega.api.Value;

/** Hearing what others publish and change, and telling them. */
final class MessageCommands {
    private MessageCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(
                        "sub",
                        MESSAGES,
                        "PATH [local|global]",
                        "show messages to a channel, and changes of others to the node of that name, as they come",
                        List.of(PATH, SCOPE),
                        call -> subscribe(call, false)),
                Command.of(
                                "subr",
                                MESSAGES,
                                "EXPRESSIONS [local|global]",
                                "the same by regular expressions, one a name, separated by \\.",
                                List.of(PATH, SCOPE),
                                call -> subscribe(call, true))
                        .read(EXPRESSION),
                Command.of(
                        "unsub",
                        MESSAGES,
                        "[PATH]",
                        "end what sub began; without PATH all of it, that of subr too",
                        List.of(PATH),
                        call -> unsubscribe(call, false)),
                Command.of(
                                "unsubr",
                                MESSAGES,
                                "EXPRESSIONS",
                                "end what subr began",
                                List.of(PATH),
                                call -> unsubscribe(call, true))
                        .read(EXPRESSION),
                Command.of(
                                "pub",
                                MESSAGES,
                                "CHANNEL [VALUE]",
                                "publish a message; without VALUE it is read in YAML up to an empty line",
                                List.of(PATH, OTHER),
                                MessageCommands::publish)
                        .read(VALUE));
    }

    private static void subscribe(Invocation call, boolean regex) {
        var words = call.arguments();
        var text = words.next(regex ? "expression" : "path");
        var scope = Scope.of(words.maybe().orElse(Scope.LOCAL.wireName()));
        words.end();
        var pattern = regex ? PathPattern.regex(text) : pattern(call, text);
        if (!call.workspace().subscriptions().add(name(call, text, regex), regex, pattern, scope)) {
            throw new TegaException.Conflict(null, "'" + text + "' has been subscribed already; unsub ends it");
        }
    }

    private static PathPattern pattern(Invocation call, String text) {
        var pattern = call.workspace().pattern(text);
        if (pattern.parts().isEmpty()) {
            throw call.wrong("the path is missing");
        }
        return pattern;
    }

    /** By which it is ended again, wherever the user edits then. */
    private static String name(Invocation call, String text, boolean regex) {
        return regex ? text : pattern(call, text).toString();
    }

    private static void unsubscribe(Invocation call, boolean regex) {
        var words = call.arguments();
        var text = words.maybe();
        words.end();
        if (text.isEmpty()) {
            if (regex) {
                throw call.wrong("the expression is missing");
            }
            call.workspace().subscriptions().clear();
        } else if (!call.workspace().subscriptions().remove(name(call, text.get(), regex), regex)) {
            throw new TegaException.NotFound("'" + text.get() + "' has not been subscribed");
        }
    }

    private static void publish(Invocation call) {
        var tail = call.tail();
        if (tail.isEmpty()) {
            throw call.wrong("the channel is missing");
        }
        Path channel = call.workspace().path(tail.word());
        Value message = call.value(tail.rest());
        call.server().messages().publish(channel, message);
    }
}
