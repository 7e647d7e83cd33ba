package tega.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import tega.api.Commit;
import tega.api.CommitKind;
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
import tega.api.spi.Scheduler;
import tega.json.Commits;
import tega.json.Json;

/** What few threads do to the small classes that are for many: each is a run from an empty database. */
final class Interleavings {
    private Interleavings() {}

    private static void require(boolean holds, Object what) {
        if (!holds) {
            throw new AssertionError(String.valueOf(what));
        }
    }

    /** Time stands still, and nothing happens in the background. */
    private record Still() implements Scheduler {
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public Task after(Duration delay, Runnable task) {
            return () -> {};
        }

        @Override
        public Executor background() {
            return task -> {};
        }
    }

    /** A database, and threads that use it. */
    private abstract static class OnDatabase implements Interleaving {
        final MemoryLog log = new MemoryLog(new Commits(), new Json()::readJson);
        final TegaStore db =
                TegaStore.open(log, new Commits(), new Still(), new SplittableRandom(1), StoreOptions.DEFAULT);

        static Path path(int writer) {
            return Path.of("r", "w" + writer);
        }

        long put(int writer, int value) {
            return db.put(path(writer), Value.of(value)).revision();
        }
    }

    /** Each commit gets a revision of its own, and nobody waits for ever. */
    static class Writers extends OnDatabase {
        private final long[] revisions;

        Writers(int writers) {
            revisions = new long[writers];
        }

        public Writers() {
            this(2);
        }

        @Override
        public List<Runnable> threads() {
            var threads = new ArrayList<Runnable>();
            for (var i = 0; i < revisions.length; i++) {
                var writer = i;
                threads.add(() -> {
                    revisions[writer] = put(writer, 7);
                    require(db.get(path(writer)).isPresent(), "own writes are read");
                });
            }
            return threads;
        }

        @Override
        public void check() {
            var sorted = revisions.clone();
            Arrays.sort(sorted);
            for (var i = 0; i < sorted.length; i++) {
                require(sorted[i] == i + 1, Arrays.toString(revisions));
                require(db.history().at(revisions[i]).get(path(i)).isPresent(), "the state of its revision has it");
            }
            require(log.last() == revisions.length, "all are in the log");
        }
    }

    /** Three of them. */
    static final class ThreeWriters extends Writers {
        public ThreeWriters() {
            super(3);
        }
    }

    /** Who reads and writes in a transaction loses to who was quicker; counting twice makes two. */
    static final class Counters extends OnDatabase {
        @Override
        public List<Runnable> threads() {
            return List.of(this::count, this::count);
        }

        private void count() {
            while (true) {
                try (var tx = db.begin()) {
                    var now = tx.get(path(0)).map(value -> Integer.parseInt(value.toString()));
                    tx.put(path(0), Value.of(now.orElse(0) + 1)).commit();
                    return;
                } catch (TegaException.Conflict e) {
                    // once more
                }
            }
        }

        @Override
        public void check() {
            require(db.get(path(0)).equals(java.util.Optional.of(Value.of(2))), db.get(path(0)));
        }
    }

    /** A commit that races with the end happened or did not, and was told so. */
    static final class WriterAndEnd extends OnDatabase {
        private boolean told;

        @Override
        public List<Runnable> threads() {
            return List.of(
                    () -> {
                        try {
                            put(0, 1);
                            told = true;
                        } catch (TegaException.Unavailable e) {
                            // closed before
                        }
                    },
                    db::close);
        }

        @Override
        public void check() {
            require(log.last() == (told ? 1 : 0), "told " + told + ", in the log " + log.last());
        }
    }

    /** A reader sees one database after the other, never an older one again. */
    static final class Readers extends OnDatabase {
        @Override
        public List<Runnable> threads() {
            return List.of(
                    () -> {
                        put(0, 1);
                        put(0, 2);
                    },
                    () -> {
                        var seen = 0L;
                        for (var i = 0; i < 3; i++) {
                            var snapshot = db.snapshot();
                            require(snapshot.revision() >= seen, "it went back");
                            seen = snapshot.revision();
                            var value =
                                    snapshot.get(path(0)).map(Value::toString).orElse("0");
                            require(value.equals(Long.toString(seen)), seen + " has " + value);
                        }
                    });
        }

        @Override
        public void check() {
            require(db.snapshot().revision() == 2, "both are there");
        }
    }

    /** What is watched is told once, in order, and a reader that lies down is woken. */
    static class Watching extends OnDatabase {
        static final int COMMITS = 3;
        private final Watch watch;
        private final List<Long> told = new ArrayList<>();
        private int skipped;
        private volatile boolean rung;

        Watching(WatchMode mode) {
            watch = db.watch(new WatchRequest(
                    PathPattern.subtree(Path.of("r")), OptionalLong.empty(), mode, false, false, 100, 1 << 20));
        }

        public Watching() {
            this(WatchMode.LOG);
        }

        @Override
        public List<Runnable> threads() {
            return List.of(
                    () -> {
                        for (var i = 1; i <= COMMITS; i++) {
                            put(0, i);
                        }
                    },
                    this::read);
        }

        private void read() {
            var me = Thread.currentThread();
            watch.onReady(() -> {
                rung = true;
                LockSupport.unpark(me);
            });
            while (told.isEmpty() || told.get(told.size() - 1) < COMMITS) {
                var event = watch.poll();
                if (event.isPresent()) {
                    if (event.get() instanceof WatchEvent.Changed changed) {
                        told.add(changed.change().commit().revision());
                        skipped += changed.change().skipped();
                    }
                } else {
                    while (!rung) {
                        LockSupport.park(this);
                    }
                    rung = false;
                }
            }
        }

