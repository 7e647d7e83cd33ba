package tega.transport.http;

import java.util.List;
import tega.api.ErrorCode;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;

/** v1's form of a value with its metadata beside the data, in v1's order of members. */
final class Internal {
    private static final String[] OWN = {"_oid", "_parent", "_version", "_ephemeral"};

    private final Tega tega;
    private final Snapshot base;
    private final Snapshot snapshot;
    private final List<Path> ephemeral;
    private final StringBuilder out = new StringBuilder();

    Internal(Tega tega, Snapshot snapshot) {
        this(tega, snapshot, snapshot, List.of());
    }

    /** For a candidate made on {@code base}, in which {@code ephemeral} is about to be so. */
    Internal(Tega tega, Snapshot base, Snapshot candidate, List<Path> ephemeral) {
        this.tega = tega;
        this.base = base;
        this.snapshot = candidate;
        this.ephemeral = ephemeral;
    }

    /** The text of the node at {@code path}, which must be there. */
    String text(Path path) {
        if (path.isEmpty()) {
            throw new TegaException.Invalid("the internal form is of one node; the database itself is none");
        }
        write(path, snapshot.get(path).orElseThrow(() -> TreeResource.absent(path)));
        return out.toString();
    }

    private void write(Path path, Value value) {
        if (!(value instanceof ObjectValue object)) {
            out.append("{\"_value\":").append(value).append(",\"_version\":").append(version(path));
            out.append(",\"_oid\":")
                    .append(Value.of(path.last()))
                    .append(",\"_parent\":")
                    .append(parent(path));
            out.append(",\"_ephemeral\":").append(isEphemeral(path)).append('}');
            return;
        }
        out.append("{\"_oid\":")
                .append(Value.of(path.last()))
                .append(",\"_parent\":")
                .append(parent(path));
        out.append(",\"_version\":").append(version(path));
        out.append(",\"_ephemeral\":").append(isEphemeral(path));
        for (var member : object) {
            for (var name : OWN) {
                if (name.equals(member.name())) {
                    throw new Refusal(
                            409,
                            ErrorCode.CONFLICT,
                            "'" + path.child(name)
                                    + "' has a name that the internal form needs; read it without internal");
                }
            }
            out.append(',').append(Value.of(member.name())).append(':');
            write(path.child(member.name()), member.value());
        }
        out.append('}');
    }

    private long version(Path path) {
        var version = base.version(path.root());
        if (snapshot.revision(path).orElse(0) > base.revision()) {
            // What is not committed yet: the version its root would get.
            return version.orElse(-1) + 1;
        }
        if (version.isEmpty()) {
            // Nothing in it but ephemeral nodes, which move no version.
            return 0;
        }
        return tega.history().version(base, path);
    }

    private static String parent(Path path) {
        return path.depth() == 1
                ? "null"
                : Value.of(path.name(path.depth() - 2)).toString();
    }

    private boolean isEphemeral(Path path) {
        return tega.owner(path).isPresent() || ephemeral.stream().anyMatch(path::startsWith);
    }
}
