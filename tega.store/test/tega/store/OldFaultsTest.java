package tega.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tega.store.Bench.json;
import static tega.store.Bench.path;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.Expectation;
import tega.api.Identity;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.WatchEvent;
import tega.api.WatchRequest;

/** What earlier servers of this protocol got wrong (protocol.md, section 4), as far as it is the tree's affair. */
class OldFaultsTest {
    private final Bench bench = new Bench();

    @AfterEach
    void end() {
        bench.close();
    }

    @Test
    void fault1DeletedDataStaysDeletedAfterARestart() {
        bench.put("a.b", "1");
        bench.db.delete(path("a"));
        bench.log().snapshot();
        bench.crash();
        assertThat(bench.get("a")).isEqualTo("absent");
        assertThat(bench.put("a.c", "1")).isEqualTo(3);
        assertThat(bench.db.snapshot().version("a")).hasValue(2);
    }

    @Test
    void fault2VersionZeroIsChecked() {
        bench.put("a.b", "1");
        try (var tx = bench.db.begin()) {
            tx.expect(path("a.b"), new Expectation.AtVersion(0))
                    .put(path("a.b"), json("2"))
                    .commit();
        }
        try (var tx = bench.db.begin()) {
            tx.expect(path("a.b"), new Expectation.AtVersion(0)).put(path("a.b"), json("3"));
            assertThatThrownBy(tx::commit).isInstanceOf(TegaException.Precondition.class);
        }
        assertThat(bench.get("a.b")).isEqualTo("2");
    }

    @Test
    void fault2VersionsDoNotShrinkAtARestart() {
        bench.put("a.b", "1");
        var session = bench.db.sessions().open(new Identity("c", "c"), Duration.ofSeconds(10));
        for (var i = 0; i < 5; i++) {
            try (var tx = session.tega().begin()) {
                tx.putEphemeral(path("a.e" + i), json("1")).commit();
            }
        }
        bench.put("a.b", "2");
        assertThat(bench.db.snapshot().version("a")).hasValue(1);
        bench.crash();
        assertThat(bench.db.snapshot().version("a")).hasValue(1);
        assertThat(bench.db.history().version(bench.db.snapshot(), path("a.b"))).isEqualTo(1);
    }

    // WHY: a root kept in memory loses its content, but a number it had must never name other content.
    @Test
    void fault2NumbersOfRootsInMemoryAreNotGivenTwice() {
        try (var memory = new Bench(options -> options.volatileRoots(java.util.Set.of("v")))) {
            memory.put("v.x", "1");
            memory.put("v.x", "2");
            assertThat(memory.db.snapshot().version("v")).hasValue(1);
            memory.crash();
            assertThat(memory.get("v")).isEqualTo("absent");
            memory.put("v.x", "3");
            assertThat(memory.db.snapshot().version("v").orElseThrow()).isGreaterThan(1);
        }
    }

