package tega.transport.http;

import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;

/** v1's list of edges of a root: parent to child and child to parent, each {@code path(version)}, depth first. */
final class Edges {
    private final Tega tega;
    private final StringBuilder out = new StringBuilder("[");

    private Edges(Tega tega) {
        this.tega = tega;
    }

    /** The current version's; with {@code old}, then those of the kept older ones, oldest first. */
    static Answer answer(Exchange exchange) {
        var root = Path.of(exchange.query().required("root_oid"));
        var tega = exchange.tega();
        var snapshot = tega.snapshot();
        var value = snapshot.get(root).orElseThrow(() -> TreeResource.absent(root));
        var edges = new Edges(tega);
        edges.below(snapshot, root, value);
        if (exchange.query().flag("old_roots")) {
            for (var version : tega.history().versions(root.root())) {
                edges.old(root, version);
            }
        }
        return Answer.json(edges.out.append(']').toString()).at(snapshot.revision());
    }

    private void old(Path root, long version) {
        try {
            var snapshot = tega.history().at(root.root(), version);
            snapshot.get(root).ifPresent(value -> below(snapshot, root, value));
        } catch (TegaException.Compacted e) {
            // It was dropped between asking which versions are kept and reading it: then it is not kept.
            return;
        }
    }

    private void below(Snapshot snapshot, Path path, Value value) {
        if (value instanceof ObjectValue object) {
            var parent = label(snapshot, path);
            for (var member : object) {
                var below = path.child(member.name());
                var child = label(snapshot, below);
                edge(parent, child);
                edge(child, parent);
                below(snapshot, below, member.value());
            }
        }
    }

    private Value label(Snapshot snapshot, Path path) {
        return Value.of(path + "(" + tega.history().version(snapshot, path) + ")");
    }

    private void edge(Value from, Value to) {
        out.append(out.length() > 1 ? "," : "");
        out.append('[').append(from).append(',').append(to).append(']');
    }
}
