package tega.store;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import tega.api.Path;
import tega.api.Value;

/** Random histories over few names, so that what is written often meets what was written before. */
final class Histories {
    private Histories() {}

    /** Something that happens to a database. */
    sealed interface Step {}

    /** A change inside of a transaction. */
    sealed interface Change extends Step {}

    record Put(Path path, Value value) implements Change {}

    record Merge(Path path, Value patch) implements Change {}

    record Delete(Path path) implements Change {}

    record Patch(Path path, String name, Value value, String op) implements Change {}

    record Together(List<Change> changes) implements Step {}

    record Rollback(String root, int back) implements Step {}

    record Revert(int back) implements Step {}

    record Crash() implements Step {}

    record Picture() implements Step {}

    record Confirmed(List<Change> changes, int seconds) implements Step {}

    record Decide(boolean keep) implements Step {}

    record Wait(int seconds) implements Step {}

    record Ephemeral(int session, Path path, Value value) implements Step {}

    record EphemeralDelete(int session, Path path) implements Step {}

    record Leave(int session, boolean cleanly) implements Step {}

    record Clear() implements Step {}

    static Arbitrary<Path> paths() {
        var root = Arbitraries.of("a", "b", "items");
        var name = Arbitraries.of("x", "y", "z", "_v", "");
        return Combinators.combine(root, name.list().ofMaxSize(3)).as((first, rest) -> {
            var path = Path.of(first);
            for (var each : rest) {
                path = path.child(each);
            }
            return path;
        });
    }

    static Arbitrary<Value> values() {
        var scalar = Arbitraries.of(Value.of(1), Value.of(2), Value.NULL, Value.of("t"), Value.array(Value.of(1)));
        return Arbitraries.lazyOf(
                () -> scalar,
                () -> scalar,
                () -> Combinators.combine(Arbitraries.of("x", "y", "z"), values())
                        .as(Value::object),
                () -> Combinators.combine(values(), values()).as((x, y) -> Value.object("x", x, "y", y)),
                () -> Arbitraries.just(Value.object()));
    }

    static Arbitrary<Change> changes() {
        return Arbitraries.frequencyOf(
                Tuple.of(5, Combinators.combine(paths(), values()).as(Put::new)),
                Tuple.of(2, Combinators.combine(paths(), values()).as(Merge::new)),
                Tuple.of(3, paths().map(Delete::new)),
                Tuple.of(
                        1,
                        Combinators.combine(
                                        paths(),
                                        Arbitraries.of("x", "y", "z"),
                                        values(),
                                        Arbitraries.of("add", "remove", "replace", "test"))
                                .as(Patch::new)));
    }

    /** Durable work only. */
    static Arbitrary<List<Step>> durable() {
        return durableSteps().list().ofMinSize(1).ofMaxSize(40);
    }

    private static Arbitrary<Step> durableSteps() {
        return Arbitraries.frequencyOf(
                Tuple.of(10, changes()),
                Tuple.of(4, changes().list().ofMinSize(1).ofMaxSize(4).map(Together::new)),
                Tuple.of(2, rollbacks()),
                Tuple.of(2, Arbitraries.integers().between(0, 6).map(Revert::new)),
                Tuple.of(1, Arbitraries.create(Crash::new)),
                Tuple.of(1, Arbitraries.create(Picture::new)));
    }

    private static Arbitrary<Rollback> rollbacks() {
        return Combinators.combine(
                        Arbitraries.of("a", "b"), Arbitraries.integers().between(0, 4))
                .as(Rollback::new);
    }

    /** Everything there is. */
    static Arbitrary<List<Step>> all() {
        var session = Arbitraries.integers().between(0, 2);
        return Arbitraries.frequencyOf(
                        Tuple.of(20, durableSteps()),
                        Tuple.of(
                                8,
                                Combinators.combine(session, paths(), values()).as(Ephemeral::new)),
                        Tuple.of(2, Combinators.combine(session, paths()).as(EphemeralDelete::new)),
                        Tuple.of(
                                2,
                                Combinators.combine(session, Arbitraries.of(true, false))
                                        .as(Leave::new)),
                        Tuple.of(
                                2,
                                Combinators.combine(
                                                changes().list().ofMinSize(1).ofMaxSize(3),
                                                Arbitraries.integers().between(1, 20))
                                        .as(Confirmed::new)),
                        Tuple.of(2, Arbitraries.of(true, false).map(Decide::new)),
                        Tuple.of(2, Arbitraries.integers().between(1, 12).map(Wait::new)),
                        Tuple.of(1, Arbitraries.frequency(Tuple.of(1, new Clear()), Tuple.of(4, new Picture()))))
                .list()
                .ofMinSize(1)
                .ofMaxSize(50);
    }
}
