package tega.store;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Confirmations;
import tega.api.Drafts;
import tega.api.History;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.Tega;
import tega.api.Transaction;
import tega.api.Value;
import tega.api.Watch;
import tega.api.WatchRequest;
import tega.api.spi.Action;

/** The database as one session, or one request without a session, sees it. */
final class SessionTega implements Tega {
    private final Store store;
    private final Sight sight;
    private final Intent.Actor actor;

    SessionTega(Store store, Identity identity, @Nullable ClientSession session) {
        this.store = store;
        this.sight = new Sight(identity, store::authorizer);
        this.actor = new Intent.Actor(identity, session);
    }

    @Override
    public Identity identity() {
        return sight.identity();
    }

    @Override
    public String serverId() {
        return store.options().id();
    }

    private State state() {
        store.requireOpen();
        return store.state();
    }

    @Override
    public Optional<Value> get(Path path) {
        return sight.get(state().visible().tree(), path);
    }

    @Override
    public Optional<String> owner(Path path) {
        sight.requireSome(path);
        return Optional.ofNullable(state().leases().covering(path)).map(Leases.Lease::owner);
    }

    @Override
    public Snapshot snapshot() {
        return sight.of(state().visible());
    }

    @Override
    public Transaction begin() {
        return new StoreTransaction(store, sight, actor, state());
    }

    @Override
    public Drafts drafts() {
        return new OwnerDrafts(store, sight, actor);
    }

    @Override
    public History history() {
        return new StoreHistory(store, sight, actor);
    }

    @Override
    public Confirmations confirmations() {
        return new StoreConfirmations(store, sight, actor);
    }

    @Override
    public Watch watch(WatchRequest request) {
        store.requireOpen();
        var pattern = request.pattern();
        sight.requireSome(pattern.prefix());
        return new Watcher(store.dispatcher(), List.of(pattern), request, sight, false);
    }

    @Override
    public Commit clear() {
        sight.require(Action.ADMIN, Path.EMPTY);
        var commit = store.commit(Intent.of(actor, CommitKind.CLEAR, new Operation.Clear()));
        store.noteMemory();
        return sight.own(commit);
    }

    @Override
    public Commit put(Path path, Value value) {
        return write(new Operation.Put(path, value));
    }

    @Override
    public Commit merge(Path path, Value patch) {
        store.measure().document(path, patch);
        return write(new Operation.Merge(path, patch));
    }

    @Override
    public Commit delete(Path path) {
        return write(new Operation.DeletePresent(path));
    }

    private Commit write(Operation operation) {
        sight.require(Action.WRITE, operation.path());
        return sight.own(store.commit(Intent.of(actor, CommitKind.EDIT, operation)));
    }
}
