package tega.log;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.UUID;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Value;
import tega.api.spi.CommitCodec;
import tega.api.spi.JsonCodec;
import tega.api.spi.Proposal;

/** What tests append, and the codecs they append it with. */
final class Batches {
    static final CommitCodec COMMITS =
            ServiceLoader.load(CommitCodec.class).findFirst().orElseThrow();
    static final JsonCodec JSON =
            ServiceLoader.load(JsonCodec.class).findFirst().orElseThrow();

    private Batches() {}

    static Commit commit(long revision, CommitKind kind, Edit... edits) {
        return new Commit(
                revision,
                Instant.ofEpochSecond(1_700_000_000 + revision),
                new Identity("test", "test"),
                "here",
                kind,
                null,
                0,
                List.of(edits),
                List.of(),
                null,
                Map.of());
    }

    static Commit put(long revision, String path, Value value) {
        return commit(revision, CommitKind.EDIT, Edit.put(Path.parse(path), value));
    }

    static Commit put(long revision, String path, long value) {
        return put(revision, path, Value.of(value));
    }

    static Commit lease(long revision, String path, long value) {
        return commit(revision, CommitKind.LEASE, new Edit.Put(Path.parse(path), Value.of(value), "owner"));
    }

    static List<Proposal> batch(Commit... commits) {
        return Arrays.stream(commits).map(Batches::proposal).toList();
    }

    static Proposal proposal(Commit commit) {
        return new Proposal(new UUID(0, commit.revision()), commit, true);
    }

    static Proposal unkept(Commit commit) {
        return new Proposal(new UUID(0, commit.revision()), commit, false);
    }
}
