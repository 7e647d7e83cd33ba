package tega.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Confirmations;
import tega.api.Drafts;
import tega.api.History;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Transaction;
import tega.api.Tree;
import tega.api.Value;
import tega.api.Watch;
import tega.api.WatchRequest;

/** The database of another server. A snapshot of all of it is fetched whole: fine for tools, not for large databases. */
final class RemoteTega implements Tega {
    private final Rest rest;
    private final String tegaId;
    private final RemoteHistory history;
    private final RemoteDrafts drafts;
    private volatile @Nullable Identity identity;

    RemoteTega(Rest rest, String tegaId) {
        this.rest = rest;
        this.tegaId = tegaId;
        this.history = new RemoteHistory(rest);
        this.drafts = new RemoteDrafts(rest, history, tegaId);
    }

    /** As the server knows it by what this client shows; asked once. */
    @Override
    public Identity identity() {
        var known = identity;
        if (known == null) {
            known = new Identity(author(), tegaId);
            identity = known;
        }
        return known;
    }

    private String author() {
        try {
            return Answers.text(rest.ask("GET", "/_whoami").object().get("name"));
        } catch (TegaException.NotFound e) {
            return Identity.ANONYMOUS.author(); // a server that asks nobody who they are
        }
    }

    @Override
    public String serverId() {
        return Answers.text(rest.ask("GET", "/_health").object().get("server"));
    }

    @Override
    public Optional<Value> get(Path path) {
        return found(rest.ask("GET", Rest.url(path)));
    }

    /** The value, or empty when the server says that there is no such node. */
    static Optional<Value> found(Rest.Ask ask) {
        try {
            return Optional.of(ask.value());
        } catch (TegaException.NotFound e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> owner(Path path) {
        try {
            return Optional.ofNullable(rest.ask("GET", Rest.url(path))
                    .with("internal", "True")
                    .tell()
                    .owner());
        } catch (TegaException.NotFound e) {
            return Optional.empty();
        }
    }

    @Override
    public Snapshot snapshot() {
        var told = rest.ask("GET", "/").tell();
        return snapshot(Answers.object(told.value()), rest.ask("GET", "/_roots").object(), told.revision());
    }

    private static Snapshot snapshot(ObjectValue top, ObjectValue versions, long revision) {
        var tree = Tree.EMPTY;
        for (var root : top) {
            tree = tree.put(Path.of(root.name()), root.value(), revision);
        }
        return new Snapshot(revision, tree, versions);
    }

    @Override
    public Transaction begin() {
        return new RemoteTransaction(rest, tegaId, history);
    }

    @Override
    public Drafts drafts() {
        return drafts;
    }

    @Override
    public History history() {
        return history;
    }

    @Override
    public Confirmations confirmations() {
        return new RemoteConfirmations(rest, history);
    }

    @Override
    public Watch watch(WatchRequest request) {
        return rest.watch(request);
    }

    /** Its time is this machine's: the server tells nothing but the revision, and keeps no history of what was before. */
    @Override
    public Commit clear() {
        var revision = rest.ask("POST", "/_clear").tell().revision();
        return new Commit(
                revision,
                Instant.now(),
                identity(),
                serverId(),
                CommitKind.CLEAR,
                null,
                0,
                List.of(),
                List.of(),
                null,
                Map.of());
    }
}
