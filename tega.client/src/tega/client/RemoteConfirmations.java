package tega.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tega.api.Commit;
import tega.api.Confirmations;

/** The commits of another server that wait to be confirmed. */
final class RemoteConfirmations implements Confirmations {
    private final Rest rest;
    private final RemoteHistory history;

    RemoteConfirmations(Rest rest, RemoteHistory history) {
        this.rest = rest;
        this.history = history;
    }

    @Override
    public List<Pending> pending() {
        var pending = new ArrayList<Pending>();
        for (var item : rest.ask("GET", "/_confirm").array()) {
            var json = Answers.object(item);
            pending.add(new Pending(Answers.commit(json), Answers.time(json.get("deadline"))));
        }
        return pending;
    }

    private Rest.Ask about(long revision, String action) {
        return rest.ask("POST", "/_confirm").with("revision", revision).with("action", action);
    }

    @Override
    public Commit confirm(long revision) {
        return Answers.commit(about(revision, "confirm").value());
    }

    @Override
    public void extend(long revision, Duration window) {
        about(revision, "extend").with("window", window.toSeconds()).tell();
    }

    @Override
    public Commit cancel(long revision) {
        return history.commit(Answers.number(about(revision, "cancel").object().get("revision")));
    }
}
