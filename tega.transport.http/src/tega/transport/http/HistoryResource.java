package tega.transport.http;

import java.time.Duration;
import java.util.List;
import tega.api.Commit;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;

/** What was, going back to it, and keeping what waits to be confirmed. */
final class HistoryResource {
    List<Route> routes() {
        return List.of(
                Route.of("POST", "/_rollback", "Sets a root back to an earlier version", this::rollback)
                        .requiredText("root_oid", "the root")
                        .requiredNumber("backto", "the version; negative: so many versions back")
                        .gives()
                        .fails(404, 409, 410, 422),
                Route.of("GET", "/_log", "Commits that touched a path, newest first", this::log)
                        .text("path", "a dotted path; all of the database when it is not given")
                        .number("limit", "at most so many, 1 to 1000; 100 when not given")
                        .number("from", "this revision and earlier")
                        .fails(404, 410),
                Route.of("GET", "/_diff", "What changed between two revisions", this::diff)
                        .text("path", "a dotted path; all of the database when it is not given")
                        .requiredNumber("from", "the earlier revision")
                        .number("to", "the later revision; now when it is not given")
                        .fails(404, 410),
                Route.of("GET", "/_blame", "For every leaf, the commit that last changed it", this::blame)
                        .text("path", "a dotted path; all of the database when it is not given")
                        .fails(404),
                Route.of("POST", "/_revert", "Undoes one older commit by a new one", this::revert)
                        .requiredNumber("revision", "the revision to undo")
                        .fails(404, 409, 410, 422),
                Route.of("GET", "/_tag", "The names given to revisions", this::tags),
                Route.of("POST", "/_tag", "Gives a revision a name", this::tag)
                        .requiredText("name", "the name")
                        .number("revision", "the revision; the current one when it is not given")
                        .fails(404, 409, 410),
                Route.of("GET", "/_confirm", "The commits that wait to be confirmed", this::pending),
                Route.of("POST", "/_confirm", "Confirms, extends or undoes a commit inside its window", this::confirm)
                        .requiredNumber("revision", "the commit")
                        .text("action", "confirm, extend or cancel; confirm when it is not given")
                        .number("window", "with extend: the seconds from now")
                        .fails(404, 409));
    }

    private Answer rollback(Exchange exchange) {
        var query = exchange.query();
        var root = query.required("root_oid");
        return TreeResource.committed(exchange.tega().history().rollback(root, query.requiredNumber("backto")));
    }

    private Answer log(Exchange exchange) {
        var query = exchange.query();
        var limit = query.bounded("limit", 100, 1, 1000);
        var from = query.number("from").orElse(Long.MAX_VALUE);
        var commits = exchange.tega().history().log(query.path("path"), from, limit);
        return exchange.show(
                Value.array(commits.stream().map(CommitJson::commit).toList()));
    }

    private Answer diff(Exchange exchange) {
        var query = exchange.query();
        var tega = exchange.tega();
        var to = query.number("to").orElseGet(() -> tega.snapshot().revision());
        return exchange.show(
                CommitJson.edits(tega.history().diff(query.requiredNumber("from"), to, query.path("path"))));
    }

    private Answer blame(Exchange exchange) {
        var leaves = exchange.tega().history().blame(exchange.query().path("path"));
        return exchange.show(Value.array(leaves.stream()
                .map(leaf -> {
                    var commit = leaf.commit();
                    return ObjectValue.builder()
                            .put("path", leaf.path().toValue())
                            .put("value", leaf.value())
                            .put("revision", Value.of(leaf.revision()))
                            .put(
                                    "commit",
                                    commit == null
                                            ? Value.NULL
                                            : CommitJson.head(commit).build())
                            .build();
                })
                .toList()));
    }

    private Answer revert(Exchange exchange) {
        return told(exchange.tega().history().revert(exchange.query().requiredNumber("revision")));
    }

    /** The answer of what commits and is not of v1. */
    static Answer told(Commit commit) {
        return Answer.json(CommitJson.head(commit).build()).at(commit.revision());
    }

    private Answer tags(Exchange exchange) {
        return exchange.show(CommitJson.versions(exchange.tega().history().tags()));
    }

    private Answer tag(Exchange exchange) {
        var tega = exchange.tega();
        var name = exchange.query().required("name");
        var revision = exchange.query().number("revision").orElseGet(() -> tega.snapshot()
                .revision());
        return told(tega.history().tag(name, revision));
    }

    private Answer pending(Exchange exchange) {
        return exchange.show(Value.array(exchange.tega().confirmations().pending().stream()
                .map(pending -> CommitJson.head(pending.commit())
                        .put("deadline", Value.of(pending.deadline().toString()))
                        .build())
                .toList()));
    }

    private Answer confirm(Exchange exchange) {
        var query = exchange.query();
        var revision = query.requiredNumber("revision");
        var confirmations = exchange.tega().confirmations();
        var action = query.text("action").orElse("confirm");
        return switch (action) {
            case "confirm" -> told(confirmations.confirm(revision));
            case "cancel" -> told(confirmations.cancel(revision));
            case "extend" -> {
                query.required("window");
                confirmations.extend(revision, Duration.ofSeconds(query.bounded("window", 0, 1, 1_000_000)));
                yield Answer.json(Value.object("revision", Value.of(revision)));
            }
            default -> throw new TegaException.Invalid("the action is confirm, extend or cancel, not '" + action + "'");
        };
    }
}
