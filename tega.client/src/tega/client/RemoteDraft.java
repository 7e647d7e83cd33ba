package tega.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.Draft;
import tega.api.Edit;
import tega.api.Expectation;
import tega.api.Path;
import tega.api.Preview;
import tega.api.TegaException;
import tega.api.Value;

/** A transaction that lives on another server; each change is a request. */
final class RemoteDraft extends RemoteChanges implements Draft {
    private final String id;
    private @Nullable Path expecting;
    private long version;

    RemoteDraft(Rest rest, RemoteHistory history, String tegaId, String id) {
        super(rest, history, tegaId);
        this.id = id;
    }

    @Override
    public String id() {
        return id;
    }

    private Rest.Ask ask(String method, String target) {
        return rest().ask(method, target).with("txid", id);
    }

    /** A request that changes {@code path}, with the version that was just expected of it. */
    private Rest.Ask change(String method, Path path) {
        var ask = ask(method, Rest.url(path));
        if (expecting != null && expecting.equals(path)) {
            ask.with("version", version);
            expecting = null;
        }
        return ask;
    }

    @Override
    public Optional<Value> get(Path path) {
        return RemoteTega.found(ask("GET", Rest.url(path)));
    }

    @Override
    void put(Path path, Value value, boolean ephemeral) {
        var ask = change("PUT", path).body(value);
        (ephemeral ? ask.with("ephemeral", "True") : ask).tell();
    }

    @Override
    void remove(Path path) {
        change("DELETE", path).tell();
    }

    @Override
    public Draft merge(Path path, Value patch) {
        change("PATCH", path).body(patch, "application/merge-patch+json").tell();
        return this;
    }

    @Override
    public Draft patch(Path path, Value operations) {
        change("PATCH", path).body(operations, "application/json-patch+json").tell();
        return this;
    }

    /** Only versions, and only right before the change of the same node: that is what REST has for drafts. */
    @Override
    public Draft expect(Path path, Expectation expectation) {
        if (!(expectation instanceof Expectation.AtVersion at)) {
            throw new TegaException.Unavailable("over REST a draft expects versions only");
        }
        expecting = path;
        version = at.version();
        return this;
    }

    @Override
    public Preview preview() {
        return new Preview(candidate(), List.of(), List.of());
    }

    @Override
    public List<Edit> candidate() {
        return Answers.edits(ask("POST", "/_cand").with("edits", "True").array());
    }

    @Override
    public Commit commit() {
        var ask = ask("POST", "/_commit");
        var message = messageOfCommit();
        var confirm = confirmOfCommit();
        if (message != null) {
            ask.header("Tega-Message", ascii(message));
        }
        if (confirm != null) {
            ask.with("confirm", confirm.automatic() ? "auto" : confirm.window().toSeconds());
        }
        end();
        var revision = ask.tell().revision();
        committed();
        return history().commit(revision);
    }

    /** Percent escapes for what a header cannot carry. */
    private static String ascii(String text) {
        var out = new StringBuilder();
        for (var b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b < 0x7f && b != '%') {
                out.append((char) b);
            } else {
                out.append(String.format("%%%02X", b & 0xff));
            }
        }
        return out.toString();
    }

    @Override
    public void close() {
        if (end()) {
            ask("POST", "/_cancel").tell();
        }
    }
}
