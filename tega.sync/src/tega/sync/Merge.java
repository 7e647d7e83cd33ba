package tega.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tega.api.Edit;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Tree;
import tega.api.Value;

/**
 * The three-way merge, leaf by leaf, of what was written to a replica into the home's tree. Changed on one side: taken. The same on
 * both: fine. Changed on both: the home's stays and the other is a conflict. Values decide, not clocks and not revisions.
 *
 * @param edits what is taken
 * @param conflicts what is not
 */
record Merge(List<Edit> edits, List<Clash> conflicts) {
    /** A change that is not taken; {@code home} is what the home has there, null for nothing. */
    record Clash(LeafChange change, @Nullable Value home) {}

    /** Merges {@code changes} into {@code home}. */
    static Merge into(Tree home, List<LeafChange> changes) {
        var edits = new ArrayList<Edit>();
        var conflicts = new ArrayList<Clash>();
        var tree = home;
        // Deletes first, so that a leaf that became an object is out of the way.
        for (var deletes : List.of(true, false)) {
            for (var change : changes) {
                if ((change.now() == null) == deletes) {
                    var edit = decide(home, tree, change, conflicts);
                    if (edit != null) {
                        edits.add(edit);
                        tree = tree.apply(edit, tree.stamp() + 1);
                    }
                }
            }
        }
        return new Merge(edits, conflicts);
    }

    private static @Nullable Edit decide(Tree home, Tree tree, LeafChange change, List<Clash> conflicts) {
        var there = home.get(change.path());
        var now = change.now();
        if (Objects.equals(there, now) || (isEmptyObject(now) && there instanceof ObjectValue)) {
            return null;
        }
        var obstacle = obstacle(tree, change.path());
        if (now == null && there == null) {
            return null;
        }
        if (Objects.equals(there, change.base()) && obstacle == null) {
            return now == null ? Edit.delete(change.path()) : Edit.put(change.path(), now);
        }
        conflicts.add(new Clash(change, there == null ? obstacle : there));
        return null;
    }

    private static boolean isEmptyObject(@Nullable Value value) {
        return value instanceof ObjectValue object && object.isEmpty();
    }

    /** What is above {@code path} and is no object, or null. */
    private static @Nullable Value obstacle(Tree tree, Path path) {
        for (var depth = 1; depth < path.depth(); depth++) {
            var value = tree.get(path.first(depth));
            if (value == null) {
                return null;
            }
            if (!(value instanceof ObjectValue)) {
                return value;
            }
        }
        return null;
    }
}
