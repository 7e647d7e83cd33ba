package tega.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.UUID;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.Value;
import tega.api.spi.CommitCodec;
import tega.api.spi.CommitLog;
import tega.api.spi.JsonCodec;
import tega.api.spi.LogOptions;
import tega.api.spi.LogProvider;
import tega.api.spi.Proposal;
import tega.api.spi.Receipt;
import tega.api.spi.Recovery;
import tega.api.spi.Replica;
import tega.api.spi.ReplicaProvider;
import tega.api.spi.Scheduler;

/** A commit log with the tree behind it, and nothing else of a database; its commits put one of 10 000 small leaves each. */
final class BenchLog implements AutoCloseable {
    static final int LEAVES = 10_000;

    private final CommitCodec codec = found(CommitCodec.class);
    private final Replica tree = found(ReplicaProvider.class).replica(codec);
    private final Scheduler scheduler = found(Scheduler.class);
    private final CommitLog log;
    private final Recovery recovery;
    private long made;

    BenchLog(Path folder) {
        this(folder, LogBench.PLAIN);
    }

    BenchLog(Path folder, LogOptions options) {
        log = found(LogProvider.class).log(folder, options, codec, found(JsonCodec.class), scheduler);
        recovery = log.open(tree);
    }

    private static <T> T found(Class<T> service) {
        return ServiceLoader.load(service).findFirst().orElseThrow();
    }

    static tega.api.Path path(long leaf) {
        return tega.api.Path.of("net", "host-" + leaf % LEAVES, "n");
    }

    static Value value(long number) {
        return Value.of(number);
    }

    CommitLog log() {
        return log;
    }

    Recovery recovery() {
        return recovery;
    }

    /** How many bytes a commit takes on disk. */
    int bytesOfOne() {
        var before = figure("appended_bytes");
        append(LEAVES);
        return (int) ((figure("appended_bytes") - before) / LEAVES);
    }

    long figure(String name) {
        return log.health().metrics().getOrDefault(name, 0L);
    }

    /** Appends so many commits as one batch. */
    void append(int count) {
        var batch = new ArrayList<Proposal>(count);
        for (var i = 0; i < count; i++) {
            var revision = log.last() + 1 + i;
            batch.add(new Proposal(new UUID(1, revision), commit(revision, path(made++), value(revision)), true));
        }
        append(batch);
    }

    private void append(List<Proposal> batch) {
        for (var receipt : log.append(batch)) {
            if (!(receipt instanceof Receipt.Appended)) {
                throw new IllegalStateException(receipt.toString());
            }
        }
    }

    private Commit commit(long revision, tega.api.Path path, Value value) {
        return new Commit(
                revision,
                scheduler.now(),
                new Identity("bench", "bench"),
                "bench",
                CommitKind.EDIT,
                null,
                0,
                List.of(Edit.put(path, value)),
                List.of(),
                null,
                Map.of());
    }

    /** A commit of many leaves at once. */
    void fill(String root, int leaves) {
        var members = ObjectValue.builder();
        for (var i = 0; i < leaves; i++) {
            members.put("host-" + i, Value.object("n", Value.of(i)));
        }
        append(tega.api.Path.of(root), members.build());
    }

    /** A commit of one value. */
    void append(tega.api.Path path, Value value) {
        var revision = log.last() + 1;
        append(List.of(new Proposal(new UUID(1, revision), commit(revision, path, value), true)));
    }

    @Override
    public void close() throws Exception {
        log.close();
        if (scheduler instanceof AutoCloseable threads) {
            threads.close();
        }
    }
}
