package tega.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.Confirm;
import tega.api.Edit;
import tega.api.Expectation;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Preview;
import tega.api.Snapshot;
import tega.api.TegaException;
import tega.api.Transaction;
import tega.api.Value;

/**
 * Changes collected here and sent as one request. A read asks the server, and the commit then expects what was read to be
 * unchanged. What a write finds wrong is told at the commit, since only the server knows.
 */
final class RemoteTransaction implements Transaction {
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    private final Rest rest;
    private final String tegaId;
    private final RemoteHistory history;
    private final List<Value> operations = new ArrayList<>();
    private final List<Edit> edits = new ArrayList<>();
    private boolean plain = true;
    private boolean closed;
    private @Nullable String message;
    private @Nullable Confirm confirm;

    RemoteTransaction(Rest rest, String tegaId, RemoteHistory history) {
        this.rest = rest;
        this.tegaId = tegaId;
        this.history = history;
    }

    @Override
    public Snapshot base() {
        throw new TegaException.Unavailable("a transaction over REST has no snapshot; read through it");
    }

    @Override
    public Optional<Value> get(Path path) {
        for (var edit : edits) {
            if (edit.path().overlaps(path)) {
                throw new TegaException.Unavailable(
                        "over REST, what a transaction has written is not read through it; use a draft for '" + path
                                + "'");
            }
        }
        try {
            var told = rest.ask("GET", Rest.url(path)).tell();
            expect(path, new Expectation.AtRevision(revision(told)));
            return Optional.of(Answers.present(told.value()));
        } catch (TegaException.NotFound e) {
            expect(path, new Expectation.Absent());
            return Optional.empty();
        }
    }

    /** The entity tag of a whole node is its revision, between quotes. */
    private static long revision(Rest.Told told) {
        var tag = told.tag();
        if (tag == null) {
            return told.revision();
        }
        var digits = DIGITS.matcher(tag);
        return digits.find() ? Long.parseLong(digits.group()) : told.revision();
    }

    private ObjectValue operation(String op, Path path) {
        if (closed) {
            throw new TegaException.Invalid("the transaction has ended");
        }
        return Value.object("op", Value.of(op)).with("path", path.toValue());
    }

    @Override
    public Transaction put(Path path, Value value) {
        operations.add(operation("put", path).with("value", value));
        edits.add(Edit.put(path, value));
        return this;
    }

    @Override
    public Transaction putEphemeral(Path path, Value value) {
        var unused = rest.stay();
        operations.add(operation("put", path).with("value", value).with("ephemeral", Value.of(true)));
        edits.add(new Edit.Put(path, value, tegaId));
        return this;
    }

    @Override
    public Transaction merge(Path path, Value patch) {
        operations.add(operation("merge", path).with("value", patch));
        edits.add(Edit.put(path, patch));
        plain = false;
        return this;
    }

    @Override
    public Transaction patch(Path path, Value patch) {
        operations.add(operation("patch", path).with("value", patch));
        edits.add(Edit.put(path, patch));
        plain = false;
        return this;
    }

    @Override
    public Transaction delete(Path path) {
        operations.add(operation("delete", path));
        edits.add(Edit.delete(path));
        return this;
    }

    @Override
    public Transaction expect(Path path, Expectation expectation) {
        var operation = operation("expect", path);
        if (expectation instanceof Expectation.AtRevision at) {
            operation = operation.with("revision", Value.of(at.revision()));
        } else if (expectation instanceof Expectation.AtVersion at) {
            operation = operation.with("version", Value.of(at.version()));
        } else if (expectation instanceof Expectation.Equal equal) {
            operation = operation.with("value", equal.value());
        } else {
            var name = expectation instanceof Expectation.Absent ? "absent" : "present";
            operation = operation.with(name, Value.of(true));
        }
        operations.add(operation);
        return this;
    }

    @Override
    public Transaction message(String text) {
        message = text;
        return this;
    }

    @Override
    public Transaction confirm(Duration window, boolean automatic) {
        confirm = new Confirm(window, automatic, List.of());
        return this;
    }

    @Override
    public Preview preview() {
        var answer = rest.ask("POST", "/_tx")
                .body(request().with("dry_run", Value.of(true)))
                .object();
        return new Preview(
                Answers.edits(answer.get("edits")),
                Answers.texts(answer.get("notes")),
                Answers.texts(answer.get("refusals")));
    }

    @Override
    public List<Edit> candidate() {
        return preview().edits();
    }

    private ObjectValue request() {
        var request = Value.object("ops", Value.array(operations));
        if (message != null) {
            request = request.with("message", Value.of(message));
        }
        if (confirm != null) {
            request = request.with(
                    "confirm",
                    Value.object("window", Value.of(confirm.window().toSeconds()))
                            .with("auto", Value.of(confirm.automatic())));
        }
        return request;
    }

    @Override
    public Commit commit() {
        if (closed) {
            throw new TegaException.Invalid("the transaction has ended");
        }
        closed = true;
        var answer = rest.ask("POST", "/_tx").body(request()).object();
        var revision = Answers.number(answer.get("revision"));
        if (!plain || !answer.has("time")) {
            return history.commit(revision);
        }
        var head = Answers.commit(answer);
        return new Commit(
                revision,
                head.time(),
                head.by(),
                head.origin(),
                head.kind(),
                message,
                0,
                edits,
                head.notes(),
                confirm,
                head.versions());
    }

    @Override
    public void close() {
        closed = true;
    }
}
