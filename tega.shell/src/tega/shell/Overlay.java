package tega.shell;

import java.util.List;
import java.util.Optional;
import tega.api.Edit;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Tree;
import tega.api.Value;

/** A node as changes would leave it. */
final class Overlay {
    private Overlay() {}

    /** The node at {@code path}, which holds {@code value} now, after {@code edits}. */
    static Optional<Value> of(Optional<Value> value, Path path, List<Edit> edits) {
        var tree = value.map(now -> planted(path, now)).orElse(Tree.EMPTY);
        for (var edit : edits) {
            if (edit.path().overlaps(path)) {
                tree = tree.apply(edit, 0);
            }
        }
        return Optional.ofNullable(tree.get(path));
    }

    /** A tree with nothing but this node. */
    static Tree planted(Path path, Value value) {
        if (!path.isEmpty()) {
            return Tree.EMPTY.put(path, value, 0);
        }
        var tree = Tree.EMPTY;
        if (value instanceof ObjectValue top) {
            for (var root : top) {
                tree = tree.put(Path.of(root.name()), root.value(), 0);
            }
        }
        return tree;
    }
}
