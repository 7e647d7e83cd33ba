package tega.store;

import tega.api.Commit;
import tega.api.Snapshot;
import tega.api.spi.CommitCodec;
import tega.api.spi.Picture;
import tega.api.spi.Replica;
import tega.api.spi.ReplicaProvider;

/** The store's states without its doors. */
public final class StoreReplicas implements ReplicaProvider {
    /** For the service loader. */
    public StoreReplicas() {}

    @Override
    public Replica replica(CommitCodec commits) {
        return new StateReplica(new StateChunks(commits));
    }

    private static final class StateReplica implements Replica {
        private final StateChunks chunks;
        private State state = State.EMPTY;

        StateReplica(StateChunks chunks) {
            this.chunks = chunks;
        }

        @Override
        public Snapshot snapshot() {
            return state.visible();
        }

        @Override
        public void apply(Commit commit) {
            state = Store.replayed(commit, state).after();
        }

        @Override
        public void restore(Picture picture) {
            state = chunks.read(picture);
        }

        @Override
        public Picture freeze() {
            return chunks.picture(state);
        }
    }
}
