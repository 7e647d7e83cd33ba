package tega.api;

import org.jspecify.annotations.Nullable;

/** Sets or removes one node of a tree: goes down along its path and makes each object above it anew. */
final class Write implements Step {
    private final Path path;
    private final @Nullable Value value;
    private final long stamp;
    private int depth;

    private Write(Path path, @Nullable Value value, long stamp) {
        this.path = path;
        this.value = value;
        this.stamp = stamp;
    }

    /** {@code top} with the node at {@code path}, which is not empty, set to {@code value}, or removed when that is null. */
    static ObjectValue into(ObjectValue top, long topStamp, Path path, @Nullable Value value, long stamp) {
        return new Write(path, value, stamp).into(top, topStamp);
    }

    private ObjectValue into(ObjectValue object, long inherited) {
        return object.change(path.name(depth), this, stamp, inherited, stamp);
    }

    @Override
    public @Nullable Value of(@Nullable Value member, long memberStamp) {
        var here = ++depth;
        if (here == path.depth()) {
            return value;
        }
        if (member instanceof ObjectValue object) {
            var changed = into(object, memberStamp);
            // A removal takes along what it leaves empty, except for the root.
            return value == null && changed.isEmpty() && here > 1 ? null : changed;
        }
        if (member != null) {
            var scalar = path.first(here);
            throw new TegaException.Conflict(
                    scalar,
                    "'" + scalar + "' is a " + member.kind() + ", so nothing can be set below it; delete it first");
        }
        return value == null ? null : into(CompactObject.NONE, stamp);
    }
}
