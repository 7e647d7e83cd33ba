package tega.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.Confirm;
import tega.api.Edit;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.TegaException;
import tega.api.Transaction;
import tega.api.Value;

/** What transactions and drafts of another server have in common: what the commit is told, and what is kept after it. */
abstract sealed class RemoteChanges implements Transaction permits RemoteTransaction, RemoteDraft {
    private final Rest rest;
    private final RemoteHistory history;
    private final String ownTegaId;
    private final List<Edit> edits = new ArrayList<>();
    private @Nullable String message;
    private @Nullable Confirm confirm;
    private boolean ended;

    RemoteChanges(Rest rest, RemoteHistory history, String tegaId) {
        this.rest = rest;
        this.history = history;
        this.ownTegaId = tegaId;
    }

    final Rest rest() {
        return rest;
    }

    final RemoteHistory history() {
        return history;
    }

    /** What it has been told to put and delete; a merge or a patch counts as a put of what it was given. */
    final List<Edit> edits() {
        return edits;
    }

    final @Nullable String messageOfCommit() {
        return message;
    }

    final @Nullable Confirm confirmOfCommit() {
        return confirm;
    }

    @Override
    public final Snapshot base() {
        throw new TegaException.Unavailable("over the network there is no snapshot to begin on; read through it");
    }

    @Override
    public final Transaction put(Path path, Value value) {
        open();
        put(path, value, false);
        edits.add(Edit.put(path, value));
        return this;
    }

    @Override
    public final Transaction putEphemeral(Path path, Value value) {
        open();
        var unused = rest.session().ready();
        put(path, value, true);
        edits.add(new Edit.Put(path, value, ownTegaId));
        return this;
    }

    @Override
    public final Transaction delete(Path path) {
        open();
        remove(path);
        edits.add(Edit.delete(path));
        return this;
    }

    abstract void put(Path path, Value value, boolean ephemeral);

    abstract void remove(Path path);

    /** {@code INVALID} when it was committed or closed. */
    final void open() {
        if (ended) {
            throw new TegaException.Invalid("the transaction has ended");
        }
    }

    /** It has ended; whether it had not before. */
    final boolean end() {
        var first = !ended;
        ended = true;
        return first;
    }

    /** It was committed: its ephemeral nodes are there from now on as long as this client is. */
    final void committed() {
        rest.session().leases().committed(edits);
    }

    @Override
    public final Transaction message(String text) {
        message = text;
        return this;
    }

    @Override
    public final Transaction confirm(Duration window, boolean automatic) {
        confirm = new Confirm(window, automatic, List.of());
        return this;
    }
}
