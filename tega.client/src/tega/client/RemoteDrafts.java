package tega.client;

import java.util.List;
import tega.api.Draft;
import tega.api.Drafts;
import tega.api.TegaException;

/** The drafts of this client on another server. */
final class RemoteDrafts implements Drafts {
    private final Rest rest;
    private final RemoteHistory history;
    private final String tegaId;

    RemoteDrafts(Rest rest, RemoteHistory history, String tegaId) {
        this.rest = rest;
        this.history = history;
        this.tegaId = tegaId;
    }

    @Override
    public Draft begin() {
        return new RemoteDraft(
                rest,
                history,
                tegaId,
                Answers.text(rest.ask("POST", "/_begin").object().get("txid")));
    }

    @Override
    public Draft get(String id) {
        var draft = new RemoteDraft(rest, history, tegaId, id);
        var unused = draft.candidate();
        return draft;
    }

    @Override
    public List<String> ids() {
        throw new TegaException.Unavailable("the drafts of another server are not listed over REST");
    }
}
