package tega.shell;

import static tega.shell.Command.Topic.HISTORY;
import static tega.shell.Command.Word.OTHER;
import static tega.shell.Command.Word.PATH;
import static tega.shell.Command.Word.ROOT;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tega.api.Commit;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;

/** What was, who did it, and going back. */
final class HistoryCommands {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    private HistoryCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of(
                        "roots",
                        HISTORY,
                        "",
                        "list the roots, each with its version",
                        List.of(),
                        HistoryCommands::roots),
                Command.of(
                        "old",
                        HISTORY,
                        "",
                        "list the older versions kept of each root",
                        List.of(),
                        HistoryCommands::old),
                Command.of(
                        "log",
                        HISTORY,
                        "[PATH] [-n COUNT]",
                        "list the commits that touched a node, newest first",
                        List.of(PATH, OTHER),
                        HistoryCommands::log),
                Command.of(
                        "diff",
                        HISTORY,
                        "[PATH] FROM [TO]",
                        "show what changed between two revisions, or since one",
                        List.of(PATH, OTHER),
                        HistoryCommands::diff),
                Command.of(
                        "blame",
                        HISTORY,
                        "[PATH]",
                        "show who last changed each leaf",
                        List.of(PATH),
                        HistoryCommands::blame),
                Command.of(
                        "rollback",
                        HISTORY,
                        "[ROOT] VERSION | BUNDLE",
                        "set a root back to a version (-1: the one before); in edit, VERSION counts back",
                        List.of(ROOT, OTHER),
                        HistoryCommands::rollback),
                Command.of(
                        "revert",
                        HISTORY,
                        "REVISION",
                        "undo one older commit",
                        List.of(OTHER),
                        HistoryCommands::revert),
                Command.of(
                        "tag",
                        HISTORY,
                        "[NAME [REVISION]]",
                        "list the names given to revisions, or name one",
                        List.of(OTHER),
                        HistoryCommands::tag));
    }

    private static void roots(Invocation call) {
        call.arguments().end();
        var roots = ObjectValue.builder();
        call.server().roots().forEach((root, version) -> roots.put(root, Value.of(version)));
        call.answer(roots.build());
    }

    private static void old(Invocation call) {
        call.arguments().end();
        var old = new ArrayList<Value>();
        call.server()
                .olderVersions()
                .forEach((root, versions) -> old.add(Value.object(
                        root, Value.array(versions.stream().map(Value::of).toList()))));
        call.answer(Value.array(old));
    }

    private static void log(Invocation call) {
        var words = call.arguments(Set.of(), Set.of("-n"));
        var path = call.path(words.maybe());
        words.end();
        var commits = call.tega().history().log(path, Long.MAX_VALUE, words.number("-n", 20));
        var table = new Table(List.of("revision", "time", "author", "kind", "what"));
        var value = new ArrayList<Value>();
        for (var commit : commits) {
            table.row(
                    commit.revision(),
                    TIME.format(commit.time()),
                    commit.by().author(),
                    commit.kind().wireName(),
                    what(commit));
            value.add(view(commit));
        }
        call.answer(table, Value.array(value));
    }

    /** What a commit is about: its message, or else what it touched. */
    static String what(Commit commit) {
        var message = commit.message();
        if (message != null) {
            return message;
        }
        var paths = commit.edits().stream()
                .map(edit -> edit.path().toString())
                .distinct()
                .toList();
        var more = paths.size() > 3 ? ", … " + paths.size() + " paths" : "";
        var touched = paths.stream().limit(3).collect(Collectors.joining(", ")) + more;
        return commit.refersTo() == 0 ? touched : ("of " + commit.refersTo() + " " + touched).strip();
    }

    /** A commit as a value. */
    static ObjectValue view(Commit commit) {
        var view = ObjectValue.builder()
                .put("revision", Value.of(commit.revision()))
                .put(
                        "time",
                        Value.of(commit.time().truncatedTo(ChronoUnit.MILLIS).toString()))
                .put("author", Value.of(commit.by().author()))
                .put("tega_id", Value.of(commit.by().tegaId()))
                .put("origin", Value.of(commit.origin()))
                .put("kind", Value.of(commit.kind().wireName()))
                .put("edits", Edits.value(commit.edits(), path -> null));
        var message = commit.message();
        if (message != null) {
            view.put("message", Value.of(message));
        }
        if (commit.refersTo() != 0) {
            view.put("refers_to", Value.of(commit.refersTo()));
        }
        return view.build();
    }

    private static void diff(Invocation call) {
        var words = call.arguments();
        var path = words.nextIsNumber()
                ? call.workspace().place()
                : call.workspace().path(words.next("path"));
        var from = words.number("revision");
        var to = words.hasNext() ? words.number("revision") : newest(call);
        words.end();
        var history = call.tega().history();
        var edits = history.diff(from, to, path);
        // The way back says what was there, without a snapshot of everything.
        var before = Tree.EMPTY;
        for (var edit : edits.isEmpty() ? edits : history.diff(to, from, path)) {
            before = before.apply(edit, 0);
        }
        call.answerChanges(edits, before::get);
    }

    private static long newest(Invocation call) {
        var commits = call.tega().history().log(Path.EMPTY, Long.MAX_VALUE, 1);
        return commits.isEmpty() ? 0 : commits.get(0).revision();
    }

    private static void blame(Invocation call) {
        var words = call.arguments();
        var path = call.path(words.maybe());
        words.end();
        var table = new Table(List.of("revision", "time", "author", "leaf"));
        var value = new ArrayList<Value>();
        for (var line : call.tega().history().blame(path)) {
            var commit = line.commit();
            var leaf = line.path() + ": " + call.output().brief(line.value(), 60);
            table.row(
                    line.revision(),
                    commit == null ? "no longer kept" : TIME.format(commit.time()),
                    commit == null ? "" : commit.by().author(),
                    leaf);
            var item = ObjectValue.builder()
                    .put("path", line.path().toValue())
                    .put("value", line.value())
                    .put("revision", Value.of(line.revision()));
            if (commit != null) {
                item.put("author", Value.of(commit.by().author()))
                        .put(
                                "time",
                                Value.of(commit.time()
                                        .truncatedTo(ChronoUnit.MILLIS)
                                        .toString()));
            }
            value.add(item.build());
        }
        call.answer(table, Value.array(value));
    }

    private static void rollback(Invocation call) throws InterruptedException {
        var contributed = isBundle(call) ? ContributedCommand.find(call.server(), "rollback") : null;
        if (contributed != null) {
            contributed.action().run(call);
            return;
        }
        var words = call.arguments();
        var place = call.workspace().place();
        Commit commit;
        if (words.nextIsNumber() && !place.isEmpty()) {
            var back = words.number("version");
            words.end();
            commit = call.tega().history().rollback(place.root(), -Math.abs(back));
        } else {
            var root = Path.parse(words.next("root"));
            var version = words.number("version");
            words.end();
            if (root.depth() != 1) {
                throw new TegaException.Invalid(
                        root, "a root is rolled back as a whole, and '" + root + "' is no root");
            }
            commit = call.tega().history().rollback(root.root(), version);
        }
        call.say("200 OK", Value.object("revision", Value.of(commit.revision())));
    }

    /** One word that is neither a version nor a root: what else can be set back is a bundle. */
    private static boolean isBundle(Invocation call) {
        var tail = call.tail();
        if (tail.isEmpty()) {
            return false;
        }
        var word = tail.word();
        return tail.isEmpty()
                && !word.matches("-?\\d+")
                && !call.server().roots().containsKey(word);
    }

    private static void revert(Invocation call) {
        var words = call.arguments();
        var revision = words.number("revision");
        words.end();
        var commit = call.tega().history().revert(revision);
        call.say(
                "revision " + revision + " undone by " + commit.revision(),
                Value.object("revision", Value.of(commit.revision()), "refers_to", Value.of(revision)));
    }

    private static void tag(Invocation call) {
        var words = call.arguments();
        var name = words.maybe();
        var revision = words.maybeNumber("revision");
        words.end();
        var history = call.tega().history();
        if (name.isEmpty()) {
            var tags = ObjectValue.builder();
            history.tags().forEach((tag, number) -> tags.put(tag, Value.of(number)));
            call.answer(tags.build());
            return;
        }
        var number = revision.isPresent() ? revision.getAsLong() : newest(call);
        history.tag(Tail.unquoted(name.get()), number);
        var given = Tail.unquoted(name.get());
        call.say("revision " + number + " is " + given, Value.object(given, Value.of(number)));
    }
}
