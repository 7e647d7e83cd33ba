package tega.store;

import java.util.LinkedHashMap;
import java.util.Map;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.Source;
import tega.api.Tree;
import tega.api.spi.Replication;

/** A state as replication sees it. */
record StateStanding(State state) implements Replication.Standing {
    @Override
    public Snapshot snapshot() {
        return state.visible();
    }

    @Override
    public Tree durable() {
        return state.durable();
    }

    @Override
    public Source position(String stream) {
        var position = state.positions().get(stream);
        return position == null ? Source.none(stream) : position;
    }

    @Override
    public Map<Path, String> leases(Path path) {
        var leases = new LinkedHashMap<Path, String>();
        for (var lease : state.leases().within(path)) {
            leases.put(lease.path(), lease.owner());
        }
        return leases;
    }
}
