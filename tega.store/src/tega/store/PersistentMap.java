package tega.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map: changing it gives a new one that shares all but O(log n) nodes with this one (a hash-array-mapped trie).
 * Without order.
 */
final class PersistentMap<K, V> {
    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(null, 0);
    private static final int BITS = 5;

    private sealed interface Node permits Leaf, Branch, Clash {}

    private record Leaf(int hash, Object key, Object value) implements Node {}

    /** Up to 32 nodes, those present told by the bits of {@code present}. */
    private static final class Branch implements Node {
        private final int present;
        private final Node[] nodes;

        Branch(int present, Node[] nodes) {
            this.present = present;
            this.nodes = nodes;
        }
    }

    /** Keys of one hash. */
    private record Clash(int hash, List<Leaf> leaves) implements Node {}

    private final @Nullable Node top;
    private final int size;

    private PersistentMap(@Nullable Node top, int size) {
        this.top = top;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // it holds nothing
    static <K, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    @SuppressWarnings("unchecked") // only V were put in
    @Nullable
    V get(K key) {
        var hash = spread(key);
        var node = top;
        for (var shift = 0; node != null; shift += BITS) {
            if (node instanceof Branch branch) {
                var bit = bit(hash, shift);
                node = (branch.present & bit) == 0 ? null : branch.nodes[index(branch.present, bit)];
            } else {
                var leaf = leaf(node, hash, key);
                return leaf == null ? null : (V) leaf.value;
            }
        }
        return null;
    }

    boolean has(K key) {
        return get(key) != null;
    }

    PersistentMap<K, V> with(K key, V value) {
        var leaf = new Leaf(spread(key), key, value);
        return new PersistentMap<>(top == null ? leaf : put(top, leaf, 0), has(key) ? size : size + 1);
    }

    PersistentMap<K, V> without(K key) {
        if (top == null || !has(key)) {
            return this;
        }
        return size == 1 ? empty() : new PersistentMap<>(remove(top, spread(key), key, 0), size - 1);
    }

    @SuppressWarnings("unchecked") // only K and V were put in
    void forEach(BiConsumer<? super K, ? super V> action) {
        if (top != null) {
            each(top, leaf -> action.accept((K) leaf.key, (V) leaf.value));
        }
    }

    List<K> keys() {
        var keys = new ArrayList<K>(size);
        forEach((key, value) -> keys.add(key));
        return keys;
    }

    private static void each(Node node, java.util.function.Consumer<Leaf> action) {
        if (node instanceof Branch branch) {
            for (var below : branch.nodes) {
                each(below, action);
            }
        } else if (node instanceof Clash clash) {
            clash.leaves.forEach(action);
        } else {
            action.accept((Leaf) node);
        }
    }

    private static @Nullable Leaf leaf(Node node, int hash, Object key) {
        if (node instanceof Leaf leaf) {
            return leaf.hash == hash && leaf.key.equals(key) ? leaf : null;
        }
        for (var leaf : ((Clash) node).leaves) {
            if (leaf.key.equals(key)) {
                return leaf;
            }
        }
        return null;
    }

    private static Node put(Node node, Leaf leaf, int shift) {
        if (node instanceof Branch branch) {
            var bit = bit(leaf.hash, shift);
            var at = index(branch.present, bit);
            if ((branch.present & bit) != 0) {
                var nodes = branch.nodes.clone();
                nodes[at] = put(nodes[at], leaf, shift + BITS);
                return new Branch(branch.present, nodes);
            }
            var nodes = new Node[branch.nodes.length + 1];
            System.arraycopy(branch.nodes, 0, nodes, 0, at);
            System.arraycopy(branch.nodes, at, nodes, at + 1, branch.nodes.length - at);
            nodes[at] = leaf;
            return new Branch(branch.present | bit, nodes);
        }
        var hash = node instanceof Leaf old ? old.hash : ((Clash) node).hash;
        if (hash != leaf.hash) {
            return put(new Branch(bit(hash, shift), new Node[] {node}), leaf, shift);
        }
        if (node instanceof Leaf old) {
            return old.key.equals(leaf.key) ? leaf : new Clash(hash, List.of(old, leaf));
        }
        var leaves = new ArrayList<>(((Clash) node).leaves);
        leaves.removeIf(old -> old.key.equals(leaf.key));
        leaves.add(leaf);
        return new Clash(hash, leaves);
    }

    /** The node without the key, which it has; null when nothing is left. */
    private static @Nullable Node remove(Node node, int hash, Object key, int shift) {
        if (node instanceof Branch branch) {
            var bit = bit(hash, shift);
            var at = index(branch.present, bit);
            var below = remove(branch.nodes[at], hash, key, shift + BITS);
            if (below != null) {
                if (branch.nodes.length == 1 && !(below instanceof Branch)) {
                    return below;
                }
                var nodes = branch.nodes.clone();
                nodes[at] = below;
                return new Branch(branch.present, nodes);
            }
            if (branch.nodes.length == 1) {
                return null;
            }
            if (branch.nodes.length == 2 && !(branch.nodes[1 - at] instanceof Branch)) {
                return branch.nodes[1 - at];
            }
            var nodes = new Node[branch.nodes.length - 1];
            System.arraycopy(branch.nodes, 0, nodes, 0, at);
            System.arraycopy(branch.nodes, at + 1, nodes, at, nodes.length - at);
            return new Branch(branch.present & ~bit, nodes);
        }
        if (node instanceof Leaf) {
            return null;
        }
        var leaves = new ArrayList<>(((Clash) node).leaves);
        leaves.removeIf(leaf -> leaf.key.equals(key));
        return leaves.size() == 1 ? leaves.get(0) : new Clash(hash, leaves);
    }

    private static int spread(Object key) {
        var hash = Objects.requireNonNull(key).hashCode();
        return hash ^ (hash >>> 16);
    }

    private static int bit(int hash, int shift) {
        return 1 << ((hash >>> shift) & 31);
    }

    private static int index(int present, int bit) {
        return Integer.bitCount(present & (bit - 1));
    }
}
