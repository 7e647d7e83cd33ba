package tega.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tega.store.Bench.json;
import static tega.store.Bench.path;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tega.api.Edit;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.plugin.CommitGuard;
import tega.api.spi.Registration;

/** Plugins that have a say before it happens. */
class GuardTest {
    private final Bench bench = new Bench();

    @AfterEach
    void end() {
        bench.close();
    }

    private Registration guard(String pattern, CommitGuard guard) {
        return bench.db.guard("the.guard", List.of(PathPattern.parse(pattern)), guard);
    }

    @Test
    void aGuardRefusesWithItsOwnWords() {
        bench.put("net.mtu", "1500");
        try (var guard = guard("net.mtu", candidate -> {
            assertThat(candidate.before().get(path("net.mtu"))).isEqualTo(json("1500"));
            if (candidate.after().get(path("net.mtu")).equals(json("1"))) {
                candidate.refuse(path("net.mtu"), "an MTU is at least 68");
            }
        })) {
            assertThatThrownBy(() -> bench.put("net.mtu", "1"))
                    .isInstanceOf(TegaException.Vetoed.class)
                    .hasMessage("an MTU is at least 68");
            assertThat(bench.get("net.mtu")).isEqualTo("1500");
            assertThat(bench.db.snapshot().revision()).isEqualTo(1);
            bench.put("net.mtu", "1400");
        }
        bench.put("net.mtu", "1");
    }

    @Test
    void aGuardIsAskedAboutWhatConcernsItAlone() {
        var seen = new ArrayList<Edit>();
        try (var guard = guard("net.*.ip", candidate -> seen.addAll(candidate.edits()))) {
            bench.put("other.x.ip", "1");
            bench.put("net.eth0.mtu", "1");
            assertThat(seen).isEmpty();
            bench.put("net", "{\"eth0\":{\"ip\":1,\"mtu\":2},\"eth1\":{\"ip\":3}}");
            assertThat(seen)
                    .containsExactly(
                            Edit.put(path("net.eth0.ip"), json("1")), Edit.put(path("net.eth1.ip"), json("3")));
        }
    }

    @Test
    void whatItRemarksIsKeptInTheCommit() {
        try (var guard = guard("**", candidate -> candidate.note(path("a.b"), "looks odd"))) {
            var commit = bench.db.put(path("a.b"), json("1"));
            assertThat(commit.notes()).containsExactly("'a.b': looks odd");
            bench.crash();
            assertThat(bench.db.history().commit(1).notes()).containsExactly("'a.b': looks odd");
        }
    }

    @Test
    void aGuardThatThrowsRefuses() {
        try (var guard = guard("a.**", candidate -> {
            throw new IllegalStateException("out of order");
        })) {
            assertThatThrownBy(() -> bench.put("a.b", "1"))
                    .isInstanceOf(TegaException.Vetoed.class)
                    .hasMessageContaining("the.guard")
                    .hasMessageContaining("out of order");
            bench.put("b.a", "1");
        }
    }

    @Test
    void aPreviewAsksAndChangesNothing() {
        try (var guard = guard("a.**", candidate -> {
            candidate.note(path("a"), "hm");
            candidate.refuse(path("a.b"), "no");
        })) {
            try (var tx = bench.db.begin()) {
                var preview = tx.put(path("a.b"), json("1")).preview();
                assertThat(preview.accepted()).isFalse();
                assertThat(preview.refusals()).containsExactly("VETOED: no");
                assertThat(preview.notes()).containsExactly("'a': hm");
                assertThat(preview.edits()).containsExactly(Edit.put(path("a.b"), json("1")));
            }
        }
        assertThat(bench.db.snapshot().revision()).isZero();
    }

    // WHY: what a guard accepted must be what is committed, though it was asked outside the committer.
    @Test
    void itIsAskedAgainWhenARootMovedMeanwhile() {
        bench.put("r.sum", "0");
        var asked = new AtomicInteger();
        try (var guard = guard("r.**", candidate -> {
            if (asked.incrementAndGet() == 1) {
                // Somebody else, whom this guard does not see because it is being asked already.
                bench.db.sessions().tega(tega.api.Identity.ANONYMOUS).put(path("r.other"), json("1"));
            }
        })) {
            bench.put("r.sum", "1");
        }
        // Once for the first, once for the other inside of it, and again for the first.
        assertThat(asked).hasValue(3);
        assertThat(bench.get("r")).isEqualTo("{\"other\":1,\"sum\":1}");
    }

    @Test
    void whoLosesTheRaceForEverIsGuardedInside() {
        bench.put("r.n", "0");
        var outside = new AtomicInteger();
        try (var guard = guard("r.n", candidate -> {
            if (outside.incrementAndGet() <= 3) {
                bench.put("r.moved", String.valueOf(outside.get()));
            }
        })) {
            bench.put("r.n", "1");
        }
        assertThat(outside).hasValue(4);
        assertThat(bench.get("r.n")).isEqualTo("1");
    }

    // WHY: it would wait for itself.
    @Test
    void aGuardInsideTheCommitterCannotCommit() {
        bench.put("r.n", "0");
        var calls = new AtomicInteger();
        try (var guard = guard("r.n", candidate -> bench.put("r.moved", String.valueOf(calls.incrementAndGet())))) {
            assertThatThrownBy(() -> bench.put("r.n", "1")).isInstanceOf(TegaException.Vetoed.class);
        }
        assertThat(bench.get("r.n")).isEqualTo("0");
        bench.put("r.n", "2");
    }

    @Test
    void anUndoIsNotGuarded() {
        bench.put("r.n", "0");
        try (var tx = bench.db.begin()) {
            tx.put(path("r.n"), json("1"))
                    .confirm(java.time.Duration.ofSeconds(5), false)
                    .commit();
        }
        try (var guard = guard("**", candidate -> candidate.refuse(path("r"), "never"))) {
            bench.clock.pass(java.time.Duration.ofSeconds(6));
        }
        assertThat(bench.get("r.n")).isEqualTo("0");
    }
}
