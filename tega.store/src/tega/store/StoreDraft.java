package tega.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tega.api.Commit;
import tega.api.Draft;
import tega.api.Edit;
import tega.api.Expectation;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Preview;
import tega.api.Snapshot;
import tega.api.TegaException;
import tega.api.Transaction;
import tega.api.Value;

/** A transaction that is found by its id, from any thread, until it ends or nobody has used it for too long. */
final class StoreDraft implements Draft {
    private final DraftDesk desk;
    private final String id;
    private final Identity owner;
    private final StoreTransaction transaction;
    private long used;

    StoreDraft(DraftDesk desk, String id, Identity owner, StoreTransaction transaction, long now) {
        this.desk = desk;
        this.id = id;
        this.owner = owner;
        this.transaction = transaction;
        this.used = now;
    }

    @Override
    public String id() {
        return id;
    }

    Identity owner() {
        return owner;
    }

    synchronized long used() {
        return used;
    }

    /** Begins a use of it. */
    synchronized void touch() {
        if (transaction.isEnded()) {
            throw new TegaException.NotFound("there is no draft '" + id + "'; it has ended or expired");
        }
        used = desk.nanos();
    }

    private synchronized <T> T use(Supplier<T> work) {
        touch();
        return work.get();
    }

    private Transaction change(Runnable work) {
        return use(() -> {
            work.run();
            return this;
        });
    }

    @Override
    public Snapshot base() {
        return use(transaction::base);
    }

    @Override
    public Optional<Value> get(Path path) {
        return use(() -> transaction.get(path));
    }

    @Override
    public Transaction put(Path path, Value value) {
        return change(() -> transaction.put(path, value));
    }

    @Override
    public Transaction putEphemeral(Path path, Value value) {
        return change(() -> transaction.putEphemeral(path, value));
    }

    @Override
    public Transaction merge(Path path, Value patch) {
        return change(() -> transaction.merge(path, patch));
    }

    @Override
    public Transaction patch(Path path, Value operations) {
        return change(() -> transaction.patch(path, operations));
    }

    @Override
    public Transaction delete(Path path) {
        return change(() -> transaction.delete(path));
    }

    @Override
    public Transaction expect(Path path, Expectation expectation) {
        return change(() -> transaction.expect(path, expectation));
    }

    @Override
    public Transaction message(String message) {
        return change(() -> transaction.message(message));
    }

    @Override
    public Transaction confirm(Duration window, boolean automatic) {
        return change(() -> transaction.confirm(window, automatic));
    }

    @Override
    public Preview preview() {
        return use(transaction::preview);
    }

    @Override
    public List<Edit> candidate() {
        return use(transaction::candidate);
    }

    @Override
    public Commit commit() {
        try {
            return use(transaction::commit);
        } finally {
            desk.forget(this);
        }
    }

    @Override
    public synchronized void close() {
        transaction.close();
        desk.forget(this);
    }
}
