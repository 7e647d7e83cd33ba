package tega.store;

import static org.assertj.core.api.Assertions.assertThat;
import static tega.store.Bench.json;
import static tega.store.Bench.path;

import java.util.List;
import org.junit.jupiter.api.Test;
import tega.api.PathPattern;

/** Versions stay what they were, whoever else makes the same log longer in another way. */
class RootLogTest {
    @Test
    void twoContinuationsOfOneLogDoNotMeet() {
        var log = RootLog.NONE.append(3, 0).append(5, 1);
        var one = log.append(7, 2);
        var other = log.append(8, 2);
        assertThat(one.revision(2)).isEqualTo(7);
        assertThat(other.revision(2)).isEqualTo(8);
        assertThat(log.version(100)).isEqualTo(1);
        assertThat(one.append(9, 3).version(8)).isEqualTo(2);
        assertThat(other.append(9, 3).version(7)).isEqualTo(1);
    }

    @Test
    void keepsWhatIsAskedForAndTheNewest() {
        var log = RootLog.NONE.append(3, 0).append(5, 1).append(7, 2).append(9, 3);
        assertThat(log.keep(3, revision -> false)).as("all are kept").isSameAs(log);
        assertThat(log.keep(9, revision -> true)).as("all are needed").isSameAs(log);
        assertThat(RootLog.NONE.keep(9, revision -> false)).isSameAs(RootLog.NONE);
        assertThat(log.before(8)).isEqualTo(3);
        var later = log.keep(6, revision -> false);
        assertThat(later.version(6)).isEqualTo(-1);
        assertThat(later.version(8)).isEqualTo(2);
        assertThat(later.append(11, 4).revision(4)).isEqualTo(11);
        var kept = log.keep(100, revision -> revision == 5);
        assertThat(kept.size()).isEqualTo(2);
        assertThat(kept.version(5)).isEqualTo(1);
        assertThat(kept.current()).isEqualTo(3);
        assertThat(kept.version(4)).isEqualTo(-1);
    }

    // WHY: previews, drafts and guards prepare candidates from states that others commit on meanwhile.
    @Test
    void whatIsOnlyLookedAtLeavesVersionsAlone() {
        try (var bench = new Bench()) {
            bench.put("r.a", "1");
            bench.put("r.b", "1");
            var tx = bench.db.begin().put(path("r.late"), json("1"));
            var draft = bench.db.drafts().begin();
            draft.put(path("r.later"), json("1"));
            bench.put("r.c", "1");
            bench.put("s.x", "1");
            bench.put("r.d", "1");
            tx.preview();
            draft.preview();
            draft.candidate();
            try (var guard = bench.db.guard("g", List.of(PathPattern.parse("**")), candidate -> {})) {
                tx.commit();
            }
            bench.put("r.e", "1");
            var snapshot = bench.db.snapshot();
            var history = bench.db.history();
            assertThat(history.version(snapshot, path("r.c"))).isEqualTo(2);
            assertThat(history.version(snapshot, path("r.d"))).isEqualTo(3);
            assertThat(history.version(snapshot, path("r.late"))).isEqualTo(4);
            assertThat(history.version(snapshot, path("r.e"))).isEqualTo(5);
            assertThat(history.at("r", 3).revision()).isEqualTo(5);
        }
    }
}
