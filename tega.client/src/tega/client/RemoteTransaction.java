package tega.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.Edit;
import tega.api.Expectation;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Preview;
import tega.api.TegaException;
import tega.api.Transaction;
import tega.api.Tree;
import tega.api.Value;

/**
 * Changes collected here and sent as one request. A read asks the server, and the commit then expects what was read to be
 * unchanged; where it was changed here, the server is asked besides what the changes come to. What a write finds wrong is told at
 * the commit, since only the server knows.
 */
final class RemoteTransaction extends RemoteChanges {
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    private final List<Value> operations = new ArrayList<>();
    private boolean plain = true;

    RemoteTransaction(Rest rest, String tegaId, RemoteHistory history) {
        super(rest, history, tegaId);
    }

    @Override
    public Optional<Value> get(Path path) {
        open();
        Optional<Value> found;
        try {
            var told = rest().ask("GET", Rest.url(path)).tell();
            expect(path, new Expectation.AtRevision(revision(told)));
            found = Optional.of(Answers.present(told.value()));
        } catch (TegaException.NotFound e) {
            expect(path, new Expectation.Absent());
            found = Optional.empty();
        }
        return edits().stream().anyMatch(edit -> edit.path().overlaps(path))
                ? changed(path, found.orElse(null), candidate())
                : found;
    }

    private static Optional<Value> changed(Path path, @Nullable Value value, List<Edit> edits) {
        var tree = Tree.EMPTY;
        if (path.isEmpty() && value instanceof ObjectValue top) {
            for (var root : top) {
                tree = tree.put(Path.of(root.name()), root.value(), 0);
            }
        } else if (value != null) {
            tree = tree.put(path, value, 0);
        }
        for (var edit : edits) {
            if (edit.path().overlaps(path)) {
                tree = tree.apply(edit, 0);
            }
        }
        return Optional.ofNullable(tree.get(path));
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

    private static ObjectValue operation(String op, Path path) {
        return Value.object("op", Value.of(op)).with("path", path.toValue());
    }

    @Override
    void put(Path path, Value value, boolean ephemeral) {
        var operation = operation("put", path).with("value", value);
        operations.add(ephemeral ? operation.with("ephemeral", Value.of(true)) : operation);
    }

    @Override
    void remove(Path path) {
        operations.add(operation("delete", path));
    }

    @Override
    public Transaction merge(Path path, Value patch) {
        open();
        operations.add(operation("merge", path).with("value", patch));
        edits().add(Edit.put(path, patch));
        plain = false;
        return this;
    }

    @Override
    public Transaction patch(Path path, Value patch) {
        open();
        operations.add(operation("patch", path).with("value", patch));
        edits().add(Edit.put(path, patch));
        plain = false;
        return this;
    }

    @Override
    public Transaction expect(Path path, Expectation expectation) {
        open();
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
    public Preview preview() {
        var answer = rest().ask("POST", "/_tx")
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
        var message = messageOfCommit();
        var confirm = confirmOfCommit();
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
        open();
        end();
        var answer = rest().ask("POST", "/_tx").body(request()).object();
        committed();
        var revision = Answers.number(answer.get("revision"));
        if (!plain || !answer.has("time")) {
            return history().commit(revision);
        }
        var head = Answers.commit(answer);
        return new Commit(
                revision,
                head.time(),
                head.by(),
                head.origin(),
                head.kind(),
                messageOfCommit(),
                0,
                edits(),
                head.notes(),
                confirmOfCommit(),
                head.versions());
    }

    @Override
    public void close() {
        end();
    }
}
