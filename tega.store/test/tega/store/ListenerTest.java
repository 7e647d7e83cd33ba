package tega.store;

import static org.assertj.core.api.Assertions.assertThat;
import static tega.store.Bench.json;
import static tega.store.Bench.path;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tega.api.Change;
import tega.api.ErrorCode;
import tega.api.ObjectValue;
import tega.api.PathPattern;
import tega.api.Value;
import tega.api.spi.Inspectable;

/** Plugins that hear of changes. */
class ListenerTest {
    private final Bench bench = new Bench(options -> options.inMemory(5));

    @AfterEach
    void end() {
        bench.close();
    }

    private static List<PathPattern> patterns(String... texts) {
        return List.of(texts).stream().map(PathPattern::parse).toList();
    }

    private Inspectable watchers() {
        return bench.db.inspectables().get(1);
    }

    private Value figure(String listener, String name) {
        var listeners = (ObjectValue) watchers().figures().get("listeners");
        return ((ObjectValue) listeners.get(listener)).get(name);
    }

    @Test
    void hearsOfEachCommitOnceThoughSeveralPatternsMatch() {
        var heard = new ArrayList<Change>();
        bench.db.listen("l", patterns("a.**", "a.x", "b"), heard::add);
        try (var tx = bench.db.begin()) {
            tx.put(path("a.x"), json("1"))
                    .put(path("b"), json("{\"y\":2}"))
                    .put(path("c"), json("{}"))
                    .commit();
        }
        bench.put("c.x", "1");
        assertThat(heard).isEmpty();
        bench.clock.settle();
        assertThat(heard).singleElement().satisfies(change -> assertThat(change.edits())
                .hasSize(2));
    }

    @Test
    void isNeverCalledOnTheThreadThatCommitsNorTwiceAtOnce() {
        var heard = new ArrayList<Long>();
        bench.db.listen("l", patterns("**"), change -> {
            heard.add(change.commit().revision());
            if (heard.size() < 3) {
                // Its own commits included; the next one comes after this one has returned.
                bench.put("a.n", String.valueOf(heard.size()));
                assertThat(heard).hasSize((int) change.commit().revision());
            }
        });
        bench.put("a.n", "0");
        bench.clock.settle();
        assertThat(heard).containsExactly(1L, 2L, 3L);
    }

    @Test
    void whatOneThrowsIsCountedAndHindersNobody() {
        var heard = new ArrayList<Long>();
        bench.db.listen("bad", patterns("**"), change -> {
            if (change.commit().revision() < 3) {
                throw new IllegalStateException("on purpose");
            }
        });
        bench.db.listen(
                "good", patterns("**"), change -> heard.add(change.commit().revision()));
        bench.put("a.n", "1");
        bench.put("a.n", "2");
        bench.clock.settle();
        assertThat(heard).containsExactly(1L, 2L);
        assertThat(figure("bad", "failures")).isEqualTo(json("2"));
        assertThat(figure("bad", "last_failure").toString()).contains("on purpose");
        assertThat(figure("good", "failures")).isEqualTo(json("0"));
        assertThat(figure("bad", "failing")).isEqualTo(json("true"));
        assertThat(watchers().trouble()).hasValueSatisfying(text -> assertThat(text)
                .contains("the listener bad failed with the change of revision 2")
                .contains("on purpose")
                .doesNotContain("good"));
        assertThat(watchers().code()).isEqualTo(ErrorCode.CALLEE_FAILED);
        bench.put("a.n", "3");
        bench.clock.settle();
        assertThat(watchers().trouble()).as("it takes changes again").isEmpty();
        assertThat(figure("bad", "failures")).isEqualTo(json("2"));
    }

    // WHY: a plugin that missed a commit would be wrong for ever; a slow one reads on from the log.
    @Test
    void aSlowOneFallsBehindAndMissesNothing() {
        var heard = new ArrayList<Long>();
        bench.db.listen(
                "slow", patterns("**"), change -> heard.add(change.commit().revision()));
        for (var i = 0; i < 3000; i++) {
            bench.put("a.n", String.valueOf(i));
        }
        assertThat(figure("slow", "behind")).isEqualTo(json("3000"));
        bench.clock.settle();
        assertThat(heard).hasSize(3000).isSorted();
        assertThat(figure("slow", "behind")).isEqualTo(json("0"));
        assertThat(watchers().trouble()).isEmpty();
    }

    @Test
    void aBlockedOneIsNamed() {
        bench.db.listen("stuck", patterns("**"), change -> {
            bench.clock.pass(Duration.ofSeconds(31));
            assertThat(watchers().trouble())
                    .hasValueSatisfying(
                            text -> assertThat(text).contains("stuck").contains("30 s"));
            assertThat(watchers().code()).isEqualTo(ErrorCode.TIMEOUT);
        });
        bench.put("a.n", "1");
        bench.clock.settle();
        assertThat(figure("stuck", "failures")).isEqualTo(json("0"));
        assertThat(watchers().trouble()).isEmpty();
    }

    @Test
    void whoMissedChangesForGoodIsNamed() {
        var heard = new ArrayList<Long>();
        bench.db.listen(
                "lost", patterns("**"), change -> heard.add(change.commit().revision()));
        for (var i = 0; i < 2000; i++) {
            bench.put("a.n", String.valueOf(i));
        }
        bench.log().snapshot();
        bench.log().compact(2000);
        bench.clock.settle();
        bench.put("a.n", "0");
        bench.clock.settle();
        assertThat(heard).contains(2001L).doesNotContain(1990L);
        assertThat(watchers().trouble())
                .hasValueSatisfying(text -> assertThat(text).contains("lost"));
    }

    @Test
    void afterItsEndItHearsNothing() {
        var heard = new ArrayList<Long>();
        var registration = bench.db.listen(
                "l", patterns("**"), change -> heard.add(change.commit().revision()));
        bench.put("a.n", "1");
        registration.close();
        bench.clock.settle();
        assertThat(heard).isEmpty();
        bench.put("a.n", "2");
        bench.clock.settle();
        assertThat(heard).isEmpty();
    }
}
