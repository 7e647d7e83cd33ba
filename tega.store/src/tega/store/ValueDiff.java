package tega.store;

import org.jspecify.annotations.Nullable;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Value;

/** Writes into a workspace what makes one value of another, by the least nodes; parts that both share are not looked at. */
final class ValueDiff {
    private ValueDiff() {}

    @SuppressWarnings("ReferenceEquality") // identity spares the look
    static void write(
            Workspace workspace, @Nullable String owner, Path path, @Nullable Value before, @Nullable Value after) {
        if (before == after) {
            return;
        }
        if (after == null) {
            workspace.delete(path, owner);
        } else if (before instanceof ObjectValue from
                && after instanceof ObjectValue to
                && (path.isEmpty() || !to.isEmpty())) {
            for (var member : to) {
                write(workspace, owner, path.child(member.name()), from.get(member.name()), member.value());
            }
            for (var member : from) {
                if (!to.has(member.name())) {
                    workspace.delete(path.child(member.name()), owner);
                }
            }
        } else if (!after.equals(before)) {
            workspace.put(path, after, owner);
        }
    }
}
