package tega.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.Expectation;
import tega.api.Path;
import tega.api.Preview;
import tega.api.Snapshot;
import tega.api.TegaException;
import tega.api.Transaction;
import tega.api.Value;
import tega.api.spi.Action;

/**
 * A transaction: operations in order, carried out at once on a view of its own, and again on the state at commit. What it
 * read of others is remembered with its stamp.
 */
final class StoreTransaction implements Transaction {
    private final Store store;
    private final Sight sight;
    private final Intent.Actor actor;
    private final State base;
    private final List<Operation> operations = new ArrayList<>();
    private final Map<Path, Long> reads = new LinkedHashMap<>();
    private final List<Intent.Expected> expected = new ArrayList<>();
    private final Set<Path> settled = new HashSet<>();
    private State view;
    private @Nullable String message;
    private Intent.@Nullable Window window;
    private boolean ended;

    StoreTransaction(Store store, Sight sight, Intent.Actor actor, State base) {
        this.store = store;
        this.sight = sight;
        this.actor = actor;
        this.base = base;
        this.view = base;
    }

    @Override
    public Snapshot base() {
        return sight.of(base.visible());
    }

    @Override
    public Optional<Value> get(Path path) {
        requireOpen();
        var value = sight.get(view.visible().tree(), path);
        if (!isSettled(path)) {
            reads.putIfAbsent(path, base.visible().tree().stamp(path));
        }
        return value;
    }

    /** Whether what is at {@code path} is this transaction's own doing, whatever others do. */
    private boolean isSettled(Path path) {
        for (var depth = 1; !settled.isEmpty() && depth <= path.depth(); depth++) {
            if (settled.contains(path.first(depth))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Transaction put(Path path, Value value) {
        add(new Operation.Put(path, value));
        settled.add(path);
        return this;
    }

    @Override
    public Transaction putEphemeral(Path path, Value value) {
        if (actor.session() == null) {
            throw new TegaException.Invalid(
                    path, "'" + path + "' cannot be ephemeral without a session that it ends with");
        }
        add(new Operation.PutEphemeral(path, value));
        settled.add(path);
        return this;
    }

    @Override
    public Transaction merge(Path path, Value patch) {
        store.measure().document(path, patch);
        add(new Operation.Merge(path, patch));
        return this;
    }

    @Override
    public Transaction patch(Path path, Value document) {
        store.measure().document(path, document);
        var patch = JsonPatch.of(document);
        if (patch.reads()) {
            requireOpen();
            sight.require(Action.READ, path);
        }
        add(new Operation.Patch(path, patch));
        return this;
    }

    @Override
    public Transaction delete(Path path) {
        requireOpen();
        sight.require(Action.WRITE, path);
        if (!path.isEmpty() && view.visible().tree().get(path) == null) {
            throw new TegaException.NotFound(path, "there is no '" + path + "'");
        }
        add(new Operation.Delete(path));
        settled.add(path);
        return this;
    }

    private void add(Operation operation) {
        requireOpen();
        sight.require(Action.WRITE, operation.path());
        var workspace = new Workspace(view, base.revision(), store.measure());
        operation.run(workspace, actor.owner());
        view = workspace.preview();
        operations.add(operation);
    }

    @Override
    public Transaction expect(Path path, Expectation expectation) {
        requireOpen();
        if (expectation instanceof Expectation.Equal) {
            sight.require(Action.READ, path);
        } else {
            sight.requireSome(path);
        }
        expected.add(new Intent.Expected(path, expectation));
        return this;
    }

    @Override
    public Transaction message(String text) {
        requireOpen();
        store.measure().message(text);
        message = text;
        return this;
    }

    @Override
    public Transaction confirm(Duration duration, boolean automatic) {
        requireOpen();
        if (duration.isNegative() || duration.isZero()) {
            throw new TegaException.Invalid(
                    "the window of a confirmed commit is " + duration + ", not longer than nothing");
        }
        window = new Intent.Window(duration, automatic);
        return this;
    }

    private Intent intent() {
        var tracked = new ArrayList<Intent.Read>(reads.size());
        reads.forEach((path, stamp) -> tracked.add(new Intent.Read(path, stamp)));
        return new Intent(actor, CommitKind.EDIT, message, 0, operations, tracked, expected, window, null);
    }

    @Override
    public Preview preview() {
        requireOpen();
        var intent = intent();
        try {
            var now = store.state();
            var prepared = store.rehearse(intent, now, now.revision() + 1);
            var commit = prepared.commit();
            if (prepared.isNothing() || store.guards().isEmpty()) {
                return new Preview(seen(prepared), commit.notes(), List.of());
            }
            var verdict = store.guards().judge(intent, prepared);
            var notes = new ArrayList<>(verdict.notes());
            notes.addAll(commit.notes());
            return new Preview(
                    seen(prepared),
                    notes,
                    verdict.refusals().stream()
                            .map(refusal -> new TegaException.Vetoed(refusal.path(), refusal.sentence()).line())
                            .toList());
        } catch (TegaException e) {
            return new Preview(candidate(), List.of(), List.of(e.line()));
        }
    }

    private List<Edit> seen(Prepared prepared) {
        return sight.of(prepared.commit().edits(), prepared.before().visible().tree());
    }

    @Override
    public List<Edit> candidate() {
        requireOpen();
        return sight.of(base.visible().tree()).diff(sight.of(view.visible().tree()), Path.EMPTY);
    }

    @Override
    public Commit commit() {
        requireOpen();
        ended = true;
        // A grant may have been taken back since: a draft can be old.
        operations.forEach(operation -> sight.require(Action.WRITE, operation.path()));
        return sight.own(store.commit(intent()));
    }

    private void requireOpen() {
        if (ended) {
            throw new TegaException.NotFound("the transaction has ended; begin another");
        }
    }

    boolean isEnded() {
        return ended;
    }

    @Override
    public void close() {
        ended = true;
    }
}
