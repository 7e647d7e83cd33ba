package tega.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** An object behaves like a sorted map, be it compact or wide and whatever turned it from one into the other. */
class ObjectValueProperties {
    @Provide
    Arbitrary<List<String>> anyNames() {
        return Samples.texts().list().ofMaxSize(150);
    }

    @Property(tries = 300)
    void holdsAnyNamesInOrder(@ForAll("anyNames") List<String> names) {
        var model = new TreeMap<String, Value>(Samples.BY_CODE_POINT);
        var builder = ObjectValue.builder();
        var grown = Value.object();
        for (var name : names) {
            var value = Value.of(model.size());
            model.put(name, value);
            builder.put(name, value);
            grown = grown.with(name, value);
        }
        isLike(builder.build(), model);
        isLike(grown, model);
        for (var name : names) {
            assertThat(names(grown.after(name)))
                    .isEqualTo(new ArrayList<>(model.tailMap(name, false).keySet()));
        }
    }

    @Property(tries = 150)
    void changesLikeASortedMap(@ForAll long seed, @ForAll @IntRange(min = 1, max = 1500) int range) {
        var random = new Random(seed);
        var model = new TreeMap<String, Value>(Samples.BY_CODE_POINT);
        var object = Value.object();
        // Grows for a while, then shrinks for a while, through all sizes and back.
        for (var phase = 0; phase < 4; phase++) {
            var shrinking = phase % 2 == 1;
            for (var i = 0; i < range; i++) {
                var name = "n" + random.nextInt(range);
                var old = object;
                var oldText = i % 97 == 0 ? old.toString() : "";
                if (random.nextInt(10) < (shrinking ? 9 : 2)) {
                    object = object.without(name);
                    model.remove(name);
                } else {
                    var value = Value.of(random.nextInt(3000));
                    object = object.with(name, value);
                    model.put(name, value);
                }
                assertThat(object.size()).isEqualTo(model.size());
                if (i % 97 == 0) {
                    assertThat(old).as("the version before").hasToString(oldText);
                }
            }
            isLike(object, model);
            isWellBuilt(object);
        }
    }

    @Property(tries = 100)
    void isEqualHoweverItWasMade(@ForAll long seed, @ForAll @IntRange(min = 0, max = 300) int size) {
        var random = new Random(seed);
        var names = new ArrayList<String>();
        for (var i = 0; i < size; i++) {
            names.add("n" + i);
        }
        var builder = ObjectValue.builder();
        names.forEach(name -> builder.add(name, Value.of(name)));
        var built = builder.build();
        java.util.Collections.shuffle(names, random);
        var grown = Value.object();
        for (var name : names) {
            grown = grown.with(name + "x", Value.NULL).with(name, Value.of(name));
        }
        for (var name : names) {
            grown = grown.without(name + "x");
        }
        assertThat(grown).isEqualTo(built).hasSameHashCodeAs(built).hasToString(built.toString());
        if (size > 0) {
            var name = names.get(0);
            assertThat(grown.with(name, Value.of("other"))).isNotEqualTo(built);
            assertThat(grown.without(name)).isNotEqualTo(built);
            assertThat(grown.without(name).with(name + "y", Value.of(name))).isNotEqualTo(built);
        }
    }

    @Example
    void whatIsAbsentIsNotRemoved() {
        var compact = Value.object("a", Value.of(1));
        assertThat(compact.without("b")).isSameAs(compact);
        var wide = wide(1000);
        assertThat(wide.without("b")).isSameAs(wide);
    }

    @Example
    void theBuilderRefusesANameThatOccursTwice() {
        for (var names :
                List.of(List.of("a", "a"), List.of("a", "b", "a"), List.of("b", "a", "b"), List.of("b", "a", "a"))) {
            var builder = ObjectValue.builder();
            assertThatThrownBy(() -> names.forEach(name -> builder.add(name, Value.NULL)))
                    .isInstanceOf(TegaException.Invalid.class)
                    .hasMessageContaining("occurs twice");
        }
    }

    @Example
    void theBuilderGoesOnAfterBuilding() {
        var builder = ObjectValue.builder().put("b", Value.of(1));
        var first = builder.build();
        var second = builder.put("a", Value.of(2)).put("b", Value.of(3)).build();
        assertThat(first).hasToString("{\"b\":1}");
        assertThat(second).hasToString("{\"a\":2,\"b\":3}");
    }

