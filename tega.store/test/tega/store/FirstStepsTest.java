package tega.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tega.store.Bench.json;
import static tega.store.Bench.path;

import org.junit.jupiter.api.Test;
import tega.api.TegaException;

/** The store does what its first page says. */
class FirstStepsTest {
    private final Bench bench = new Bench();

    @Test
    void putGetDelete() {
        assertThat(bench.put("a.b.c", "1")).isEqualTo(1);
        assertThat(bench.put("a.x", "2")).isEqualTo(2);
        assertThat(bench.get("a")).isEqualTo("{\"b\":{\"c\":1},\"x\":2}");
        assertThat(bench.db.snapshot().roots()).containsEntry("a", 1L);
        bench.db.delete(path("a.b.c"));
        assertThat(bench.get("a")).isEqualTo("{\"x\":2}");
        assertThatThrownBy(() -> bench.db.delete(path("nosuch.x"))).isInstanceOf(TegaException.NotFound.class);
        assertThat(bench.db.snapshot().roots()).containsOnlyKeys("a");
    }

    @Test
    void aCrashLosesNothing() {
        bench.put("a.b", "1");
        bench.put("a.c", "[null,1.0]");
        bench.crash();
        assertThat(bench.get("a")).isEqualTo("{\"b\":1,\"c\":[null,1.0]}");
        assertThat(bench.put("a.d", "2")).isEqualTo(3);
        bench.log().snapshot();
        bench.put("a.d", "3");
        bench.crash();
        assertThat(bench.db.history().version(bench.db.snapshot(), path("a.b"))).isZero();
        assertThat(bench.db.history().version(bench.db.snapshot(), path("a.d"))).isEqualTo(3);
        assertThat(bench.db.history().at(2).get(path("a"))).contains(json("{\"b\":1,\"c\":[null,1.0]}"));
        assertThat(bench.db.history().versions("a")).containsExactly(0L, 1L, 2L);
    }

    @Test
    void aTransactionReadsItsWritesAndConflictsOnWhatItRead() {
        bench.put("r.a", "1");
        try (var tx = bench.db.begin()) {
            assertThat(tx.get(path("r.a"))).contains(json("1"));
            tx.put(path("r.b"), json("2"));
            assertThat(tx.get(path("r.b"))).contains(json("2"));
            bench.put("r.a", "5");
            assertThatThrownBy(tx::commit).isInstanceOf(TegaException.Conflict.class);
        }
        assertThat(bench.get("r.b")).isEqualTo("absent");
    }
}
