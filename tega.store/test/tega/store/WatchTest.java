package tega.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tega.store.Bench.json;
import static tega.store.Bench.path;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.Watch;
import tega.api.WatchEvent;
import tega.api.WatchMode;
import tega.api.WatchRequest;

/** The edges of watching; what holds for every history is in {@link GuaranteesProperties}. */
class WatchTest {
    private final Bench bench = new Bench(options -> options.inMemory(4));

    @AfterEach
    void end() {
        bench.close();
    }

    private static List<WatchEvent> drain(Watch watch) {
        var events = new ArrayList<WatchEvent>();
        for (var event = watch.poll(); event.isPresent(); event = watch.poll()) {
            events.add(event.get());
        }
        return events;
    }

    private static List<Edit> edits(WatchEvent event) {
        return ((WatchEvent.Changed) event).change().edits();
    }

    @Test
    void aWriteAboveIsNarrowedForThisWatcherOnly() {
        var narrow = bench.db.watch(WatchRequest.of(path("a.b.c")));
        var wide = bench.db.watch(WatchRequest.of(path("a")));
        var value = json("{\"b\":{\"c\":1,\"d\":2}}");
        bench.db.put(path("a"), value);
        bench.db.put(path("a"), json("{}"));
        assertThat(drain(narrow))
                .extracting(event -> edits(event))
                .containsExactly(List.of(Edit.put(path("a.b.c"), json("1"))), List.of(Edit.delete(path("a.b.c"))));
        assertThat(drain(wide))
                .extracting(event -> edits(event))
                .containsExactly(List.of(Edit.put(path("a"), value)), List.of(Edit.put(path("a"), json("{}"))));
        assertThat(bench.db.history().commit(1).edits()).containsExactly(Edit.put(path("a"), value));
    }

    @Test
    void whatDoesNotConcernItIsNotHeard() {
        var watch = bench.db.watch(WatchRequest.of(path("a.b")));
        bench.put("a.c", "1");
        bench.put("a", "{\"c\":2}");
        bench.put("ab", "{}");
        assertThat(drain(watch)).isEmpty();
        assertThat(watch.revision()).isEqualTo(3);
    }

    @Test
    void aSlowReaderInLogModeIsToldWhereToResume() {
        var watch = bench.db.watch(WatchRequest.of(path("a")).queue(3, 1 << 20));
        for (var i = 0; i < 10; i++) {
            bench.put("a.n", String.valueOf(i));
        }
        var events = drain(watch);
        assertThat(events).hasSize(4);
        assertThat(events.get(3)).isEqualTo(new WatchEvent.Slow(3));
        assertThat(watch.poll()).isEmpty();
        var resumed = bench.db.watch(WatchRequest.of(path("a")).from(3));
        assertThat(drain(resumed)).hasSize(7);
    }

    @Test
    void bytesAreBoundedToo() {
        var watch = bench.db.watch(WatchRequest.of(path("a")).queue(1000, 1000));
        var text = Value.of("x".repeat(400));
        for (var i = 0; i < 5; i++) {
            bench.db.put(path("a.n" + i), text);
        }
        var events = drain(watch);
        assertThat(events.get(events.size() - 1)).isInstanceOf(WatchEvent.Slow.class);
        assertThat(events).hasSizeLessThan(5);
    }

    @Test
    void stateModeTellsTheNewestAndHowManyItCombined() {
        var watch =
                bench.db.watch(WatchRequest.of(path("a")).in(WatchMode.STATE).queue(2, 10));
        bench.put("a.x", "1");
        bench.put("b.x", "1");
        bench.put("a.y", "1");
        bench.put("a.x", "2");
        bench.db.delete(path("a.y"));
        var events = drain(watch);
        assertThat(events).hasSize(1);
        var change = ((WatchEvent.Changed) events.get(0)).change();
        assertThat(change.edits()).containsExactly(Edit.put(path("a"), json("{\"x\":2}")));
        assertThat(change.skipped()).isEqualTo(3);
        assertThat(change.commit().revision()).isEqualTo(5);
        assertThat(change.before().revision()).isZero();
        bench.put("a.x", "3");
        assertThat(((WatchEvent.Changed) drain(watch).get(0)).change().skipped())
                .isZero();
    }

    @Test
    void beginsWithTheNodesAsTheyAreAndMissesNothingAfter() {
        bench.put("a.x", "1");
        var watch = bench.db.watch(WatchRequest.of(path("a")).withInitial());
        bench.put("a.x", "2");
        var events = drain(watch);
        assertThat(events.get(0)).isInstanceOfSatisfying(WatchEvent.Initial.class, initial -> {
            assertThat(initial.revision()).isEqualTo(1);
            assertThat(initial.snapshot().get(path("a.x"))).contains(json("1"));
        });
        assertThat(edits(events.get(1))).containsExactly(Edit.put(path("a.x"), json("2")));
    }

