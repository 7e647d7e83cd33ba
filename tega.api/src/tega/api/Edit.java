package tega.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One change of one node, as it was committed: merges and patches have become the puts and deletes they came down to.
 */
public sealed interface Edit {
    /** The node that was set or removed. */
    Path path();

    /** Whether the change concerns an ephemeral node: then it is in no durable history and moves no root version. */
    boolean ephemeral();

    /** The setting of a durable node. */
    static Edit put(Path path, Value value) {
        return new Put(path, value, null);
    }

    /** The removal of a durable node. */
    static Edit delete(Path path) {
        return new Delete(path, false);
    }

    /** The node was set to {@code value}; {@code owner} is the {@code tega_id} of its session when it is ephemeral. */
    record Put(Path path, Value value, @Nullable String owner) implements Edit {
        /** Neither path nor value is null. */
        public Put {
            Objects.requireNonNull(path);
            Objects.requireNonNull(value);
        }

        @Override
        public boolean ephemeral() {
            return owner != null;
        }
    }

    /** The node was removed, and with it ancestors left empty, up to but not including the root. */
    record Delete(Path path, boolean ephemeral) implements Edit {
        /** The path is not null. */
        public Delete {
            Objects.requireNonNull(path);
        }
    }
}
