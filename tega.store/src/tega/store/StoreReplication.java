package tega.store;

import java.util.List;
import tega.api.Commit;
import tega.api.spi.Foreign;
import tega.api.spi.Registration;
import tega.api.spi.Replication;
import tega.api.spi.Router;

/** The store for whoever keeps it equal with others. */
final class StoreReplication implements Replication {
    private final Store store;

    StoreReplication(Store store) {
        this.store = store;
    }

    @Override
    public Standing standing() {
        store.requireOpen();
        return new StateStanding(store.state());
    }

    @Override
    public List<Commit> commit(List<Foreign> commits) {
        return store.committer().commit(commits.stream().map(Intent::of).toList());
    }

    @Override
    public synchronized Registration route(Router router) {
        store.route(router);
        return () -> end(router);
    }

    @SuppressWarnings("ReferenceEquality") // this very one
    private synchronized void end(Router router) {
        if (store.router() == router) {
            store.route(null);
        }
    }
}
