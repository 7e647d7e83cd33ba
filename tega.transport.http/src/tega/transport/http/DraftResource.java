package tega.transport.http;

import java.util.LinkedHashSet;
import java.util.List;
import tega.api.Draft;
import tega.api.Edit;
import tega.api.ErrorCode;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.TegaException;
import tega.api.Value;

/** v1's transactions: drafts that live on the server between requests. */
final class DraftResource {
    List<Route> routes() {
        return List.of(
                Route.of("POST", "/_begin", "Begins a draft", this::begin),
                Route.of("POST", "/_cand", "The roots a draft touches, as it would leave them", this::candidate)
                        .requiredText("txid", "the draft")
                        .flag("internal", "with v1's metadata beside the data")
                        .flag("edits", "what it changes, as edits")
                        .fails(404),
                Route.of("POST", "/_commit", "Commits a draft", this::commit)
                        .requiredText("txid", "the draft")
                        .header("Tega-Message", "what the commit is for")
                        .text("confirm", "undo it unless confirmed within so many seconds; auto")
                        .gives()
                        .fails(404, 406, 413, 422),
                Route.of("POST", "/_cancel", "Drops a draft", this::cancel)
                        .requiredText("txid", "the draft")
                        .gives()
                        .fails(404));
    }

    private Answer begin(Exchange exchange) {
        return Answer.json(
                Value.object("txid", Value.of(exchange.tega().drafts().begin().id())));
    }

    private static Draft draft(Exchange exchange) {
        return exchange.tega().drafts().get(exchange.query().required("txid"));
    }

    private Answer candidate(Exchange exchange) {
        var draft = draft(exchange);
        var base = draft.base();
        var edits = draft.candidate();
        if (exchange.query().flag("edits")) {
            return Answer.json(CommitJson.edits(edits));
        }
        // Looking through the draft itself would count as reading the roots, and conflict with whoever writes them.
        var tree = base.tree();
        var roots = new LinkedHashSet<String>();
        for (var edit : edits) {
            roots.add(edit.path().root());
            tree = tree.apply(edit, base.revision() + 1);
        }
        var candidate = new Snapshot(base.revision() + 1, tree, base.versions());
        var texts = new StringBuilder("[");
        for (var root : roots) {
            var path = Path.of(root);
            var value = candidate.get(path);
            if (value.isPresent()) {
                texts.append(texts.length() > 1 ? "," : "");
                texts.append(
                        exchange.query().flag("internal")
                                ? new Internal(exchange.tega(), base, candidate, ephemeral(edits)).text(path)
                                : value.get());
            }
        }
        return Answer.json(texts.append(']').toString());
    }

    private static List<Path> ephemeral(List<Edit> edits) {
        return edits.stream().filter(Edit::ephemeral).map(Edit::path).toList();
    }

    private Answer commit(Exchange exchange) {
        var draft = draft(exchange);
        try {
            TreeResource.message(exchange).ifPresent(draft::message);
            exchange.query().text("confirm").ifPresent(confirm -> Confirming.apply(confirm, draft));
            return TreeResource.committed(draft.commit());
        } catch (TegaException e) {
            var conflict = e.code() == ErrorCode.CONFLICT || e.code() == ErrorCode.PRECONDITION;
            return conflict ? Problem.of(e, 406) : Problem.of(e);
        }
    }

    private Answer cancel(Exchange exchange) {
        draft(exchange).close();
        return Answer.empty();
    }
}
