package tega.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** A tree that was taken to pieces and joined is the same tree: values, stamps and all. */
class TreePiecesProperties {
    @Property(tries = 200)
    void joinedPiecesAreTheTree(@ForAll("edits") List<Edit> edits) {
        var tree = grow(edits);
        var joined = Tree.of(tree.stamp(), tree.pieces());
        assertThat(joined).isEqualTo(tree);
        assertThat(stamps(joined)).isEqualTo(stamps(tree));
    }

    @Property(tries = 200)
    void aRootTakenFromAnotherTreeKeepsItsStamps(@ForAll("edits") List<Edit> mine, @ForAll("edits") List<Edit> theirs) {
        var that = grow(theirs);
        var tree = grow(mine).withRoot("a", that, 1000);
        assertThat(tree.stamp()).isEqualTo(1000);
        assertThat(tree.get(Path.of("a"))).isEqualTo(that.get(Path.of("a")));
        assertThat(tree.stamp(Path.of("a"))).isEqualTo(that.stamp(Path.of("a")));
        assertThat(tree.stamp(Path.of("a", "b"))).isEqualTo(that.stamp(Path.of("a", "b")));
        assertThat(tree.get(Path.of("b"))).isEqualTo(grow(mine).get(Path.of("b")));
    }

    @Example
    void piecesOutOfOrderAreInvalid() {
        var orphan = List.of(new Tree.Piece(1, "x", 1, Value.of(1))).iterator();
        assertThatThrownBy(() -> Tree.of(1, orphan)).isInstanceOf(TegaException.Invalid.class);
    }

    private static Tree grow(List<Edit> edits) {
        var tree = Tree.EMPTY;
        var revision = 0L;
        for (var edit : edits) {
            try {
                tree = tree.apply(edit, ++revision);
            } catch (TegaException.Conflict scalarInTheWay) {
                assertThat(edit).isInstanceOf(Edit.Put.class);
            }
        }
        return tree;
    }

    private static List<String> stamps(Tree tree) {
        var all = new ArrayList<String>();
        stamps(tree, Path.EMPTY, tree.top(), all);
        return all;
    }

    private static void stamps(Tree tree, Path path, Value value, List<String> all) {
        all.add(path + "@" + tree.stamp(path));
        if (value instanceof ObjectValue object) {
            object.forEach(member -> stamps(tree, path.child(member.name()), member.value(), all));
        }
    }

    @Provide
    Arbitrary<List<Edit>> edits() {
        var name = Arbitraries.of("a", "b", "c", "");
        var path = name.list().ofMinSize(2).ofMaxSize(4).map(Path::of);
        var value = Arbitraries.of(
                Value.of(1), Value.object(), Value.object("b", Value.of(2), "c", Value.object("a", Value.NULL)));
        var put = Combinators.combine(path, value).as(Edit::put);
        return Arbitraries.frequencyOf(Tuple.of(3, put), Tuple.of(1, path.map(Edit::delete)))
                .list()
                .ofMaxSize(30);
    }
}
