package tega.api;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The database at one revision; immutable, a pointer to take, and cheap to keep: it shares all nodes with its neighbours. */
public final class Snapshot {
    private final long revision;
    private final Tree tree;
    private final ObjectValue versions;

    /** For stores: {@code versions} holds a number for every root that ever was, deleted ones included. */
    public Snapshot(long revision, Tree tree, ObjectValue versions) {
        this.revision = revision;
        this.tree = Objects.requireNonNull(tree);
        this.versions = Objects.requireNonNull(versions);
    }

    /** The revision of the last commit in it; 0 before the first. */
    public long revision() {
        return revision;
    }

    /** All of its values and stamps. */
    public Tree tree() {
        return tree;
    }

    /** The value at {@code path}. */
    public Optional<Value> get(Path path) {
        return Optional.ofNullable(tree.get(path));
    }

    /** The revision of the last commit at or below {@code path}; empty when there is no such node. */
    public OptionalLong revision(Path path) {
        var stamp = tree.stamp(path);
        return stamp < 0 ? OptionalLong.empty() : OptionalLong.of(stamp);
    }

    /** The version of {@code root}, which continues after a delete; empty when there never was such a root. */
    public OptionalLong version(String root) {
        return versions.get(root) instanceof NumberValue version
                ? OptionalLong.of(version.longValue())
                : OptionalLong.empty();
    }

    /** The roots there are now, each with its version, in order of their names. */
    public Map<String, Long> roots() {
        var roots = new TreeMap<String, Long>(CodePointOrder.INSTANCE);
        for (var root : tree.top()) {
            version(root.name()).ifPresent(version -> roots.put(root.name(), version));
        }
        return roots;
    }

    /** The number of every root that ever was. */
    public ObjectValue versions() {
        return versions;
    }

    @Override
    public String toString() {
        return "snapshot at revision " + revision;
    }
}
