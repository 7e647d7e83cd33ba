package tega.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.Path;

/**
 * Which nodes are ephemeral and whose. A lease covers its node and everything below; no lease lies below another, and no
 * durable node at or below one. Immutable.
 */
final class Leases {
    static final Leases NONE = new Leases(new Node(null, PersistentMap.empty()), PersistentMap.empty());

    /** A node of the trie of names; {@code owner} is null where there is no lease. */
    private record Node(@Nullable String owner, PersistentMap<String, Node> below) {
        private static final Node BARE = new Node(null, PersistentMap.empty());

        boolean isBare() {
            return owner == null && below.isEmpty();
        }
    }

    /** An ephemeral node. */
    record Lease(Path path, String owner) {}

    private final Node top;
    private final PersistentMap<String, PersistentMap<Path, Boolean>> byOwner;

    private Leases(Node top, PersistentMap<String, PersistentMap<Path, Boolean>> byOwner) {
        this.top = top;
        this.byOwner = byOwner;
    }

    boolean isEmpty() {
        return byOwner.isEmpty();
    }

    boolean inRoot(String root) {
        return top.below.has(root);
    }

    int size() {
        var count = new int[1];
        byOwner.forEach((owner, paths) -> count[0] += paths.size());
        return count[0];
    }

    /** The lease that covers {@code path}, or null. */
    @Nullable
    Lease covering(Path path) {
        var node = top;
        for (var depth = 0; depth < path.depth(); depth++) {
            node = node.below.get(path.name(depth));
            if (node == null) {
                return null;
            }
            if (node.owner != null) {
                return new Lease(path.first(depth + 1), node.owner);
            }
        }
        return null;
    }

    /** The leases at or below {@code path}. */
    List<Lease> within(Path path) {
        var found = new ArrayList<Lease>();
        var node = node(path);
        if (node != null) {
            collect(path, node, found);
        }
        return found;
    }

    /** All leases of {@code owner}. */
    List<Path> of(String owner) {
        var paths = byOwner.get(owner);
        return paths == null ? List.of() : paths.keys();
    }

    private @Nullable Node node(Path path) {
        var node = top;
        for (var i = 0; i < path.depth() && node != null; i++) {
            node = node.below.get(path.name(i));
        }
        return node;
    }

    private static void collect(Path path, Node node, List<Lease> found) {
        if (node.owner != null) {
            found.add(new Lease(path, node.owner));
        }
        node.below.forEach((name, below) -> collect(path.child(name), below, found));
    }

    /** With a lease of {@code path}, in place of those below. */
    Leases with(Path path, String owner) {
        var cleared = without(path);
        var paths = cleared.byOwner.get(owner);
        var mine = (paths == null ? PersistentMap.<Path, Boolean>empty() : paths).with(path, true);
        return new Leases(
                put(cleared.top, path, 0, new Node(owner, PersistentMap.empty())), cleared.byOwner.with(owner, mine));
    }

    /** Without those at or below {@code path}. */
    Leases without(Path path) {
        var gone = within(path);
        if (gone.isEmpty()) {
            return this;
        }
        var owners = byOwner;
        for (var lease : gone) {
            var paths = owners.get(lease.owner());
            var rest = paths == null ? PersistentMap.<Path, Boolean>empty() : paths.without(lease.path());
            owners = rest.isEmpty() ? owners.without(lease.owner()) : owners.with(lease.owner(), rest);
        }
        return owners.isEmpty() ? NONE : new Leases(put(top, path, 0, Node.BARE), owners);
    }

    private static Node put(Node node, Path path, int depth, Node replacement) {
        if (depth == path.depth()) {
            return replacement;
        }
        var name = path.name(depth);
        var member = node.below.get(name);
        var below = put(member == null ? Node.BARE : member, path, depth + 1, replacement);
        return new Node(node.owner, below.isBare() ? node.below.without(name) : node.below.with(name, below));
    }
}
