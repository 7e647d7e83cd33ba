package tega.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The laws of the tree, against a model that knows no sharing. */
class TreeProperties {
    private static final int TRIES = 150;
    private static final List<String> NAMES = List.of("a", "b", "c", "", "\ud83d\ude00", "\ue000", "_version", "items");

    /** A random history: every version with the model's picture of it. */
    private static final class Run {
        final Random random;
        final TreeModel model = new TreeModel();
        final List<Tree> versions = new ArrayList<>(List.of(Tree.EMPTY));
        final List<Object> pictures = new ArrayList<>(List.of(TreeModel.plain(Value.object())));
        final int breadth;
        Tree tree = Tree.EMPTY;
        long stamp = 1;

        Run(long seed) {
            random = new Random(seed);
            breadth = random.nextInt(3) * 100;
        }

        Run steps(int count) {
            for (var i = 0; i < count; i++) {
                // Several edits make one commit; revisions may leap, and far.
                stamp +=
                        List.of(0L, 1L, 1L, 1L, 2L, i % 50 == 0 ? 1L << 33 : 1L).get(random.nextInt(6));
                step();
                if (random.nextInt(8) == 0) {
                    versions.add(tree);
                    pictures.add(model.top());
                }
            }
            versions.add(tree);
            pictures.add(model.top());
            return this;
        }

        private void step() {
            if (random.nextInt(3) == 0) {
                delete(random.nextInt(4) == 0 ? path() : present());
            } else {
                var path = path();
                put(path, path.depth() == 1 ? object(2) : value(3));
            }
        }

        private void put(Path path, Value value) {
            if (model.put(path, value, stamp)) {
                tree = tree.put(path, value, stamp);
            } else {
                var before = tree;
                assertThatThrownBy(() -> before.put(path, value, stamp)).isInstanceOf(TegaException.Conflict.class);
            }
        }

        private void delete(Path path) {
            if (path.isEmpty()) {
                return;
            }
            if (model.delete(path, stamp)) {
                tree = tree.delete(path, stamp);
            } else {
                var before = tree;
                assertThat(before.apply(Edit.delete(path), stamp)).isSameAs(before);
                assertThatThrownBy(() -> before.delete(path, stamp)).isInstanceOf(TegaException.NotFound.class);
            }
        }

        private String name() {
            return breadth > 0 && random.nextInt(4) > 0
                    ? "n" + random.nextInt(breadth)
                    : NAMES.get(random.nextInt(NAMES.size()));
        }

        private Path path() {
            var path = Path.of(NAMES.get(random.nextInt(2)));
            for (var depth = random.nextInt(4); depth > 0; depth--) {
                path = path.child(name());
            }
            return path;
        }

        private Path present() {
            var path = Path.EMPTY;
            for (var depth = 1 + random.nextInt(4); depth > 0; depth--) {
                if (tree.get(path) instanceof ObjectValue object && !object.isEmpty()) {
                    var after = object.after(name());
                    path = path.child(
                            (after.hasNext() ? after : object.iterator()).next().name());
                }
            }
            return path;
        }

        private Value value(int depth) {
            return switch (random.nextInt(depth > 0 ? 8 : 4)) {
                case 0 -> Value.of(random.nextInt(3));
                case 1 -> Value.NULL;
                case 2 -> Value.of("s" + random.nextInt(3));
                case 3 -> Value.array(Value.of(random.nextInt(2)), Value.object());
                case 4 -> Objects.requireNonNull(tree.get(present()), "taken from the tree, with its stamps");
                default -> object(depth - 1);
            };
        }

        private ObjectValue object(int depth) {
            var object = Value.object();
            for (var size = random.nextInt(breadth > 0 && random.nextInt(10) == 0 ? 150 : 4); size > 0; size--) {
                object = object.with(name(), value(depth));
            }
            return object;
        }

        Object pickOf(List<?> list) {
            return list.get(random.nextInt(list.size()));
        }
    }

    @Property(tries = TRIES)
    void everyHistoryGivesTheValuesAndStampsOfTheModel(@ForAll long seed) {
        var tries = 0;
        for (var run = new Run(seed); tries < 3; tries++) {
            run.steps(40);
            assertThat(TreeModel.plain(run.tree.top())).isEqualTo(run.model.top());
            for (var path : run.model.paths()) {
                assertThat(TreeModel.plain(Objects.requireNonNull(run.tree.get(path))))
                        .isEqualTo(run.model.get(path));
                assertThat(run.tree.stamp(path)).as("stamp of " + path).isEqualTo(run.model.stamp(path));
            }
            assertThat(run.tree.get(Path.of("a", "absent"))).isNull();
            assertThat(run.tree.stamp(Path.of("a", "absent"))).isEqualTo(-1);
        }
    }

    @Property(tries = TRIES)
    void oldVersionsStayAsTheyWere(@ForAll long seed) {
        var run = new Run(seed).steps(60);
        for (var i = 0; i < run.versions.size(); i++) {
            assertThat(TreeModel.plain(run.versions.get(i).top())).isEqualTo(run.pictures.get(i));
        }
    }

