package tega.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import tega.api.Path;

/**
 * Watchers by the exact beginning of what they watch, in a trie of names: a commit meets those on the way to its path and
 * those below it. Not safe for several threads.
 */
final class WatchIndex {
    private static final class Node {
        private final Map<String, Node> below = new HashMap<>(2);
        private final Set<Watcher> watchers = new LinkedHashSet<>(2);

        boolean isBare() {
            return below.isEmpty() && watchers.isEmpty();
        }
    }

    private final Node top = new Node();
    private final Set<Watcher> all = new LinkedHashSet<>();

    boolean isEmpty() {
        return all.isEmpty();
    }

    int size() {
        return all.size();
    }

    Collection<Watcher> all() {
        return all;
    }

    void add(Watcher watcher) {
        if (all.add(watcher)) {
            for (var prefix : watcher.prefixes()) {
                var node = top;
                for (var i = 0; i < prefix.depth(); i++) {
                    node = node.below.computeIfAbsent(prefix.name(i), name -> new Node());
                }
                node.watchers.add(watcher);
            }
        }
    }

    void remove(Watcher watcher) {
        if (all.remove(watcher)) {
            for (var prefix : watcher.prefixes()) {
                remove(top, prefix, 0, watcher);
            }
        }
    }

    private static void remove(Node node, Path prefix, int depth, Watcher watcher) {
        if (depth == prefix.depth()) {
            node.watchers.remove(watcher);
            return;
        }
        var name = prefix.name(depth);
        var next = node.below.get(name);
        if (next != null) {
            remove(next, prefix, depth + 1, watcher);
            if (next.isBare()) {
                node.below.remove(name);
            }
        }
    }

    /** Gives those that a change at {@code path} may concern; some of them more than once. */
    void concerned(Path path, Consumer<Watcher> action) {
        var node = top;
        for (var i = 0; ; i++) {
            node.watchers.forEach(action);
            if (i == path.depth()) {
                break;
            }
            node = node.below.get(path.name(i));
            if (node == null) {
                return;
            }
        }
        node.below.values().forEach(below -> everything(below, action));
    }

    private static void everything(Node node, Consumer<Watcher> action) {
        node.watchers.forEach(action);
        node.below.values().forEach(below -> everything(below, action));
    }
}
