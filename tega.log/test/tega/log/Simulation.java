package tega.log;

import static org.assertj.core.api.Assertions.assertThat;
import static tega.log.Batches.commit;
import static tega.log.Batches.lease;
import static tega.log.Batches.put;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.spi.LogOptions;
import tega.api.spi.Receipt;

/**
 * A log on a disk that crashes and fails, and beside it what must be true of it: the commits that were acknowledged, those that
 * may have happened, and what the database was after each.
 */
final class Simulation {
    /** What can be done to a log. */
    enum Step {
        ONE,
        THREE,
        LEASE,
        MIXED,
        PICTURE,
        CLEAR,
        COMPACT,
        TRIM,
        REOPEN
    }

    private static final LogOptions OPTIONS = new LogOptions(700, 900, 0, 5, Duration.ZERO, 0);

    private final LogOptions options;
    private final List<Commit> acknowledged = new ArrayList<>();
    private final Map<Long, Tree> trees = new HashMap<>();
    private List<Commit> maybe = List.of();
    private long cleared;
    private long clearing;
    private long given;
    private long needed = Long.MAX_VALUE;
    private boolean gaps;
    private CrashStorage disk = new CrashStorage();
    private TestScheduler scheduler = new TestScheduler();
    private SegmentedLog log;
    private TreeSink sink = new TreeSink();

    Simulation() {
        this(OPTIONS);
    }

    Simulation(LogOptions options) {
        this.options = options;
        trees.put(0L, Tree.EMPTY);
        start();
    }

    private void start() {
        scheduler = new TestScheduler();
        log = new SegmentedLog(disk, options, Batches.COMMITS, Batches.JSON, scheduler);
    }

    CrashStorage disk() {
        return disk;
    }

    SegmentedLog log() {
        return log;
    }

    /** Opens the log for the first time. */
    void open() {
        sink = new TreeSink();
        log.open(sink);
    }

    void step(Step step) {
        var next = given + 1;
        switch (step) {
            case ONE -> append(put(next, "a.n" + next % 5, next));
            case THREE -> append(put(next, "b.x", next), put(next + 1, "b.y", next), put(next + 2, "b.x", -next));
            case LEASE -> append(lease(next, "a.live", next));
            case MIXED -> append(put(next, "c.x", next), lease(next + 1, "c.live", next), put(next + 2, "c.y", next));
            case PICTURE -> picture();
            case CLEAR -> clear();
            case COMPACT -> {
                needed = Math.max(0, given - 2);
                log.compact(needed);
            }
            case TRIM -> trim();
            case REOPEN -> reopen();
        }
        scheduler.run();
    }

    private void picture() {
        try {
            log.snapshot();
        } catch (TegaException.Unavailable e) {
            assertThat(e).hasCauseInstanceOf(IOException.class);
        }
    }

    private void trim() {
        try {
            Compaction.compact(log, 2, TreeSink::new);
        } catch (TegaException.Unavailable e) {
            assertThat(e).hasCauseInstanceOf(IOException.class);
        }
    }

    private void reopen() {
        try {
            log.close();
        } catch (TegaException.Unavailable e) {
            assertThat(e).hasCauseInstanceOf(IOException.class);
        }
        disk.close();
        scheduler.stop();
        start();
        for (var again = true; again; ) {
            try {
                open();
                again = false;
            } catch (TegaException.Unavailable e) {
                // the disk does not let it yet
                log.close();
            }
        }
        disk.outside(this::verify);
    }

    private void clear() {
        append(commit(given + 1, CommitKind.CLEAR));
        if (acknowledged.isEmpty() || acknowledged.get(acknowledged.size() - 1).kind() != CommitKind.CLEAR) {
            return;
        }
        clearing = given;
        try {
            log.clear();
            cleared = given;
            clearing = 0;
        } catch (TegaException.Unavailable e) {
            clearing = 0;
        } catch (TegaException.UnknownOutcome e) {
            // stays open until something is committed again
        }
    }

    private void append(Commit... commits) {
        var batch = new ArrayList<>(List.of(commits));
        var before = maybe;
        var unsure = new ArrayList<>(batch);
        maybe = unsure;
        gaps |= batch.stream().anyMatch(Commit::ephemeral);
        var receipts = log.append(Batches.batch(commits));
        assertThat(receipts).hasSize(batch.size());
        if (receipts.stream().allMatch(Receipt.Appended.class::isInstance)) {
            maybe = List.of();
            clearing = 0;
            for (var commit : commits) {
                given = commit.revision();
                if (!commit.ephemeral()) {
                    trees.put(given, after(newest(), commit));
                    acknowledged.add(commit);
                }
            }
        } else if (receipts.stream().allMatch(Receipt.Refused.class::isInstance)) {
            maybe = before;
            assertThat(log.health().writable()).isFalse();
        } else {
            assertThat(receipts).allMatch(Receipt.Unknown.class::isInstance);
            assertThat(log.health().writable()).isFalse();
        }
        assertThat(sink.tree()).isEqualTo(newest());
        assertThat(log.last()).isEqualTo(given);
    }