        @Override
        public void check() {
            require(told.size() + skipped == COMMITS, told + " and " + skipped + " skipped");
            for (var i = 1; i < told.size(); i++) {
                require(told.get(i - 1) < told.get(i), told);
            }
            require(watch.poll().isEmpty(), "and no more");
        }
    }

    /** The newest only. */
    static final class WatchingState extends Watching {
        public WatchingState() {
            super(WatchMode.STATE);
        }
    }

    /** Who begins to watch while commits are made hears of each that its snapshot has not. */
    static final class BeginningToWatch extends OnDatabase {
        private long since;
        private Watch watch = db.watch(WatchRequest.of(Path.of("other")));

        @Override
        public List<Runnable> threads() {
            return List.of(
                    () -> {
                        put(0, 1);
                        put(0, 2);
                    },
                    () -> {
                        since = db.snapshot().revision();
                        watch = db.watch(WatchRequest.of(Path.of("r")).from(since));
                    });
        }

        @Override
        public void check() {
            var told = new ArrayList<Long>();
            for (var event = watch.poll(); event.isPresent(); event = watch.poll()) {
                if (event.get() instanceof WatchEvent.Changed changed) {
                    told.add(changed.change().commit().revision());
                }
            }
            var expected = new ArrayList<Long>();
            for (var revision = since + 1; revision <= 2; revision++) {
                expected.add(revision);
            }
            require(told.equals(expected), "since " + since + ": " + told);
        }
    }

    /** A watch may end while it is told something. */
    static final class EndingAWatch extends OnDatabase {
        private final Watch watch = db.watch(WatchRequest.of(Path.of("r")));

        @Override
        public List<Runnable> threads() {
            return List.of(() -> put(0, 1), watch::close);
        }

        @Override
        public void check() {
            require(watch.poll().isEmpty(), "it has ended");
            put(0, 2);
            require(db.snapshot().revision() == 2, "and hinders nobody");
        }
    }

    /** A ring of commits that one thread writes: what is found is what was asked for, or nothing. */
    static final class Ring implements Interleaving {
        private final Chronicle chronicle = new Chronicle(2);

        private static Chronicle.Entry entry(long revision) {
            var commit = new Commit(
                    revision,
                    Instant.EPOCH,
                    new Identity("a", "a"),
                    "s",
                    CommitKind.EDIT,
                    null,
                    0,
                    List.<Edit>of(),
                    List.of(),
                    null,
                    Map.of());
            return new Chronicle.Entry(commit, State.EMPTY, State.EMPTY, 0);
        }

        @Override
        public List<Runnable> threads() {
            return List.of(
                    () -> {
                        for (var i = 1; i <= 4; i++) {
                            chronicle.add(entry(i));
                        }
                    },
                    () -> {
                        var three = chronicle.get(3);
                        require(three == null || three.revision() == 3, "get");
                        var from = chronicle.from(2);
                        require(from == null || from.revision() >= 2, "from");
                        var until = chronicle.until(3);
                        require(until == null || until.revision() <= 3, "until");
                        var again = chronicle.from(2);
                        require(again == null || from == null || again.revision() >= from.revision(), "back");
                    });
        }

        @Override
        public void check() {
            var oldest = chronicle.oldest();
            require(oldest != null && oldest.revision() == 3, "the last two are there");
        }
    }

    /** Two that make one log of versions longer do not write over one another. */
    static final class Versions implements Interleaving {
        private final RootLog base = RootLog.NONE.append(1, 0);
        private RootLog one = base;
        private RootLog other = base;

        @Override
        public List<Runnable> threads() {
            return List.of(
                    () -> one = base.append(2, 1).append(3, 2),
                    () -> other = base.append(4, 1).append(5, 2));
        }

        @Override
        public void check() {
            require(one.revision(1) == 2 && one.revision(2) == 3, "one");
            require(other.revision(1) == 4 && other.revision(2) == 5, "other");
            require(base.size() == 1, "base");
        }
    }

    // Faults that must be found, or the rest says nothing.

    /** Counts without a lock. */
    static final class LostUpdate implements Interleaving {
        private volatile int count;

        @Override
        public List<Runnable> threads() {
            return List.of(this::add, this::add);
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // that is the fault
        private void add() {
            count++;
        }

        @Override
        public void check() {
            require(count == 2, "count is " + count);
        }
    }

    /** Waits without having looked again under the lock. */
    static final class LostWakeUp implements Interleaving {
        private volatile boolean done;

        @Override
        public List<Runnable> threads() {
            return List.of(this::waitUntilDone, this::finish);
        }

        @SuppressWarnings({"WaitNotInLoop", "GuardedBy"}) // that is the fault
        private void waitUntilDone() {
            if (!done) {
                synchronized (this) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            }
        }

        private void finish() {
            synchronized (this) {
                done = true;
                notifyAll();
            }
        }

        @Override
        public void check() {
            require(done, "done");
        }
    }

    /** Takes two locks in two orders. */
    static final class Deadlock implements Interleaving {
        private final Object left = new Object();
        private final Object right = new Object();

        private int count;

        private void both(Object first, Object second) {
            synchronized (first) {
                synchronized (second) {
                    count++;
                }
            }
        }

        @Override
        public List<Runnable> threads() {
            return List.of(() -> both(left, right), () -> both(right, left));
        }

        @Override
        public void check() {
            require(count == 2, "both were there");
        }
    }
}
