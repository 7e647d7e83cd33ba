package tega.shell;

import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.Tega;
import tega.api.Value;

/** What is known about nodes, written beside them as v1 did ({@link tega.api.spi.Server#annotated}). */
final class Annotations {
    private final Tega tega;
    private final Snapshot snapshot;
    private final boolean now;

    /** {@code now}: the snapshot is the current one, so that nodes can have owners. */
    Annotations(Tega tega, Snapshot snapshot, boolean now) {
        this.tega = tega;
        this.snapshot = snapshot;
        this.now = now;
    }

    /** The node's value, annotated at every depth. */
    Value of(Path path, Value value) {
        var node = ObjectValue.builder();
        if (value instanceof ObjectValue object) {
            object.forEach(member -> node.put(member.name(), of(path.child(member.name()), member.value())));
        } else {
            node.put("_value", value);
        }
        return node.put("_oid", Value.of(path.last()))
                .put("_parent", path.depth() == 1 ? Value.NULL : Value.of(path.name(path.depth() - 2)))
                .put("_version", Value.of(version(path)))
                .put("_ephemeral", Value.of(now && tega.owner(path).isPresent()))
                .build();
    }

    /** What is ephemeral moves no version, so a root can have none yet. */
    private long version(Path path) {
        return Math.max(0, tega.history().version(snapshot, path));
    }
}
