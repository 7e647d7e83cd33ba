package tega.shell;

import static tega.shell.Command.Reading.VALUE;
import static tega.shell.Command.Topic.DRAFTS;
import static tega.shell.Command.Word.OTHER;
import static tega.shell.Command.Word.PATH;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import tega.api.Commit;
import tega.api.Draft;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;

/** Changes made together: begin, look, commit or cancel; and confirmed commits. */
final class DraftCommands {
    private DraftCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of("begin", DRAFTS, "", "begin a transaction", List.of(), DraftCommands::begin),
                Command.of(
                        "cand",
                        DRAFTS,
                        "",
                        "show the roots as the transaction makes them",
                        List.of(),
                        DraftCommands::candidate),
                Command.of("cancel", DRAFTS, "", "drop the transaction", List.of(), DraftCommands::cancel),
                Command.of(
                                "commit",
                                DRAFTS,
                                "[confirm SECONDS] [comment TEXT]",
                                "commit the transaction; with confirm it is undone unless confirmed in time",
                                List.of(OTHER),
                                DraftCommands::commit)
                        .read(VALUE),
                Command.of(
                        "confirm",
                        DRAFTS,
                        "[REVISION]",
                        "keep a commit that waits to be confirmed",
                        List.of(OTHER),
                        DraftCommands::confirm),
                Command.of(
                        "abort",
                        DRAFTS,
                        "[REVISION]",
                        "undo a commit that waits to be confirmed",
                        List.of(OTHER),
                        DraftCommands::abort),
                Command.of(
                        "pending",
                        DRAFTS,
                        "",
                        "list the commits that wait to be confirmed",
                        List.of(),
                        DraftCommands::pending),
                Command.of(
                        "edit",
                        DRAFTS,
                        "[PATH|..]",
                        "begin a transaction if there is none, and take paths from PATH on",
                        List.of(PATH),
                        DraftCommands::edit),
                Command.of(
                        "exit",
                        DRAFTS,
                        "",
                        "take paths from the top again, the transaction stays; at the top: quit",
                        List.of(),
                        DraftCommands::exit),
                Command.of(
                        "compare",
                        DRAFTS,
                        "[PATH]",
                        "show what the transaction changes",
                        List.of(PATH),
                        DraftCommands::compare));
    }

    private static void begin(Invocation call) {
        call.arguments().end();
        var id = call.workspace().begin().id();
        call.say("txid: " + id + " accepted", Value.object("txid", Value.of(id)));
    }

    private static void cancel(Invocation call) {
        call.arguments().end();
        var draft = call.workspace().openDraft();
        draft.close();
        call.workspace().forgetDraft();
        call.say("txid: " + draft.id() + " cancelled", Value.object("txid", Value.of(draft.id())));
    }

    private static void candidate(Invocation call) {
        call.arguments().end();
        var draft = call.workspace().openDraft();
        var roots = new TreeSet<Path>();
        draft.candidate().forEach(edit -> roots.add(edit.path().first(1)));
        var values = roots.stream()
                .map(call.workspace()::look)
                .flatMap(Optional::stream)
                .toList();
        call.answer(Value.array(values));
    }

    private static void commit(Invocation call) {
        var tail = call.tail();
        var draft = call.workspace().openDraft();
        while (!tail.isEmpty()) {
            switch (tail.word()) {
                case "confirm", "confirmed" -> draft.confirm(window(call, tail.word()), false);
                case "comment" -> {
                    if (tail.isEmpty()) {
                        throw call.wrong("the comment is missing");
                    }
                    draft.message(Tail.unquoted(tail.rest()));
                }
                case "-o" -> call.ask(tail.word());
                default -> throw call.wrong("commit takes confirm and comment");
            }
        }
        finish(call, draft, draft::commit);
    }

    private static Duration window(Invocation call, String seconds) {
        try {
            var number = Long.parseLong(seconds);
            if (number > 0) {
                return Duration.ofSeconds(number);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw call.wrong("'" + seconds + "' is not a number of seconds");
    }

    /** The transaction is over either way, unless the server could not do it just now. */
    private static void finish(Invocation call, Draft draft, Supplier<Commit> end) {
        try {
            var commit = end.get();
            call.workspace().forgetDraft();
            var promise = commit.confirm();
            var undone =
                    promise == null ? "" : "\nundone in " + promise.window().toSeconds() + " s unless you confirm";
            var facts = Value.object("txid", Value.of(draft.id()), "revision", Value.of(commit.revision()));
            call.say(
                    "txid: " + draft.id() + " committed" + undone,
                    promise == null
                            ? facts
                            : facts.with("confirm", Value.of(promise.window().toSeconds())));
        } catch (TegaException e) {
            call.workspace().forgetDraft();
            throw e;
        }
    }

    private static void confirm(Invocation call) {
        var revision = waiting(call);
        call.tega().confirmations().confirm(revision);
        call.say("revision " + revision + " confirmed", Value.object("revision", Value.of(revision)));
    }

    private static void abort(Invocation call) {
        var revision = waiting(call);
        call.tega().confirmations().cancel(revision);
        call.say("revision " + revision + " undone", Value.object("revision", Value.of(revision)));
    }

    /** The revision that was named, or the only one that waits. */
    private static long waiting(Invocation call) {
        var words = call.arguments();
        var named = words.maybeNumber("revision");
        words.end();
        if (named.isPresent()) {
            return named.getAsLong();
        }
        var pending = call.tega().confirmations().pending();
        if (pending.isEmpty()) {
            throw new TegaException.NotFound("no commit waits to be confirmed");
        }
        if (pending.size() > 1) {
            throw new TegaException.Conflict(
                    null, "more than one commit waits to be confirmed; pending lists them, name a revision");
        }
        return pending.get(0).commit().revision();
    }

    private static void pending(Invocation call) {
        call.arguments().end();
        var table = new Table(List.of("revision", "until", "author", "message"));
        var value = new ArrayList<Value>();
        for (var waiting : call.tega().confirmations().pending()) {
            var commit = waiting.commit();
            var message = commit.message();
            table.row(commit.revision(), waiting.deadline(), commit.by().author(), message == null ? "" : message);
            value.add(HistoryCommands.view(commit)
                    .with("until", Value.of(waiting.deadline().toString())));
        }
        call.answer(table, Value.array(value));
    }

    private static void edit(Invocation call) {
        var words = call.arguments();
        var word = words.maybe();
        words.end();
        var workspace = call.workspace();
        var place = workspace.place();
        var target = word.isEmpty()
                ? place
                : word.get().equals("..") ? (place.isEmpty() ? place : place.parent()) : workspace.path(word.get());
        if (workspace.draft().isEmpty()) {
            workspace.begin();
        }
        workspace.place(target);
    }

    private static void exit(Invocation call) {
        call.arguments().end();
        if (call.workspace().place().isEmpty()) {
            call.leave();
        } else {
            call.workspace().place(Path.EMPTY);
        }
    }

    private static void compare(Invocation call) {
        var words = call.arguments();
        var path = call.path(words.maybe());
        words.end();
        var draft = call.workspace().openDraft();
        var edits = draft.candidate().stream()
                .filter(edit -> edit.path().overlaps(path))
                .toList();
        call.answerChanges(edits, node -> call.tega().get(node).orElse(null));
    }
}
