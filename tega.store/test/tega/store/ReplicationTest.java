package tega.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tega.store.Bench.json;
import static tega.store.Bench.path;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.Expectation;
import tega.api.Identity;
import tega.api.Source;
import tega.api.TegaException;
import tega.api.spi.Foreign;
import tega.api.spi.Replication;
import tega.api.spi.Router;

/** Commits of other servers, and commits that belong to other servers. */
class ReplicationTest {
    private static final Identity ALICE = new Identity("alice", "cli");
    private static final Source NONE = Source.none("down/g");

    private final Bench bench = new Bench();

    @AfterEach
    void end() {
        bench.close();
    }

    private static Source at(long revision) {
        return new Source("down/g", revision, "m" + revision);
    }

    private static Foreign replica(Source after, Source source, Edit... edits) {
        return new Foreign(
                ALICE,
                Instant.ofEpochSecond(7),
                "g",
                CommitKind.EDIT,
                "why",
                List.of(edits),
                List.of(),
                after,
                List.of(source),
                List.of(),
                true);
    }

    private static Edit put(String path, String value) {
        return Edit.put(path(path), json(value));
    }

    @Test
    void itKeepsAuthorTimeOriginAndPlaceAlsoAcrossACrash() {
        var made = bench.db.replication().commit(List.of(replica(NONE, at(5), put("c.x", "1")), replica(at(5), at(9))));
        assertThat(made).extracting(Commit::revision).containsExactly(1L, 2L);
        bench.crash();
        var commit = bench.db.history().commit(1);
        assertThat(commit.by()).isEqualTo(ALICE);
        assertThat(commit.time()).isEqualTo(Instant.ofEpochSecond(7));
        assertThat(commit.origin()).isEqualTo("g");
        assertThat(commit.source("down/g")).isEqualTo(at(5));
        assertThat(bench.db.replication().standing().position("down/g")).isEqualTo(at(9));
        assertThat(bench.get("c")).isEqualTo("{\"x\":1}");
    }

    @Test
    void thePlaceIsInThePicture() {
        bench.db.replication().commit(List.of(replica(NONE, at(5), put("c.x", "1"))));
        bench.log().snapshot();
        bench.crash();
        assertThat(bench.db.replication().standing().position("down/g")).isEqualTo(at(5));
    }

    @Test
    void nothingIsTakenOverTwiceAndNothingIsLeftOut() {
        var replication = bench.db.replication();
        replication.commit(List.of(replica(NONE, at(5), put("c.x", "1"))));
        assertThatThrownBy(() -> replication.commit(List.of(replica(NONE, at(5), put("c.x", "1")))))
                .isInstanceOf(TegaException.Conflict.class);
        assertThatThrownBy(() -> replication.commit(List.of(replica(at(6), at(7), put("c.x", "2")))))
                .isInstanceOf(TegaException.Conflict.class);
        assertThat(bench.get("c.x")).isEqualTo("1");
    }

    @Test
    void whatFollowsAFailureFailsToo() {
        var replication = bench.db.replication();
        var train = List.of(
                replica(NONE, at(1), put("c.x", "1")),
                replica(at(7), at(8), put("c.y", "1")),
                replica(null, at(9), put("c.z", "1")));
        assertThatThrownBy(() -> replication.commit(train)).isInstanceOf(TegaException.Conflict.class);
        assertThat(bench.get("c")).isEqualTo("{\"x\":1}");
        assertThat(replication.standing().position("down/g")).isEqualTo(at(1));
    }

    @Test
    void whatIsInTheWayGivesWay() {
        var session = bench.db.sessions().open(ALICE, java.time.Duration.ofSeconds(1));
        try (var tx = session.tega().begin()) {
            tx.putEphemeral(path("c.x"), json("1")).commit();
        }
        bench.db.replication().commit(List.of(replica(NONE, at(1), put("c.x.y", "2"))));
        assertThat(bench.get("c")).isEqualTo("{\"x\":{\"y\":2}}");
        assertThat(bench.db.replication().standing().leases(path("c"))).isEmpty();
    }

    @Test
    void conditionsAreThoseOfTheServerThatCommits() {
        bench.put("c.x", "1");
        var write = Foreign.write(ALICE, List.of(put("c.y", "2")));
        var replication = bench.db.replication();
        assertThatThrownBy(() ->
                        replication.commit(List.of(write.when(List.of(new Foreign.Unchanged(path("c.x"), true, 0))))))
                .isInstanceOf(TegaException.Conflict.class);
        assertThatThrownBy(() -> replication.commit(
                        List.of(write.when(List.of(new Foreign.Expected(path("c.x"), new Expectation.Absent()))))))
                .isInstanceOf(TegaException.Precondition.class);
        replication.commit(List.of(write.when(List.of(new Foreign.Unchanged(path("c.x"), true, 1)))));
        assertThat(bench.get("c.y")).isEqualTo("2");
    }

    /** Sends what concerns root c away, and remembers it. */
    private static final class Away implements Router {
        final List<Foreign> writes = new ArrayList<>();

        @Nullable
        Commit answer;

        @Override
        public boolean isAway(String root) {
            return root.equals("c");
        }

        @Override
        public Optional<CompletionStage<Commit>> route(Foreign write, Replication.Standing base) {
            writes.add(write);
            return Optional.ofNullable(answer).map(CompletableFuture::completedFuture);
        }
    }

    @Test
    void aWriteToARootThatIsAwayIsMadeElsewhere() {
        var made = bench.db.put(path("c.x"), json("1"));
        var away = new Away();
        away.answer = made;
        try (var routing = bench.db.replication().route(away)) {
            try (var tx = bench.db.begin()) {
                tx.get(path("c.x"));
                assertThat(tx.merge(path("c"), json("{\"y\":2,\"x\":null}")).commit())
                        .isSameAs(made);
            }
            assertThat(bench.get("c")).isEqualTo("{\"x\":1}");
            bench.put("here.x", "1");
        }
        assertThat(away.writes).hasSize(1);
        var write = away.writes.get(0);
        assertThat(write.edits()).containsExactlyInAnyOrder(put("c.y", "2"), Edit.delete(path("c.x")));
        assertThat(write.conditions()).containsExactly(new Foreign.Unchanged(path("c.x"), true, 1));
        bench.put("c.z", "3");
        assertThat(bench.get("c")).isEqualTo("{\"x\":1,\"z\":3}");
    }

    @Test
    void aWriteThatIsNotTakenAwayIsMadeHere() {
        var away = new Away();
        try (var routing = bench.db.replication().route(away)) {
            bench.put("c.x", "1");
        }
        assertThat(away.writes).hasSize(1);
        assertThat(bench.get("c.x")).isEqualTo("1");
    }

    @Test
    void oneCommitHasOneHome() {
        try (var routing = bench.db.replication().route(new Away());
                var tx = bench.db.begin()) {
            tx.put(path("c.x"), json("1")).put(path("here.x"), json("1"));
            assertThatThrownBy(tx::commit)
                    .isInstanceOf(TegaException.Invalid.class)
                    .hasMessageContaining("another server");
        }
    }
}
