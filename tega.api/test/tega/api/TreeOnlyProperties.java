package tega.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is seen of a tree when parts of it may not be. */
class TreeOnlyProperties {
    @Property(tries = 200)
    void exactlyTheVisibleLeavesAreLeft(@ForAll("paths") Set<Path> leaves, @ForAll("paths") Set<Path> open) {
        var tree = Tree.EMPTY;
        var stamp = 0L;
        for (var leaf : leaves) {
            if (tree.get(leaf) == null
                    && leaves.stream().noneMatch(other -> !other.equals(leaf) && other.overlaps(leaf))) {
                tree = tree.put(leaf, Value.of(++stamp), stamp);
            }
        }
        var seen = tree.only(visible(open));
        var expected = new HashSet<Path>();
        for (var leaf : leaves(tree.top(), Path.EMPTY)) {
            if (open.stream().anyMatch(leaf::startsWith)) {
                expected.add(leaf);
                assertThat(seen.get(leaf)).isEqualTo(tree.get(leaf));
                assertThat(tree.get(leaf, visible(open))).isEqualTo(tree.get(leaf));
                for (var depth = 0; depth <= leaf.depth(); depth++) {
                    assertThat(seen.stamp(leaf.first(depth))).isEqualTo(tree.stamp(leaf.first(depth)));
                }
            }
        }
        assertThat(new HashSet<>(leaves(seen.top(), Path.EMPTY))).isEqualTo(expected);
    }

    private static Function<Path, Extent> visible(Set<Path> open) {
        return path -> {
            if (open.stream().anyMatch(path::startsWith)) {
                return Extent.ALL;
            }
            return open.stream().anyMatch(granted -> granted.startsWith(path)) ? Extent.SOME : Extent.NONE;
        };
    }

    private static List<Path> leaves(Value value, Path path) {
        if (!(value instanceof ObjectValue object)) {
            return List.of(path);
        }
        var leaves = new java.util.ArrayList<Path>();
        for (var member : object) {
            leaves.addAll(leaves(member.value(), path.child(member.name())));
        }
        return leaves;
    }

    @Provide
    Arbitrary<Set<Path>> paths() {
        var name = Arbitraries.of("a", "b", "c", "d");
        return name.list().ofMinSize(2).ofMaxSize(4).map(Path::of).set().ofMaxSize(8);
    }
}
