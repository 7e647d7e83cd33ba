package tega.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The tree as one would write it down without a thought for time and space: maps of maps, and a list of what happened. */
final class TreeModel {
    private record Happened(Path path, long stamp) {}

    private final Map<String, Object> top = map();
    private final List<Happened> history = new ArrayList<>();

    private static Map<String, Object> map() {
        return new TreeMap<>(Samples.BY_CODE_POINT);
    }

    /** Objects as maps, all else as it is. */
    static Object plain(Value value) {
        if (!(value instanceof ObjectValue object)) {
            return value;
        }
        var map = map();
        object.forEach(member -> map.put(member.name(), plain(member.value())));
        return map;
    }

    Object top() {
        return copy(top);
    }

    private static Object copy(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        var copy = map();
        map.forEach((name, member) -> copy.put((String) name, copy(member)));
        return copy;
    }

    /** False for a conflict. */
    @SuppressWarnings("unchecked")
    boolean put(Path path, Value value, long stamp) {
        for (var depth = 1; depth < path.depth(); depth++) {
            var there = get(path.first(depth));
            if (there != null && !(there instanceof Map)) {
                return false;
            }
        }
        var map = top;
        for (var name : path.parent().names()) {
            map = (Map<String, Object>) map.computeIfAbsent(name, absent -> map());
        }
        map.put(path.last(), plain(value));
        history.add(new Happened(path, stamp));
        return true;
    }

    /** False when there is nothing. */
    boolean delete(Path path, long stamp) {
        if (get(path) == null) {
            return false;
        }
        parent(path).remove(path.last());
        for (var depth = path.depth() - 1; depth > 1; depth--) {
            var above = path.first(depth);
            if (((Map<?, ?>) get(above)).isEmpty()) {
                parent(above).remove(above.last());
            }
        }
        history.add(new Happened(path, stamp));
        return true;
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> parent(Path path) {
        return (Map<String, Object>) get(path.parent());
    }

    @Nullable
    Object get(Path path) {
        Object value = top;
        for (var name : path.names()) {
            value = value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return value;
    }

    /** The last commit at, below or above: what is set above sets all below. */
    long stamp(Path path) {
        return get(path) == null
                ? -1
                : history.stream()
                        .filter(happened -> happened.path().overlaps(path))
                        .mapToLong(Happened::stamp)
                        .max()
                        .orElse(0);
    }

    List<Path> paths() {
        var paths = new ArrayList<Path>();
        collect(Path.EMPTY, top, paths);
        return paths;
    }

    private static void collect(Path path, Object value, List<Path> paths) {
        paths.add(path);
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> collect(path.child((String) name), member, paths));
        }
    }

    /** The edits of a diff as text, in order. */
    static List<String> diff(Path path, @Nullable Object before, @Nullable Object after) {
        var edits = new ArrayList<String>();
        if (after == null && before != null) {
            edits.add("delete " + path);
        } else if (before instanceof Map<?, ?> from
                && after instanceof Map<?, ?> to
                && (path.isEmpty() || !to.isEmpty())) {
            var names = new TreeSet<String>(Samples.BY_CODE_POINT);
            from.keySet().forEach(name -> names.add((String) name));
            to.keySet().forEach(name -> names.add((String) name));
            names.forEach(name -> edits.addAll(diff(path.child(name), from.get(name), to.get(name))));
        } else if (after != null && !after.equals(before)) {
            edits.add("put " + path + " " + after);
        }
        return edits;
    }
}
