package tega.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tega.api.Edit;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Value;

/** A tree as one would write it on a slate: mutable maps, copied whole whenever a copy is wanted. */
final class Naive {
    /** Null for a leaf. */
    private final Map<String, Naive> members;

    private final Value leaf;
    private long stamp;

    private Naive(Map<String, Naive> members, Value leaf, long stamp) {
        this.members = members;
        this.leaf = leaf;
        this.stamp = stamp;
    }

    static Naive empty() {
        return new Naive(new TreeMap<>(), null, 0);
    }

    static Naive of(Value value, long stamp) {
        if (!(value instanceof ObjectValue object)) {
            return new Naive(null, value, stamp);
        }
        var node = new Naive(new TreeMap<>(), null, stamp);
        object.forEach(member -> node.members.put(member.name(), of(member.value(), stamp)));
        return node;
    }

    Naive copy() {
        if (members == null) {
            return new Naive(null, leaf, stamp);
        }
        var copy = new Naive(new TreeMap<>(), null, stamp);
        members.forEach((name, member) -> copy.members.put(name, member.copy()));
        return copy;
    }

    Value value() {
        if (members == null) {
            return leaf;
        }
        var builder = ObjectValue.builder();
        members.forEach((name, member) -> builder.put(name, member.value()));
        return builder.build();
    }

    long stamp() {
        return stamp;
    }

    boolean isObject() {
        return members != null;
    }

    boolean isEmptyObject() {
        return members != null && members.isEmpty();
    }

    Naive find(Path path) {
        var node = this;
        for (var name : path.names()) {
            node = node == null || node.members == null ? null : node.members.get(name);
        }
        return node;
    }

    /** The names of the members, in order. */
    List<String> names() {
        return members == null ? List.of() : new ArrayList<>(members.keySet());
    }

    /** False when something on the way is not an object. */
    boolean put(Path path, Value value, long revision) {
        for (var depth = 1; depth < path.depth(); depth++) {
            var above = find(path.first(depth));
            if (above != null && above.members == null) {
                return false;
            }
        }
        var node = this;
        node.stamp = revision;
        for (var depth = 0; depth < path.depth() - 1; depth++) {
            node = node.members.computeIfAbsent(path.name(depth), name -> new Naive(new TreeMap<>(), null, revision));
            node.stamp = revision;
        }
        node.members.put(path.last(), of(value, revision));
        return true;
    }

    void delete(Path path, long revision) {
        if (find(path) == null) {
            return;
        }
        find(path.parent()).members.remove(path.last());
        for (var depth = path.depth() - 1; depth > 1; depth--) {
            var above = path.first(depth);
            if (!find(above).members.isEmpty()) {
                break;
            }
            find(above.parent()).members.remove(above.last());
        }
        for (var depth = 0; depth < path.depth(); depth++) {
            var above = find(path.first(depth));
            if (above != null) {
                above.stamp = revision;
            }
        }
    }

    /** The same for somebody who does not see all: what is in the way, unseen, must have gone. */
    void lay(Edit edit) {
        for (var depth = 1; depth < edit.path().depth(); depth++) {
            var above = find(edit.path().first(depth));
            if (above != null && above.members == null) {
                delete(edit.path().first(depth), 0);
            }
        }
        apply(edit, 0);
    }

    void apply(Edit edit, long revision) {
        if (edit instanceof Edit.Put put) {
            if (!put(put.path(), put.value(), revision)) {
                throw new AssertionError("an edit that does not fit: " + edit);
            }
        } else {
            delete(edit.path(), revision);
        }
    }

    /** RFC 7396, as its section 2 has it. */
    static Value merge(Value target, Value patch) {
        if (!(patch instanceof ObjectValue members)) {
            return patch;
        }
        var result = target instanceof ObjectValue object ? object : Value.object();
        for (var member : members) {
            result = member.value().equals(Value.NULL)
                    ? result.without(member.name())
                    : result.with(member.name(), merge(result.get(member.name()), member.value()));
        }
        return result;
    }

    /** Every node with its path. */
    void each(Path path, java.util.function.BiConsumer<Path, Naive> action) {
        action.accept(path, this);
        if (members != null) {
            members.forEach((name, member) -> member.each(path.child(name), action));
        }
    }
}