    private Tree newest() {
        return acknowledged.isEmpty()
                ? Tree.EMPTY
                : trees.get(acknowledged.get(acknowledged.size() - 1).revision());
    }

    private static Tree after(Tree tree, Commit commit) {
        var next = commit.kind() == CommitKind.CLEAR ? Tree.EMPTY : tree;
        for (var edit : commit.edits()) {
            next = next.apply(edit, commit.revision());
        }
        return next;
    }

    /** Time for the log to notice that the disk is well again. */
    void heal() {
        disk.fate((call, what) -> {});
        scheduler.advance(Duration.ofSeconds(2));
        assertThat(log.health().reason()).isEmpty();
    }

    /** The power goes and comes back. */
    void crash(CrashStorage.Mode mode, RandomGenerator random) {
        disk = disk.after(mode, random);
        start();
    }

    /** Opens what a crash left and checks that it is what it must be. */
    void recover() {
        open();
        disk.outside(this::verify);
    }

    private void verify() {
        var durable = new ArrayList<>(acknowledged);
        var found = readAll();
        var known = durable.isEmpty() ? 0 : durable.get(durable.size() - 1).revision();
        for (var commit : maybe) {
            if (!commit.ephemeral()
                    && found.stream()
                            .anyMatch(seen -> seen.revision() == commit.revision()
                                    && seen.edits().equals(commit.edits()))) {
                assertThat(commit.revision()).isGreaterThan(known);
                trees.put(commit.revision(), after(newest(), commit));
                acknowledged.add(commit);
            } else if (!commit.ephemeral()) {
                break;
            }
        }
        maybe = List.of();
        var first = firstKept();
        assertThat(found.stream().map(Commit::revision))
                .as("commits on disk from %s on", first)
                .isEqualTo(acknowledged.stream()
                        .map(Commit::revision)
                        .filter(revision -> revision >= first)
                        .toList());
        for (var i = 0; i < found.size(); i++) {
            assertThat(found.get(i).edits())
                    .isEqualTo(acknowledged
                            .get(acknowledged.size() - found.size() + i)
                            .edits());
        }
        assertThat(sink.tree()).as("the database").isEqualTo(newest());
        assertThat(log.last()).as("revisions given out").isGreaterThanOrEqualTo(given);
        if (!gaps) {
            assertThat(log.last())
                    .isEqualTo(
                            acknowledged.isEmpty()
                                    ? 0
                                    : acknowledged.get(acknowledged.size() - 1).revision());
        }
        given = log.last();
        var base = log.oldest();
        if (clearing > 0 && base == clearing) {
            cleared = clearing;
        }
        clearing = 0;
        assertThat(base).as("oldest").isGreaterThanOrEqualTo(cleared);
        rebuild(base);
    }

    /** The revision from which on commits can be read. */
    private long firstKept() {
        var low = 0L;
        var high = log.oldest() + 1;
        while (low < high) {
            var middle = (low + high) >>> 1;
            try (var reader = log.read(middle)) {
                high = middle;
            } catch (TegaException.Compacted e) {
                low = middle + 1;
            }
        }
        return low;
    }

    private List<Commit> readAll() {
        var commits = new ArrayList<Commit>();
        try (var reader = log.read(firstKept())) {
            reader.forEachRemaining(commits::add);
        }
        return commits;
    }

    /** Every state from {@code base} on comes out of the pictures and the commits. */
    private void rebuild(long base) {
        var states = new TreeMap<Long, Tree>();
        states.put(cleared, Tree.EMPTY);
        acknowledged.forEach(commit -> states.put(commit.revision(), trees.get(commit.revision())));
        for (var picture : log.pictures()) {
            var restored = new TreeSink();
            restored.restore(log.picture(picture));
            assertThat(restored.tree())
                    .as("picture %s", picture)
                    .isEqualTo(states.floorEntry(picture).getValue());
        }
        var state = base == cleared ? Tree.EMPTY : states.floorEntry(base).getValue();
        try (var reader = log.read(base + 1)) {
            while (reader.hasNext()) {
                var commit = reader.next();
                state = after(state, commit);
                assertThat(state).isEqualTo(states.get(commit.revision()));
            }
        }
        assertThat(state).isEqualTo(newest());
    }
}