    @Test
    void whatIsNoLongerKeptIsSaidToBeSo() {
        for (var i = 0; i < 20; i++) {
            bench.put("a.n", String.valueOf(i));
            if (i == 9) {
                bench.log().snapshot();
            }
        }
        bench.log().compact(20);
        assertThat(bench.db.history().oldest()).isEqualTo(10);
        assertThat(drain(bench.db.watch(WatchRequest.of(path("a")).from(3))))
                .containsExactly(new WatchEvent.Compacted(10));
        assertThat(drain(bench.db.watch(WatchRequest.of(path("a")).from(10)))).hasSize(10);
        assertThatThrownBy(() -> bench.db.watch(WatchRequest.of(path("a")).from(21)))
                .isInstanceOf(TegaException.Invalid.class);
    }

    // WHY: the places of commits that are lost stay free in memory, and what is next to them is older than the newest
    // few.
    @Test
    void resumesOverRevisionsThatWereLost() {
        for (var i = 1; i <= 5; i++) {
            bench.put("a.n", "" + i);
        }
        var session = bench.db.sessions().open(new Identity("cli", "cli"), Duration.ofSeconds(10));
        for (var i = 6; i <= 8; i++) {
            try (var tx = session.tega().begin()) {
                tx.putEphemeral(path("e.x"), json("" + i)).commit();
            }
        }
        bench.put("a.n", "9");
        bench.crash();
        var events = drain(bench.db.watch(WatchRequest.of(path("a")).from(2)));
        assertThat(events)
                .extracting(
                        event -> ((WatchEvent.Changed) event).change().commit().revision())
                .containsExactly(3L, 4L, 5L, 9L, 9L);
        assertThat(edits(events.get(4))).as("the ephemeral nodes there are").isEmpty();
    }

    @Test
    void ownCommitsCanBeLeftOut() {
        var me = bench.db.sessions().tega(new Identity("me", "me"));
        var watch = me.watch(WatchRequest.of(path("a")).withoutOwn());
        me.put(path("a.x"), json("1"));
        bench.put("a.y", "1");
        assertThat(drain(watch)).singleElement().satisfies(event -> assertThat(edits(event))
                .containsExactly(Edit.put(path("a.y"), json("1"))));
    }

    @Test
    void aWatcherOfPatternsHearsOfAllThatMatch() {
        var watch = bench.db.watch(WatchRequest.of(PathPattern.parse("dev.*.up")));
        bench.put("dev.a.up", "true");
        bench.put("dev.a.name", "\"x\"");
        bench.put("dev", "{\"b\":{\"up\":false},\"c\":{\"name\":1}}");
        assertThat(drain(watch))
                .extracting(event -> edits(event))
                .containsExactly(
                        List.of(Edit.put(path("dev.a.up"), json("true"))),
                        List.of(Edit.delete(path("dev.a.up")), Edit.put(path("dev.b.up"), json("false"))));
    }

    @Test
    void aClearIsToldAsTheEndOfEverything() {
        bench.put("a.x", "1");
        bench.put("b.x", "1");
        var watch = bench.db.watch(WatchRequest.of(path("a.x")));
        bench.db.clear();
        assertThat(drain(watch)).singleElement().satisfies(event -> assertThat(edits(event))
                .containsExactly(Edit.delete(path("a.x"))));
    }

    @Test
    void theSignalComesWhenSomethingWaits() {
        var watch = bench.db.watch(WatchRequest.of(path("a")));
        var signals = new AtomicInteger();
        watch.onReady(signals::incrementAndGet);
        assertThat(signals).hasValue(0);
        bench.put("a.x", "1");
        bench.put("a.x", "2");
        assertThat(signals).hasValue(1);
        drain(watch);
        bench.put("a.x", "3");
        assertThat(signals).hasValue(2);
        watch.onReady(signals::incrementAndGet);
        assertThat(signals).hasValue(3);
    }

    @Test
    void aSignalThatThrowsFailsNoCommit() {
        var watch = bench.db.watch(WatchRequest.of(path("a")));
        watch.onReady(() -> {
            throw new IllegalStateException("on purpose");
        });
        assertThat(bench.put("a.x", "1")).isEqualTo(1);
        assertThat(bench.figure("watchers", "failed_signals")).isEqualTo(1);
    }

    @Test
    void aSignalMayCloseItsWatch() {
        var watch = bench.db.watch(WatchRequest.of(path("a")));
        watch.onReady(watch::close);
        bench.put("a.x", "1");
        bench.put("a.x", "2");
        assertThat(watch.poll()).isEmpty();
        assertThat(bench.figure("watchers", "watchers")).isZero();
    }

    @Test
    void theEndOfTheStoreEndsEveryWatch() throws InterruptedException {
        var live = bench.db.watch(WatchRequest.of(path("a")));
        bench.put("a.x", "1");
        var behind = bench.db.watch(WatchRequest.of(path("a")).from(0));
        bench.db.close();
        assertThat(live.take(Duration.ofSeconds(5))).isEmpty();
        drain(behind);
        assertThat(behind.poll()).isEmpty();
    }

    @Test
    void progressIsToldNowAndThen() {
        var watch = bench.db.watch(WatchRequest.of(path("a")));
        for (var i = 0; i < 1000; i++) {
            bench.put("b.n", String.valueOf(i));
        }
        assertThat(drain(watch)).containsExactly(new WatchEvent.Progress(1000));
        assertThat(bench.db.snapshot().get(Path.of("b", "n"))).contains(json("999"));
    }
}