    @Property(tries = TRIES)
    void aDiffIsTheLeastThatMakesOneVersionTheOther(@ForAll long seed) {
        var run = new Run(seed).steps(60);
        for (var i = 0; i < 10; i++) {
            var from = run.random.nextInt(run.versions.size());
            var to = run.random.nextInt(run.versions.size());
            var before = run.versions.get(from);
            var after = run.versions.get(to);
            var edits = before.diff(after, Path.EMPTY);
            assertThat(edits.stream().map(TreeProperties::text))
                    .isEqualTo(TreeModel.diff(Path.EMPTY, run.pictures.get(from), run.pictures.get(to)));
            assertThat(applied(before, edits)).isEqualTo(after);
            assertThat(applied(before, reversed(edits))).isEqualTo(after);
        }
    }

    @Property(tries = TRIES)
    void aDiffOfASubtreeMakesThatSubtree(@ForAll long seed) {
        var run = new Run(seed).steps(60);
        for (var i = 0; i < 10; i++) {
            var before = (Tree) run.pickOf(run.versions);
            var after = (Tree) run.pickOf(run.versions);
            var path = run.present();
            if (path.isEmpty() || !(before.get(path.parent()) instanceof ObjectValue)) {
                continue;
            }
            assertThat(applied(before, before.diff(after, path)).get(path)).isEqualTo(after.get(path));
        }
    }

    @Property(tries = TRIES)
    void equalValuesHaveEqualDigests(@ForAll long seed) {
        var run = new Run(seed).steps(60);
        for (var i = 0; i < 20; i++) {
            var one = (Tree) run.pickOf(run.versions);
            var other = (Tree) run.pickOf(run.versions);
            var path = run.present();
            assertThat(Objects.equals(one.digest(path), other.digest(path)))
                    .isEqualTo(Objects.equals(one.get(path), other.get(path)));
        }
        var rebuilt = applied(Tree.EMPTY, Tree.EMPTY.diff(run.tree, Path.EMPTY));
        assertThat(rebuilt.digest(Path.EMPTY)).isEqualTo(run.tree.digest(Path.EMPTY));
    }

    @Property(tries = TRIES)
    void whatIsPutBringsNoStampsAlong(@ForAll long seed) {
        var run = new Run(seed).steps(60);
        var stamp = run.stamp + 1;
        var copy = Tree.EMPTY.put(Path.of("copy"), run.tree.top(), stamp);
        assertThat(stamps(copy, copy.top(), Path.EMPTY)).containsOnly(stamp);
        assertThat(copy.get(Path.of("copy"))).isEqualTo(run.tree.top());
        // What has no stamps is not copied.
        var clean = run.tree.top().unstamped();
        assertThat(clean.unstamped()).isSameAs(clean);
        assertThat(Tree.EMPTY.put(Path.of("copy"), clean, stamp).get(Path.of("copy")))
                .isSameAs(clean);
    }

    private static List<Long> stamps(Tree tree, Value value, Path path) {
        var stamps = new ArrayList<Long>();
        stamps.add(tree.stamp(path));
        if (value instanceof ObjectValue object) {
            object.forEach(member -> stamps.addAll(stamps(tree, member.value(), path.child(member.name()))));
        }
        return stamps;
    }

    private static Tree applied(Tree tree, List<Edit> edits) {
        var result = tree;
        for (var edit : edits) {
            result = result.apply(edit, 1L << 50);
        }
        return result;
    }

    private static List<Edit> reversed(List<Edit> edits) {
        var reversed = new ArrayList<>(edits);
        java.util.Collections.reverse(reversed);
        return reversed;
    }

    private static String text(Edit edit) {
        return edit instanceof Edit.Put put
                ? "put " + put.path() + " " + TreeModel.plain(put.value())
                : "delete " + edit.path();
    }

    @Example
    void refusesWhatNoTreeCanHold() {
        assertThatThrownBy(() -> Tree.EMPTY.put(Path.EMPTY, Value.object(), 1))
                .isInstanceOf(TegaException.Invalid.class);
        assertThatThrownBy(() -> Tree.EMPTY.put(Path.of("a"), Value.of(1), 1))
                .isInstanceOf(TegaException.Invalid.class)
                .hasMessageContaining("'a' must be an object, not a number");
        assertThatThrownBy(() -> Tree.EMPTY.delete(Path.EMPTY, 1)).isInstanceOf(TegaException.Invalid.class);
        var tree = Tree.EMPTY.put(Path.of("a", "b"), Value.of(1), 1);
        assertThatThrownBy(() -> tree.put(Path.of("a", "b", "c", "d"), Value.of(1), 2))
                .isInstanceOf(TegaException.Conflict.class)
                .hasMessageContaining("'a.b' is a number");
    }

    @Example
    void aRootStaysWhenItsLastNodeGoes() {
        var tree = Tree.EMPTY.put(Path.of("a", "b", "c"), Value.of(1), 1).delete(Path.of("a", "b", "c"), 2);
        assertThat(tree.top()).hasToString("{\"a\":{}}");
        assertThat(tree.stamp(Path.of("a"))).isEqualTo(2);
    }

    @Example
    void theDigestIsThatOfTheText() {
        var tree = Tree.EMPTY.put(Path.of("a"), Value.object("x", Value.of(1)), 1);
        // printf '{"a":{"x":1}}' | sha256sum
        assertThat(tree.digest(Path.EMPTY))
                .isEqualTo("b6dc583443509414420dc9334bc187790e483f659799a5c2c27e4f0bad1ee958");
        assertThat(tree.digest(Path.of("b"))).isNull();
    }
}
