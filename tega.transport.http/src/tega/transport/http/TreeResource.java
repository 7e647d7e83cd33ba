package tega.transport.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.eclipse.jetty.http.HttpHeader;
import tega.api.Commit;
import tega.api.ErrorCode;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.TegaException;
import tega.api.Transaction;

/** The nodes of the tree: read, set, changed in part, deleted. */
final class TreeResource {
    private static final String MERGE = "application/merge-patch+json";
    private static final String PATCH = "application/json-patch+json";

    List<Route> routes() {
        return List.of(
                Route.of("GET", Route.TREE, "The value at a path", this::get)
                        .number("version", "as it was at this version of its root; negative: so many versions ago")
                        .number("revision", "as it was at this revision; not together with version")
                        .flag("internal", "with v1's metadata beside the data")
                        .flag(
                                "regex_flag",
                                "the URL is regular expressions, one a name: all that match, with their groups")
                        .text("txid", "as a draft would leave it")
                        .number("depth", "objects deeper than this are given as {}")
                        .text("fields", "only these members: dotted paths below the node, joined by commas")
                        .text("after", "a page of members: those after this name")
                        .number("limit", "a page of members: at most so many")
                        .header("If-None-Match", "an entity tag: 304 when nothing has changed")
                        .gives("application/json", "application/yaml")
                        .fails(304, 404, 410, 413),
                Route.of("PUT", Route.TREE, "Sets a node, replacing what is there", this::put)
                        .number("version", "the version its root must have had when the node last changed")
                        .text("txid", "in this draft")
                        .flag("ephemeral", "until the session of tega_id ends")
                        .header("If-Match", "an entity tag the node must have")
                        .header("If-None-Match", "*: the node must not be there")
                        .header("Tega-Message", "what the commit is for")
                        .takes("application/json", "{\"lan\":{\"mtu\":1500}}")
                        .takes("application/yaml", "lan: {mtu: 1500}\n")
                        .gives()
                        .fails(404, 409, 412, 422),
                Route.of("PATCH", Route.TREE, "Changes a node in part (RFC 7396, RFC 6902)", this::patch)
                        .number("version", "the version its root must have had when the node last changed")
                        .text("txid", "in this draft")
                        .header("If-Match", "an entity tag the node must have")
                        .header("Tega-Message", "what the commit is for")
                        .takes(MERGE, "{\"lan\":{\"mtu\":9000}}")
                        .takes(PATCH, "[{\"op\":\"add\",\"path\":\"/up\",\"value\":true}]")
                        .gives()
                        .fails(404, 409, 412, 415, 422),
                Route.of("DELETE", Route.TREE, "Removes a node, and ancestors left empty", this::delete)
                        .number("version", "the version its root must have had when the node last changed")
                        .text("txid", "in this draft")
                        .header("If-Match", "an entity tag the node must have")
                        .header("Tega-Message", "what the commit is for")
                        .gives()
                        .fails(404, 409, 412, 422));
    }

    private Answer get(Exchange exchange) {
        var query = exchange.query();
        if (query.flag("regex_flag")) {
            return RegexRead.answer(exchange);
        }
        var path = exchange.path();
        if (query.has("txid")) {
            return exchange.show(exchange.tega()
                    .drafts()
                    .get(query.required("txid"))
                    .get(path)
                    .orElseThrow(() -> absent(path)));
        }
        exchange.requireReader(path);
        var snapshot = snapshot(exchange, path);
        var revision = snapshot.revision(path).orElseThrow(() -> absent(path));
        if (Entity.isKnown(exchange, revision)) {
            return new Answer(304, null, new byte[0])
                    .tag(Entity.tag(revision, ""))
                    .at(snapshot.revision());
        }
        if (query.flag("internal")) {
            var text = new Internal(exchange.tega(), snapshot).text(path);
            var answer = Answer.json(text).tag(Entity.tag(revision, "internal")).at(snapshot.revision());
            exchange.tega()
                    .owner(path)
                    .ifPresent(owner -> answer.with("Tega-Owner", URLEncoder.encode(owner, StandardCharsets.UTF_8)));
            return answer;
        }
        var value = snapshot.get(path).orElseThrow(() -> absent(path));
        var page = Page.of(query);
        var answer = exchange.show(page.cut(value)).at(snapshot.revision());
        var next = page.next(value);
        next.ifPresent(name -> answer.with("Link", "<" + Page.link(exchange, name) + ">; rel=\"next\""));
        var form = page.form() + (exchange.wantsYaml() ? "yaml" : "");
        return answer.tag(Entity.tag(revision, form)).with(HttpHeader.VARY, "Accept");
    }

    /** The database now, or at the revision, or when the root of {@code path} was at the version, that is asked for. */
    private static Snapshot snapshot(Exchange exchange, Path path) {
        var version = exchange.query().number("version");
        var revision = exchange.query().number("revision");
        if (revision.isPresent()) {
            if (version.isPresent()) {
                throw new TegaException.Invalid("give a version or a revision, not both");
            }
            return exchange.tega().history().at(revision.getAsLong());
        }
        if (version.isEmpty()) {
            return exchange.tega().snapshot();
        }
        if (path.isEmpty()) {
            throw new TegaException.Invalid("only roots have versions, the database as a whole has none");
        }
        return exchange.tega().history().at(path.root(), version.getAsLong());
    }

    static TegaException absent(Path path) {
        return new TegaException.NotFound(path, "there is no '" + path + "'");
    }

    private Answer put(Exchange exchange) {
        var ephemeral = exchange.query().flag("ephemeral");
        if (ephemeral) {
            exchange.requireConnected(exchange.path());
        }
        var value = exchange.value();
        return write(exchange, (transaction, path) -> {
            if (ephemeral) {
                transaction.putEphemeral(path, value);
            } else {
                transaction.put(path, value);
            }
        });
    }

    private Answer patch(Exchange exchange) {
        var type = exchange.mediaType();
        if (!type.equals(MERGE) && !type.equals(PATCH)) {
            throw new Refusal(
                    415,
                    ErrorCode.INVALID,
                    "a PATCH is " + MERGE + " or " + PATCH + ", not '" + type + "'",
                    "Accept-Patch",
                    MERGE + ", " + PATCH);
        }
        var change = exchange.value();
        return write(exchange, (transaction, path) -> {
            if (type.equals(MERGE)) {
                transaction.merge(path, change);
            } else {
                transaction.patch(path, change);
            }
        });
    }

    private Answer delete(Exchange exchange) {
        return write(exchange, Transaction::delete);
    }

    private static Answer write(Exchange exchange, BiConsumer<Transaction, Path> change) {
        var path = exchange.path();
        var tega = exchange.tega();
        if (exchange.query().has("txid")) {
            var draft = tega.drafts().get(exchange.query().required("txid"));
            Entity.expect(exchange, draft, path);
            change.accept(draft, path);
            return Answer.empty();
        }
        try (var transaction = tega.begin()) {
            Entity.expect(exchange, transaction, path);
            message(exchange).ifPresent(transaction::message);
            change.accept(transaction, path);
            return committed(transaction.commit());
        } catch (TegaException.Precondition e) {
            // v1's check by version is a conflict; a failed If-Match is what RFC 9110 says.
            return exchange.query().has("version") ? Problem.of(e, 409) : Problem.of(e);
        }
    }

    /** What the client says the commit is for; escapes allow more than ASCII. */
    static Optional<String> message(Exchange exchange) {
        return exchange.header("Tega-Message").map(Query.Percent::decode);
    }

    static Answer committed(Commit commit) {
        return Answer.empty().at(commit.revision());
    }
}
