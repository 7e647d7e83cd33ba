package tega.store;

import java.util.List;
import tega.api.Draft;
import tega.api.Drafts;

/** The drafts of one owner. */
record OwnerDrafts(Store store, Sight sight, Intent.Actor actor) implements Drafts {
    @Override
    public Draft begin() {
        store.requireOpen();
        return store.drafts().begin(sight.identity(), new StoreTransaction(store, sight, actor, store.state()));
    }

    @Override
    public Draft get(String id) {
        return store.drafts().get(sight.identity(), id);
    }

    @Override
    public List<String> ids() {
        return store.drafts().ids(sight.identity());
    }
}