    // WHY: what it was in memory is not known any more, and replicas may have taken its numbers for what they have.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fault2ARootThatWasInMemoryGoesOnCountingOnDisk(boolean pictured) throws IOException {
        try (var disk = Bench.onDisk(options -> options.volatileRoots(Set.of("v")))) {
            for (var i = 0; i < 5; i++) {
                disk.put("v.x", "" + i);
            }
            disk.crash();
            for (var i = 0; i < 5; i++) {
                disk.put("v.x", "" + i);
            }
            var given = disk.db.snapshot().version("v").orElseThrow();
            if (pictured) {
                disk.log().snapshot();
            }
            var later = disk.options.volatileRoots(Set.of());
            disk.crash(later);
            assertThat(disk.get("v")).isEqualTo("absent");
            disk.put("v.x", "6");
            var first = disk.db.snapshot().version("v").orElseThrow();
            assertThat(first).isGreaterThan(given);
            disk.put("v.x", "7");
            assertThat(disk.db.snapshot().version("v")).hasValue(first + 1);
            disk.put("w.x", "1");
            assertThat(disk.db.snapshot().version("w"))
                    .as("others begin as ever")
                    .hasValue(0);
            disk.crash(later);
            assertThat(disk.db.snapshot().version("v")).hasValue(first + 1);
            assertThat(disk.db.history().at("v", first).get(path("v.x"))).hasValue(json("6"));

            disk.db.delete(path("v"));
            disk.crash(disk.options);
            disk.put("v.x", "8");
            assertThat(disk.db.snapshot().version("v").orElseThrow()).isGreaterThan(first + 2);
            disk.db.clear();
            disk.put("v.x", "9");
            given = disk.db.snapshot().version("v").orElseThrow();
            disk.crash(later);
            disk.put("v.x", "10");
            assertThat(disk.db.snapshot().version("v").orElseThrow())
                    .as("after a clearing")
                    .isGreaterThan(given);
        }
    }

    @Test
    void fault3TwoPutsOfOneSubtreeInATransactionAreBothApplied() {
        try (var tx = bench.db.begin()) {
            var commit = tx.put(path("a.b"), json("{\"c\":1}"))
                    .put(path("a.b.d"), json("2"))
                    .put(path("a.b"), json("{\"e\":3}"))
                    .put(path("a.b.f"), json("4"))
                    .commit();
            assertThat(commit.edits()).hasSize(4);
        }
        assertThat(bench.get("a.b")).isEqualTo("{\"e\":3,\"f\":4}");
        bench.crash();
        assertThat(bench.get("a.b")).isEqualTo("{\"e\":3,\"f\":4}");
    }

    @Test
    void fault4ANarrowedNotificationIsNobodyElses() {
        var narrow = bench.db.watch(WatchRequest.of(path("a.b")));
        var other = bench.db.watch(WatchRequest.of(path("a.c")));
        var value = json("{\"b\":1,\"c\":2}");
        bench.db.put(path("a"), value);
        assertThat(changed(narrow).change().edits()).containsExactly(Edit.put(path("a.b"), json("1")));
        assertThat(changed(other).change().edits()).containsExactly(Edit.put(path("a.c"), json("2")));
        assertThat(changed(bench.db.watch(WatchRequest.of(path("a")).from(0)))
                        .change()
                        .edits())
                .containsExactly(Edit.put(path("a"), value));
        bench.crash();
        assertThat(bench.db.get(path("a"))).contains(value);
    }

    private static WatchEvent.Changed changed(tega.api.Watch watch) {
        return (WatchEvent.Changed) watch.poll().orElseThrow();
    }

    @Test
    void fault5ABadRollbackLosesNothing() {
        bench.put("a.x", "1");
        bench.put("a.x", "2");
        assertThatThrownBy(() -> bench.db.history().rollback("a", 17)).isInstanceOf(TegaException.NotFound.class);
        assertThatThrownBy(() -> bench.db.history().rollback("a", -17)).isInstanceOf(TegaException.NotFound.class);
        assertThat(bench.db.history().versions("a")).containsExactly(0L);
        assertThat(bench.get("a.x")).isEqualTo("2");
    }

    @Test
    void fault5RollbackNamesAVersionLosesNoneAndIsTold() {
        for (var i = 0; i < 5; i++) {
            bench.put("a.x", String.valueOf(i));
        }
        var watch = bench.db.watch(WatchRequest.of(path("a")));
        var elsewhere = bench.db.watch(WatchRequest.of(path("b")));
        var commit = bench.db.history().rollback("a", 1);
        assertThat(bench.get("a.x")).isEqualTo("1");
        assertThat(commit.kind()).isEqualTo(CommitKind.ROLLBACK);
        assertThat(commit.refersTo()).isEqualTo(2);
        assertThat(bench.db.history().versions("a")).containsExactly(0L, 1L, 2L, 3L, 4L);
        bench.db.history().rollback("a", -1);
        assertThat(bench.get("a.x")).isEqualTo("4");
        assertThat(changed(watch).change().commit().kind()).isEqualTo(CommitKind.ROLLBACK);
        assertThat(elsewhere.poll()).isEmpty();
    }

    @Test
    void fault6AChildBelowAScalarIsRefusedNotHidden() {
        bench.put("a.b", "1");
        assertThatThrownBy(() -> bench.put("a.b.c", "2"))
                .isInstanceOf(TegaException.Conflict.class)
                .hasMessageContaining("'a.b'");
        assertThat(bench.get("a")).isEqualTo("{\"b\":1}");
    }

    @Test
    void fault7DeletingWhatIsAbsentMakesNoRoot() {
        assertThatThrownBy(() -> bench.db.delete(Path.of("nosuch", "x"))).isInstanceOf(TegaException.NotFound.class);
        assertThat(bench.db.snapshot().roots()).isEqualTo(Map.of());
        assertThat(bench.db.snapshot().tree().top().isEmpty()).isTrue();
        assertThat(bench.db.snapshot().revision()).isZero();
    }

    @Test
    void fault7AnEphemeralNodeMadeDurableSurvivesItsSession() {
        var session = bench.db.sessions().open(new Identity("c", "c"), Duration.ofSeconds(10));
        try (var tx = session.tega().begin()) {
            tx.putEphemeral(path("a.e"), json("1")).commit();
        }
        session.tega().put(path("a.e"), json("1"));
        session.close();
        assertThat(bench.get("a.e")).isEqualTo("1");
    }

    @Test
    void fault7APictureHasNoShellsOfEphemeralNodes() {
        var session = bench.db.sessions().open(new Identity("c", "c"), Duration.ofSeconds(10));
        try (var tx = session.tega().begin()) {
            tx.putEphemeral(path("a.b.c.e"), json("1")).commit();
        }
        bench.log().snapshot();
        bench.crash();
        assertThat(bench.db.snapshot().tree().top().isEmpty()).isTrue();
    }

    @Test
    void fault11TheLengthOfHistoryIsHeeded() {
        try (var two = new Bench(options -> options.history(2))) {
            for (var i = 0; i < 6; i++) {
                two.put("a.x", String.valueOf(i));
            }
            assertThat(two.db.history().versions("a")).containsExactly(3L, 4L);
            assertThat(two.db.history().at("a", -2).get(path("a.x"))).contains(json("3"));
            assertThatThrownBy(() -> two.db.history().rollback("a", -3)).isInstanceOf(TegaException.Compacted.class);
        }
    }
}
