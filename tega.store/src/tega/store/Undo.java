package tega.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.Edit;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Tree;
import tega.api.Value;

/** Takes out of an undo what somebody else has touched since. */
final class Undo {
    private Undo() {}

    /**
     * {@code undo} without what it would do at or below {@code touched}, or to a node above it as a whole: then the undo of
     * that node is divided into those of its other members. {@code tree} is the tree before {@code touched} is changed.
     */
    static List<Edit> without(List<Edit> undo, Path touched, Tree tree) {
        if (undo.stream().noneMatch(edit -> edit.path().overlaps(touched))) {
            return undo;
        }
        var rest = new ArrayList<Edit>();
        for (var edit : undo) {
            if (!edit.path().overlaps(touched)) {
                rest.add(edit);
            } else if (touched.depth() > edit.path().depth()) {
                var target = edit instanceof Edit.Put put ? put.value() : null;
                divide(edit.path(), target, tree.get(edit.path()), touched, rest);
            }
        }
        return rest;
    }

    /** What makes {@code target} of {@code now} at {@code path}, leaving alone what is at {@code touched}. */
    private static void divide(Path path, @Nullable Value target, @Nullable Value now, Path touched, List<Edit> rest) {
        if (path.depth() == touched.depth() || !isObjectOrNull(target) || !isObjectOrNull(now)) {
            return;
        }
        var to = target == null ? Value.object() : (ObjectValue) target;
        var from = now == null ? Value.object() : (ObjectValue) now;
        var spared = touched.name(path.depth());
        for (var member : to) {
            if (!member.name().equals(spared) && !member.value().equals(from.get(member.name()))) {
                rest.add(Edit.put(path.child(member.name()), member.value()));
            }
        }
        for (var member : from) {
            if (!member.name().equals(spared) && !to.has(member.name())) {
                rest.add(Edit.delete(path.child(member.name())));
            }
        }
        divide(path.child(spared), to.get(spared), from.get(spared), touched, rest);
    }

    private static boolean isObjectOrNull(@Nullable Value value) {
        return value == null || value instanceof ObjectValue;
    }
}
