package tega.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import tega.api.Extent;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;
import tega.api.WatchEvent;
import tega.api.WatchRequest;
import tega.api.spi.Action;
import tega.api.spi.Authorizer;

/** Whoever may read a part sees that part and nothing else, whichever way they look. */
class SightProperties {
    private static final Identity SOMEBODY = new Identity("somebody", "somebody");

    /** What somebody may read, by the simplest rules there can be; all others may do everything. */
    private record Rules(List<Path> allowed, List<Path> denied) implements Authorizer {
        private static boolean isAtOrAbove(List<Path> paths, Path path) {
            return paths.stream().anyMatch(path::startsWith);
        }

        private static boolean isBelow(List<Path> paths, Path path) {
            return paths.stream().anyMatch(other -> other.startsWith(path) && !other.equals(path));
        }

        @Override
        public boolean permits(Identity identity, Action action, Path path) {
            return extent(identity, action, path) == Extent.ALL;
        }

        @Override
        public Extent extent(Identity identity, Action action, Path path) {
            if (!identity.equals(SOMEBODY)) {
                return Extent.ALL;
            }
            if (isAtOrAbove(denied, path)) {
                return Extent.NONE;
            }
            if (isAtOrAbove(allowed, path)) {
                return isBelow(denied, path) ? Extent.SOME : Extent.ALL;
            }
            return isBelow(allowed, path) ? Extent.SOME : Extent.NONE;
        }

        /** What they see of a value; null when nothing. */
        @Nullable
        Value seen(Path path, Value value) {
            var extent = extent(SOMEBODY, Action.READ, path);
            if (extent == Extent.ALL) {
                return value;
            }
            if (extent == Extent.NONE || !(value instanceof ObjectValue object)) {
                return null;
            }
            var kept = ObjectValue.builder();
            object.forEach(member -> {
                var part = seen(path.child(member.name()), member.value());
                if (part != null) {
                    kept.put(member.name(), part);
                }
            });
            var all = kept.build();
            return all.isEmpty() ? null : all;
        }
    }

    /** Sets or removes a node. */
    private record Step(Path path, @Nullable Value value) {}

    @Provide
    Arbitrary<Path> paths() {
        return Arbitraries.of("a", "b", "c").list().ofMinSize(1).ofMaxSize(4).map(Path::of);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        var values = Arbitraries.of("1", "{}", "{\"a\":1}", "{\"a\":{\"b\":2},\"c\":3}", "{\"b\":{\"a\":{\"c\":[1]}}}")
                .map(Bench::json);
        return Combinators.combine(paths(), values.injectNull(0.3))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    @Property(tries = 150)
    void somebodySeesTheirPartAndNothingElse(
            @ForAll("steps") List<Step> steps,
            @ForAll("paths") Path first,
            @ForAll("paths") Path second,
            @ForAll("paths") Path taken) {
        var rules = new Rules(List.of(first, second), List.of(taken));
        try (var bench = new Bench()) {
            bench.db.authorize(rules);
            var tega = bench.db.sessions().tega(SOMEBODY);
            if (rules.extent(SOMEBODY, Action.READ, Path.EMPTY) == Extent.NONE) {
                return;
            }
            var mirror = Tree.EMPTY;
            try (var watch = tega.watch(WatchRequest.of(Path.EMPTY))) {
                for (var step : steps) {
                    take(bench, step);
                    var expected = bare(
                            rules.seen(Path.EMPTY, bench.db.snapshot().tree().top()));
                    for (var event = watch.poll(); event.isPresent(); event = watch.poll()) {
                        if (event.get() instanceof WatchEvent.Changed changed) {
                            for (var edit : changed.change().edits()) {
                                mirror = mirror.apply(edit, mirror.stamp() + 1);
                            }
                            assertThat(changed.change().commit().edits())
                                    .isEqualTo(changed.change().edits());
                        }
                    }
                    assertThat(bare(mirror.top())).isEqualTo(expected);
                    assertThat(bare(tega.snapshot().tree().top())).isEqualTo(expected);
                }
                var expected =
                        bare(rules.seen(Path.EMPTY, bench.db.snapshot().tree().top()));
                assertThat(bare(replayed(tega.history().log(Path.EMPTY, Long.MAX_VALUE, 100), bench)))
                        .isEqualTo(expected);
                var diffed = Tree.EMPTY;
                for (var edit : tega.history().diff(0, bench.db.snapshot().revision(), Path.EMPTY)) {
                    diffed = diffed.apply(edit, diffed.stamp() + 1);
                }
                assertThat(bare(diffed.top())).isEqualTo(expected);
                for (var root : List.of("a", "b", "c")) {
                    blame(bench, rules, Path.of(root));
                }
            }
        }
    }

    private static void take(Bench bench, Step step) {
        try {
            var value = step.value();
            if (value == null) {
                bench.db.delete(step.path());
            } else {
                bench.db.put(
                        step.path().depth() == 1 && !(value instanceof ObjectValue)
                                ? step.path().child("a")
                                : step.path(),
                        value);
            }
        } catch (TegaException.NotFound | TegaException.Conflict e) {
            assertThat(e.path()).isNotNull(); // nothing there, or a scalar in the way
        }
    }

    private static ObjectValue replayed(List<tega.api.Commit> log, Bench bench) {
        var tree = Tree.EMPTY;
        var oldestFirst = new ArrayList<>(log);
        java.util.Collections.reverse(oldestFirst);
        for (var commit : oldestFirst) {
            assertThat(commit.edits()).isNotEmpty();
            for (var edit : commit.edits()) {
                tree = tree.apply(edit, tree.stamp() + 1);
            }
        }
        assertThat(bench.db.snapshot().revision()).isGreaterThanOrEqualTo(log.size());
        return tree.top();
    }

    private static void blame(Bench bench, Rules rules, Path root) {
        var tega = bench.db.sessions().tega(SOMEBODY);
        try {
            for (var leaf : tega.history().blame(root)) {
                assertThat(rules.extent(SOMEBODY, Action.READ, leaf.path())).isEqualTo(Extent.ALL);
                assertThat(bench.db.get(leaf.path())).contains(leaf.value());
            }
        } catch (TegaException.NotFound | TegaException.Forbidden e) {
            var value = bench.db.get(root);
            assertThat(value.map(there -> rules.seen(root, there))).isEmpty();
        }
    }

    /** Without objects of which nothing is left: where there is nothing to see, whether there is a place for it counts not. */
    private static Value bare(@Nullable Value value) {
        if (!(value instanceof ObjectValue object)) {
            return value == null ? Value.object() : value;
        }
        var kept = ObjectValue.builder();
        object.forEach(member -> {
            var below = bare(member.value());
            if (!(below instanceof ObjectValue inner && inner.isEmpty())) {
                kept.put(member.name(), below);
            }
        });
        return kept.build();
    }
}