    @Example
    void aChangeOfAWideObjectSharesAllButAFewNodes() {
        var wide = wide(100_000);
        var other = wide.with("n50000", Value.of("other")).without("n7").with("new", Value.NULL);
        var seen = new ArrayList<String>();
        assertThat(Comparison.compare(wide, other, (name, before, after) -> seen.add(name)))
                .isTrue();
        assertThat(seen).containsExactly("n50000", "n7", "new");
        assertThat(nodes(other.root())).hasSizeGreaterThan(3000);
        var shared = nodes(other.root());
        shared.retainAll(nodes(wide.root()));
        assertThat(nodes(other.root()).size() - shared.size()).isLessThan(20);
    }

    @Example
    void objectsThatLookAlikeShareTheirNames() {
        var one = (CompactObject) Value.object("address", Value.of(1), "port", Value.of(2));
        var other = (CompactObject) ObjectValue.builder()
                .put("po" + "rt".repeat(one.size() - 1), Value.of(3))
                .put("address", Value.of(4))
                .build();
        assertThat(one.sharesNames(other)).isTrue();
        assertThat(one.sharesNames((CompactObject) one.with("address", Value.NULL)))
                .isTrue();
        assertThat(one.sharesNames((CompactObject) one.with("name", Value.NULL)))
                .isFalse();
    }

    private static java.util.Set<Node> nodes(Node root) {
        java.util.Set<Node> nodes = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        nodes.add(root);
        if (root instanceof Branch branch) {
            for (var i = 0; i < branch.width(); i++) {
                nodes.addAll(nodes(branch.child(i)));
            }
        }
        return nodes;
    }

    static ObjectValue wide(int size) {
        var builder = ObjectValue.builder();
        for (var i = 0; i < size; i++) {
            builder.add("n" + i, Value.of(i));
        }
        return builder.build();
    }

    private static void isLike(ObjectValue object, Map<String, Value> model) {
        assertThat(object.size()).isEqualTo(model.size());
        assertThat(object.isEmpty()).isEqualTo(model.isEmpty());
        var members = new ArrayList<Member>();
        object.forEach(members::add);
        assertThat(members)
                .isEqualTo(model.entrySet().stream()
                        .map(entry -> new Member(entry.getKey(), entry.getValue()))
                        .toList());
        model.forEach((name, value) -> {
            assertThat(object.get(name)).isEqualTo(value);
            assertThat(object.get(name + "\u0000")).isEqualTo(model.get(name + "\u0000"));
        });
    }

    private static List<String> names(java.util.Iterator<Member> members) {
        var names = new ArrayList<String>();
        members.forEachRemaining(member -> names.add(member.name()));
        return names;
    }

    private static void isWellBuilt(ObjectValue object) {
        if (object instanceof WideObject) {
            assertThat(object.size()).isGreaterThanOrEqualTo(16);
            assertThat(isWellBuilt(object.root(), null, null, true)).isPositive();
        } else {
            assertThat(object.size()).isLessThanOrEqualTo(32);
        }
    }

    /** The height. */
    private static int isWellBuilt(Node node, @Nullable String from, @Nullable String to, boolean isRoot) {
        assertThat(node.width()).isBetween(isRoot ? 2 : Node.NARROWEST, Node.WIDEST);
        if (node instanceof CompactObject leaf) {
            for (var i = 0; i < leaf.size(); i++) {
                assertThat(from == null || Samples.BY_CODE_POINT.compare(from, leaf.name(i)) <= 0)
                        .isTrue();
                assertThat(to == null || Samples.BY_CODE_POINT.compare(leaf.name(i), to) < 0)
                        .isTrue();
            }
            return 0;
        }
        var branch = (Branch) node;
        var members = 0;
        var height = -1;
        for (var i = 0; i < branch.width(); i++) {
            var child = branch.child(i);
            var below = isWellBuilt(
                    child, i == 0 ? from : branch.bound(i), i + 1 == branch.width() ? to : branch.bound(i + 1), false);
            assertThat(height == -1 || height == below).isTrue();
            height = below;
            members += child.members();
        }
        assertThat(branch.members()).isEqualTo(members);
        return height + 1;
    }
}
