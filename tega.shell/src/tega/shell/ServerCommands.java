package tega.shell;

import static tega.shell.Command.Topic.DATA;
import static tega.shell.Command.Topic.SERVER;
import static tega.shell.Command.Word.OTHER;
import static tega.shell.Command.Word.PATH;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.WatchEvent;
import tega.api.WatchRequest;

/** What is asked of the server itself, and watching it at work. */
final class ServerCommands {
    private static final Duration BEAT = Duration.ofMillis(500);

    private ServerCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of("id", SERVER, "", "show the name this shell goes by", List.of(), ServerCommands::id),
                Command.of(
                        "watch",
                        DATA,
                        "[PATH] [-n COUNT] [-s REVISION]",
                        "show changes as they happen, until interrupted or COUNT were shown",
                        List.of(PATH, OTHER),
                        ServerCommands::watch),
                Command.of(
                        "ss",
                        SERVER,
                        "",
                        "write a snapshot beside the log now, so that the next start is quick",
                        List.of(),
                        ServerCommands::picture),
                Command.of(
                        "clear",
                        SERVER,
                        "[-f]",
                        "remove all data and all history; at a terminal it asks first, unless -f (--yes) says so",
                        List.of(OTHER),
                        ServerCommands::clear),
                Command.of("plugins", SERVER, "", "list the plugins", List.of(), ServerCommands::plugins),
                Command.of(
                        "why",
                        SERVER,
                        "[BUNDLE]",
                        "show how each part of the server is, or one bundle, and what keeps it from working",
                        List.of(OTHER),
                        ServerCommands::why));
    }

    private static void id(Invocation call) {
        call.arguments().end();
        var id = call.tega().identity().tegaId();
        call.say(id, Value.of(id));
    }

    private static void picture(Invocation call) {
        call.arguments().end();
        var revision = Progress.during(call.output(), "writing a snapshot", call.server()::writePicture);
        call.say("200 OK", Value.object("revision", Value.of(revision)));
    }

    private static void clear(Invocation call) {
        var words = call.arguments(Set.of("-f", "--yes"), Set.of());
        words.end();
        var sure = words.option("-f").isPresent() || words.option("--yes").isPresent();
        if (!sure && !call.confirmed("All data and all history will be gone for good. Type yes to go on:")) {
            call.output().line("nothing was removed");
            return;
        }
        call.say("200 OK", Value.object("revision", Value.of(call.tega().clear().revision())));
    }

    private static void plugins(Invocation call) throws InterruptedException {
        var contributed = ContributedCommand.find(call.server(), "plugins");
        if (contributed != null) {
            contributed.action().run(call);
            return;
        }
        call.arguments().end();
        call.answer(call.server().plugins());
    }

    private static void why(Invocation call) throws InterruptedException {
        var tail = call.tail();
        var contributed =
                tail.isEmpty() || tail.word().startsWith("-") ? null : ContributedCommand.find(call.server(), "why");
        if (contributed != null) {
            contributed.action().run(call);
            return;
        }
        call.arguments().end();
        var table = new Table(List.of("part", "state", "reason"));
        var value = ObjectValue.builder();
        for (var part : call.server().parts()) {
            var trouble = part.trouble();
            table.row(part.subject(), trouble.isEmpty() ? "well" : "in trouble", trouble.orElse(""));
            value.put(part.subject(), trouble.isEmpty() ? Value.NULL : Value.of(trouble.get()));
        }
        call.answer(table, value.build());
    }

    private static void watch(Invocation call) {
        var words = call.arguments(Set.of(), Set.of("-n", "-s"));
        var pattern = words.maybe().orElse("");
        words.end();
        var left = words.number("-n", Integer.MAX_VALUE);
        var request = WatchRequest.of(call.workspace().pattern(pattern));
        if (words.option("-s").isPresent()) {
            request = request.from(words.number("-s", 1));
        }
        try (var watch = call.tega().watch(request)) {
            while (left > 0) {
                var event = watch.take(BEAT);
                if (event.isEmpty()) {
                    continue;
                }
                if (event.get() instanceof WatchEvent.Changed changed) {
                    Notices.show(
                            changed.change(), "", call.format(), call.output().live());
                    left--;
                } else if (event.get() instanceof WatchEvent.Compacted compacted) {
                    throw new TegaException.Compacted(
                            "that is no longer kept; the oldest revision is " + compacted.oldest(), compacted.oldest());
                } else if (event.get() instanceof WatchEvent.Slow slow) {
                    throw new TegaException.LimitExceeded(
                            "changes came faster than they could be shown; go on with watch -s " + slow.resume());
                }
            }
        } catch (InterruptedException e) {
            // the user has seen enough, and wants the prompt back
        }
    }
}
