package tega.api.spi;

import java.util.ArrayList;
import java.util.List;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;

/**
 * A line of a drawing of a tree: from a node to one right below it, each named by its path and, in parentheses, the version its
 * root had when the node last changed: {@code a.b(3)}.
 */
public record Edge(String parent, String child) {
    /**
     * The edges of {@code root}, depth first; with {@code older} then those of its kept older versions, oldest first, where edges
     * come again that versions share. {@code NOT_FOUND} when there is no such root.
     */
    public static List<Edge> of(Tega tega, Snapshot snapshot, Path root, boolean older) {
        var value =
                snapshot.get(root).orElseThrow(() -> new TegaException.NotFound(root, "there is no '" + root + "'"));
        var edges = new ArrayList<Edge>();
        below(tega, snapshot, root, value, edges);
        if (older) {
            for (var version : tega.history().versions(root.root())) {
                try {
                    var then = tega.history().at(root.root(), version);
                    then.get(root).ifPresent(old -> below(tega, then, root, old, edges));
                } catch (TegaException.Compacted e) {
                    // dropped between asking which versions are kept and reading it: then it is not kept
                }
            }
        }
        return edges;
    }

    private static void below(Tega tega, Snapshot snapshot, Path path, Value value, List<Edge> edges) {
        if (value instanceof ObjectValue object) {
            var parent = label(tega, snapshot, path);
            for (var member : object) {
                var child = path.child(member.name());
                edges.add(new Edge(parent, label(tega, snapshot, child)));
                below(tega, snapshot, child, member.value(), edges);
            }
        }
    }

    private static String label(Tega tega, Snapshot snapshot, Path path) {
        return path + "(" + tega.history().version(snapshot, path) + ")";
    }
}
