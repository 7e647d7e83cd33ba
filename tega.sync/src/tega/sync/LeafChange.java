package tega.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.Edit;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;
import tega.api.spi.JsonCodec;

/**
 * What became of one leaf.
 *
 * @param path where it is
 * @param base what it was, null when there was none
 * @param now what it is, null when it is gone
 */
record LeafChange(Path path, @Nullable Value base, @Nullable Value now) {
    /** What {@code edits} do to the leaves of {@code roots} in {@code before}. */
    static List<LeafChange> of(Tree before, List<Edit> edits, Set<String> roots) {
        var after = before;
        var touched = new TreeMap<Path, Boolean>();
        for (var edit : edits) {
            if (!edit.ephemeral() && roots.contains(edit.path().root())) {
                after = after.apply(edit, after.stamp() + 1);
                touched.put(edit.path(), true);
            }
        }
        var changes = new TreeMap<Path, LeafChange>();
        for (var path : touched.keySet()) {
            for (var edit : before.diff(after, path)) {
                explode(before, after, edit.path(), changes);
            }
        }
        return new ArrayList<>(changes.values());
    }

    private static void explode(Tree before, Tree after, Path path, TreeMap<Path, LeafChange> changes) {
        var old = Leaves.below(before, path);
        var fresh = Leaves.below(after, path);
        old.forEach((leaf, value) -> {
            if (!value.equals(fresh.get(leaf))) {
                changes.put(leaf, new LeafChange(leaf, value, fresh.get(leaf)));
            }
        });
        fresh.forEach((leaf, value) -> {
            if (!old.containsKey(leaf)) {
                changes.put(leaf, new LeafChange(leaf, null, value));
            }
        });
    }

    /** As a line: path, what it was and what it is, each in an array that is empty for nothing. */
    String line() {
        return Value.array(path.toValue(), optional(base), optional(now)).toString();
    }

    private static Value optional(@Nullable Value value) {
        return value == null ? Value.array() : Value.array(value);
    }

    /** Reads a line. */
    static LeafChange read(String line, JsonCodec json) {
        if (json.readJson(line) instanceof ArrayValue parts && parts.size() == 3) {
            return new LeafChange(Path.from(parts.get(0)), value(parts.get(1)), value(parts.get(2)));
        }
        throw new TegaException.Invalid("a change of a leaf is an array of three");
    }

    private static @Nullable Value value(Value optional) {
        return optional instanceof ArrayValue array && array.size() > 0 ? array.get(0) : null;
    }
}
