package tega.transport.http;

import tega.api.Path;
import tega.api.Value;
import tega.api.spi.Edge;

/** v1's list of edges of a root: parent to child and child to parent, each {@code path(version)}, depth first. */
final class Edges {
    private Edges() {}

    /** The current version's; with {@code old}, then those of the kept older ones, oldest first. */
    static Answer answer(Exchange exchange) {
        var root = Path.of(exchange.query().required("root_oid"));
        var snapshot = exchange.tega().snapshot();
        var out = new StringBuilder("[");
        for (var edge :
                Edge.of(exchange.tega(), snapshot, root, exchange.query().flag("old_roots"))) {
            var parent = Value.of(edge.parent());
            var child = Value.of(edge.child());
            out.append(out.length() > 1 ? "," : "");
            out.append('[').append(parent).append(',').append(child).append("],[");
            out.append(child).append(',').append(parent).append(']');
        }
        return Answer.json(out.append(']').toString()).at(snapshot.revision());
    }
}
