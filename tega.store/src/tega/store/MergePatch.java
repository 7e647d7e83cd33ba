package tega.store;

import org.jspecify.annotations.Nullable;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Value;

/** RFC 7396: what merging a patch comes down to, as puts and deletes of the least nodes. */
final class MergePatch {
    private MergePatch() {}

    static void merge(Workspace workspace, @Nullable String owner, Path path, Value patch) {
        var now =
                path.isEmpty() ? workspace.visible().top() : workspace.visible().get(path);
        if (!(patch instanceof ObjectValue members) || !(now instanceof ObjectValue object)) {
            var merged = withoutNulls(patch);
            if (!merged.equals(now)) {
                workspace.put(path, merged, owner);
            }
            return;
        }
        if (!path.isEmpty() && isEmptied(object, members)) {
            // A delete would prune the node that the RFC leaves as an empty object.
            if (!object.isEmpty()) {
                workspace.put(path, Value.object(), owner);
            }
            return;
        }
        for (var member : members) {
            if (!member.value().equals(Value.NULL)) {
                merge(workspace, owner, path.child(member.name()), member.value());
            }
        }
        for (var member : members) {
            if (member.value().equals(Value.NULL) && object.has(member.name())) {
                workspace.delete(path.child(member.name()), owner);
            }
        }
    }

    private static boolean isEmptied(ObjectValue object, ObjectValue patch) {
        var left = object.size();
        for (var member : patch) {
            if (!member.value().equals(Value.NULL)) {
                return false;
            }
            left -= object.has(member.name()) ? 1 : 0;
        }
        return left == 0;
    }

    /** What the patch makes of nothing: itself, as far as it does not remove. */
    private static Value withoutNulls(Value patch) {
        if (!(patch instanceof ObjectValue object)) {
            return patch;
        }
        var builder = ObjectValue.builder();
        for (var member : object) {
            if (!member.value().equals(Value.NULL)) {
                builder.put(member.name(), withoutNulls(member.value()));
            }
        }
        return builder.build();
    }
}
