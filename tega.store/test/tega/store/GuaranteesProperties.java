package tega.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
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
import tega.api.spi.Session;

/**
 * Everything at once: transactions, rollbacks, confirmed commits, ephemeral nodes, clears, power cuts; and watchers that come
 * and go meanwhile. What each watcher was told, laid over where it began, is what there is; commit by commit it is what the
 * log was given.
 */
class GuaranteesProperties {
    private static final List<String> PATTERNS = List.of("", "a", "a.x", "a.x.y", "b.**", "*.x", "**.y", "items.z");

    /** One watcher and what it was told. */
    private static final class Reader {
        final PathPattern pattern;
        final WatchMode mode;
        final List<WatchEvent> events = new ArrayList<>();
        Watch watch;
        long begun;
        long since;
        /** What the reader makes of it; ephemeral nodes included. */
        Naive fold;

        Naive durable;

        Reader(PathPattern pattern, WatchMode mode) {
            this.pattern = pattern;
            this.mode = mode;
        }
    }

    /** What the log was given, and what that makes. */
    private static final class Ledger {
        final List<Commit> commits = new ArrayList<>();
        final Map<Long, Naive> visible = new TreeMap<>(Map.of(0L, Naive.empty()));
        final Map<Long, Naive> before = new TreeMap<>();
        final Map<Long, Naive> durableBefore = new TreeMap<>();
        final Map<Long, Naive> durable = new TreeMap<>(Map.of(0L, Naive.empty()));
        final Map<String, Long> versions = new TreeMap<>();
        Naive nowVisible = Naive.empty();
        Naive nowDurable = Naive.empty();
        long cleared;

        void add(Commit commit) {
            commits.add(commit);
            before.put(commit.revision(), nowVisible);
            durableBefore.put(commit.revision(), nowDurable);
            nowVisible = nowVisible.copy();
            nowDurable = nowDurable.copy();
            for (var edit : commit.edits()) {
                nowVisible.apply(edit, commit.revision());
                if (!edit.ephemeral()) {
                    nowDurable.apply(edit, commit.revision());
                }
            }
            if (commit.kind() == CommitKind.CLEAR) {
                versions.clear();
                cleared = commit.revision();
            } else {
                PendingCommit.durableRoots(commit.edits())
                        .forEach(root -> versions.merge(root, 0L, (old, zero) -> old + 1));
            }
            visible.put(commit.revision(), nowVisible);
            durable.put(commit.revision(), nowDurable);
        }

        void powerCut() {
            nowVisible = nowDurable;
        }

        Commit at(long revision) {
            return commits.stream()
                    .filter(commit -> commit.revision() == revision)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Ledger ledger = new Ledger();
    private Session[] sessions = new Session[3];
    private List<Reader> readers = new ArrayList<>();

    @Property(tries = 250)
    void watchersAreTold(@ForAll("histories") List<Histories.Step> history, @ForAll("seeds") List<Integer> seeds) {
        try (var bench = new Bench(options -> options.inMemory(200))) {
            run(bench, history, seeds);
        }
    }

    // WHY: with so little in memory, watchers read from the log whenever they are slow.
    @Property(tries = 250)
    void alsoWhenMemoryIsShort(
            @ForAll("histories") List<Histories.Step> history, @ForAll("seeds") List<Integer> seeds) {
        try (var bench = new Bench(options -> options.inMemory(3))) {
            run(bench, history, seeds);
        }
    }

    @Property(tries = 15)
    void alsoOnTheDisk(@ForAll("histories") List<Histories.Step> history, @ForAll("seeds") List<Integer> seeds)
            throws IOException {
        try (var bench = Bench.onDisk(options -> options.inMemory(3))) {
            run(bench, history, seeds);
        }
    }

    @Provide
    Arbitrary<List<Histories.Step>> histories() {
        return Histories.all();
    }

    @Provide
    Arbitrary<List<Integer>> seeds() {
        return Arbitraries.integers().between(0, 10_000).list().ofSize(60);
    }

    private void run(Bench bench, List<Histories.Step> history, List<Integer> seeds) {
        ledger = new Ledger();
        sessions = new Session[3];
        readers = new ArrayList<>();
        bench.onAppend(ledger::add);
        sessions(bench);
        for (var i = 0; i < history.size(); i++) {
            var seed = seeds.get(i);
            if (seed % 4 == 0) {
                join(bench, seed / 4);
            }
            step(bench, history.get(i));
            bench.clock.settle();
            agree(bench);
            if (seed % 3 == 0 && !readers.isEmpty()) {
                drain(readers.get(seed % readers.size()));
            }
        }
        for (var reader : readers) {
            drain(reader);
            check(reader);
        }
    }

    private void sessions(Bench bench) {
        for (var i = 0; i < sessions.length; i++) {
            sessions[i] = open(bench, i);
        }
    }

    private static Session open(Bench bench, int index) {
        var name = "cli" + index;
        return bench.db.sessions().open(new Identity(name, name), Duration.ofSeconds(10));
    }

    private void join(Bench bench, int seed) {
        var reader = new Reader(
                PathPattern.parse(PATTERNS.get(seed % PATTERNS.size())),
                seed % 5 == 0 ? WatchMode.STATE : WatchMode.LOG);
        var last = bench.db.snapshot().revision();
        var oldest = bench.db.history().oldest();
        reader.since = seed % 3 == 0 ? last : oldest + seed % (last - oldest + 1);
        var request = WatchRequest.of(reader.pattern).in(reader.mode);
        reader.watch = bench.db.watch(seed % 3 == 0 ? request : request.from(reader.since));
        reader.fold =
                ledger.visible.getOrDefault(reader.since, ledger.nowVisible).copy();
        reader.durable =
                ledger.durable.getOrDefault(reader.since, ledger.nowDurable).copy();
        if (seed % 3 == 0) {
            reader.fold = ledger.nowVisible.copy();
        }
        reader.begun = reader.since;
        readers.add(reader);
    }

    private void step(Bench bench, Histories.Step step) {
        try {
            perform(bench, step);
        } catch (TegaException e) {
            assertThat(e.code().name())
                    .as(e.getMessage())
                    .isIn("NOT_FOUND", "CONFLICT", "INVALID", "PRECONDITION", "COMPACTED");
        }
    }

    private void perform(Bench bench, Histories.Step step) {
        var db = bench.db;
        if (step instanceof Histories.Change change) {
            transact(bench, List.of(change), 0);
        } else if (step instanceof Histories.Together together) {
            transact(bench, together.changes(), 0);
        } else if (step instanceof Histories.Confirmed confirmed) {
            transact(bench, confirmed.changes(), confirmed.seconds());
        } else if (step instanceof Histories.Rollback rollback) {
            db.history().rollback(rollback.root(), -rollback.back());
        } else if (step instanceof Histories.Revert revert) {
            db.history().revert(db.snapshot().revision() - revert.back());
        } else if (step instanceof Histories.Decide decide) {
            for (var pending : db.confirmations().pending()) {
                var revision = pending.commit().revision();
                var commit = decide.keep()
                        ? db.confirmations().confirm(revision)
                        : db.confirmations().cancel(revision);
                assertThat(commit.refersTo()).isEqualTo(revision);
            }
        } else if (step instanceof Histories.Wait wait) {
            bench.clock.pass(Duration.ofSeconds(wait.seconds()));
        } else if (step instanceof Histories.Ephemeral ephemeral) {
            try (var tx = sessions[ephemeral.session()].tega().begin()) {
                tx.putEphemeral(ephemeral.path(), ephemeral.value()).commit();
            }
        } else if (step instanceof Histories.EphemeralDelete delete) {
            sessions[delete.session()].tega().delete(delete.path());
        } else if (step instanceof Histories.Leave leave) {
            leave(bench, leave);
        } else if (step instanceof Histories.Clear) {
            db.clear();
        } else if (step instanceof Histories.Picture) {
            bench.log().snapshot();
        } else if (step instanceof Histories.Crash) {
            crash(bench);
        }
    }

    private static void transact(Bench bench, List<Histories.Change> changes, int seconds) {
        try (var tx = bench.db.begin()) {
            changes.forEach(change -> StoreLawsProperties.write(tx, change));
            if (seconds > 0) {
                tx.confirm(Duration.ofSeconds(seconds), false);
            }
            tx.commit();
        }
    }

    private void leave(Bench bench, Histories.Leave leave) {
        var session = sessions[leave.session()];
        if (leave.cleanly()) {
            session.close();
        } else {
            session.detach();
        }
        sessions[leave.session()] = open(bench, leave.session());
        assertThat(sessions[leave.session()].epoch()).isGreaterThan(session.epoch());
    }

    private void crash(Bench bench) {
        var pending = bench.db.confirmations().pending();
        readers.forEach(this::drain);
        var revision = bench.db.snapshot().revision();
        bench.crash(ledger::powerCut);
        assertThat(bench.db.snapshot().revision()).isGreaterThanOrEqualTo(revision + pending.size());
        assertThat(bench.db.confirmations().pending()).isEmpty();
        sessions(bench);
        // Each resumes where it was, as a client does that finds its server again.
        for (var reader : readers) {
            if (reader.watch != null) {
                reader.watch.close();
                var from = last(reader);
                reader.watch = bench.db.watch(
                        WatchRequest.of(reader.pattern).in(reader.mode).from(from));
            }
        }
    }

    private static long last(Reader reader) {
        return Math.max(reader.since, reader.watch.revision());
    }

    /** The store is what the log makes of it. */
    private void agree(Bench bench) {
        var db = bench.db;
        assertThat(db.snapshot().tree().top()).isEqualTo(ledger.nowVisible.value());
        var now = db.snapshot().revision();
        assertThat(db.history().at(now).tree().top()).isEqualTo(ledger.nowDurable.value());
        ledger.nowDurable.each(Path.EMPTY, (path, node) -> {
            if (!path.isEmpty()) {
                assertThat(db.history().at(now).revision(path)).hasValue(node.stamp());
                assertThat(db.owner(path)).isEmpty();
            }
        });
        ledger.nowVisible.each(Path.EMPTY, (path, node) -> {
            if (!path.isEmpty() && ledger.nowDurable.find(path) == null) {
                assertThat(db.owner(path).isPresent() || node.isObject())
                        .as("%s is durable or owned or above such", path)
                        .isTrue();
            }
        });
        assertThat(db.snapshot().versions())
                .isEqualTo(Value.object(new TreeMap<>(ledger.versions.entrySet().stream()
                        .collect(java.util.stream.Collectors.toMap(
                                Map.Entry::getKey, each -> (Value) Value.of(each.getValue()))))));
    }

    private void drain(Reader reader) {
        if (reader.watch == null) {
            return;
        }
        var watch = reader.watch;
        for (var event = watch.poll(); event.isPresent(); event = watch.poll()) {
            reader.events.add(event.get());
            tell(reader, event.get());
        }
        if (reader.watch != null) {
            // Bookmarkable: what was given is everything up to here.
            assertThat(reader.watch.revision()).isEqualTo(ledger.commits.isEmpty() ? 0 : now());
        }
    }

    private long now() {
        return ledger.commits.get(ledger.commits.size() - 1).revision();
    }

    private void tell(Reader reader, WatchEvent event) {
        if (event instanceof WatchEvent.Compacted compacted) {
            assertThat(reader.since).isLessThan(ledger.cleared);
            assertThat(compacted.oldest()).isEqualTo(ledger.cleared);
            reader.watch.close();
            reader.watch = null;
        } else if (event instanceof WatchEvent.Progress progress) {
            assertThat(progress.revision()).isGreaterThan(reader.since);
            reader.since = progress.revision();
        } else if (event instanceof WatchEvent.Changed changed) {
            changed(reader, changed);
        } else {
            throw new AssertionError(event);
        }
    }

    private void changed(Reader reader, WatchEvent.Changed event) {
        var change = event.change();
        var commit = change.commit();
        if (commit.kind() == CommitKind.LEASE && commit.refersTo() == commit.revision()) {
            reader.fold = reader.durable.copy();
        } else {
            // Ordered and unique.
            assertThat(commit.revision()).isGreaterThan(reader.since);
            if (reader.mode == WatchMode.LOG) {
                atomicAndNarrowed(event);
            }
        }
        reader.since = commit.revision();
        for (var edit : change.edits()) {
            assertThat(concerns(reader.pattern, edit.path()))
                    .as("%s of %s", edit, reader.pattern)
                    .isTrue();
            reader.fold.lay(edit);
            if (!edit.ephemeral()) {
                reader.durable.lay(edit);
            }
        }
    }

    private void atomicAndNarrowed(WatchEvent.Changed event) {
        var change = event.change();
        var whole = ledger.at(change.commit().revision());
        assertThat(change.commit().by()).isEqualTo(whole.by());
        assertThat(change.commit().versions()).isEqualTo(whole.versions());
        var first = change.edits().get(0);
        var before = ledger.visible.get(whole.revision() - 1);
        if (before != null && !first.ephemeral() && whole.kind() != CommitKind.CLEAR) {
            var was = before.find(first.path());
            var durably = ledger.durable.get(whole.revision() - 1).find(first.path());
            var previous = change.previous(first);
            if (was == null) {
                assertThat(previous).isEmpty();
            } else {
                assertThat(previous.map(Value::toString).orElse("absent"))
                        .isIn(
                                was.value().toString(),
                                durably == null ? "absent" : durably.value().toString());
            }
            assertThat(change.created(first)).isEqualTo(first instanceof Edit.Put && previous.isEmpty());
        }
    }

    /** At or below a node that is meant. */
    private static boolean concerns(PathPattern pattern, Path path) {
        for (var depth = 0; depth <= path.depth(); depth++) {
            if (pattern.matches(path.first(depth))) {
                return true;
            }
        }
        return false;
    }

    private void check(Reader reader) {
        if (reader.watch == null) {
            return;
        }
        // Reliable: what it was told, laid over where it began, is what there is.
        assertThat(meant(reader.pattern, reader.fold))
                .as("what %s knows", reader.pattern)
                .isEqualTo(meant(reader.pattern, ledger.nowVisible));
        if (reader.mode == WatchMode.LOG) {
            everyCommit(reader);
        }
    }

    /** Each durable commit that touches what is meant was told, and no other; each once. */
    private void everyCommit(Reader reader) {
        var told = new ArrayList<String>();
        for (var event : reader.events) {
            if (event instanceof WatchEvent.Changed changed) {
                var commit = changed.change().commit();
                var durable = durable(commit.revision(), changed.change().edits());
                if (!durable.isEmpty()) {
                    told.add(commit.revision() + " " + sorted(durable));
                }
            }
        }
        var expected = new ArrayList<String>();
        for (var commit : ledger.commits) {
            if (commit.revision() > reader.begun) {
                var durable = durable(commit.revision(), narrow(reader.pattern, commit));
                if (!durable.isEmpty()) {
                    expected.add(commit.revision() + " " + sorted(durable));
                }
            }
        }
        assertThat(told).as("what %s was told", reader.pattern).isEqualTo(expected);
    }

    /** Who reads from the log does not hear of ephemeral nodes that went with a durable one above them. */
    private List<Edit> durable(long revision, List<Edit> edits) {
        var before = ledger.durableBefore.get(revision);
        return edits.stream()
                .filter(edit -> !edit.ephemeral())
                .filter(edit -> edit instanceof Edit.Put
                        || before == null
                        || before.find(edit.path()) != null
                        || ledger.at(revision).edits().contains(edit))
                .toList();
    }

    private static String sorted(List<Edit> edits) {
        return Arrays.toString(edits.stream().map(Edit::toString).sorted().toArray());
    }

    /** The values of the topmost nodes that are meant. */
    private static Map<Path, Value> meant(PathPattern pattern, Naive tree) {
        var found = new TreeMap<Path, Value>();
        collect(pattern, Path.EMPTY, tree, found);
        return found;
    }

    private static void collect(PathPattern pattern, Path path, @Nullable Naive node, Map<Path, Value> found) {
        if (node == null) {
            return;
        }
        if (pattern.matches(path)) {
            found.put(path, node.value());
        } else {
            node.names().forEach(name -> collect(pattern, path.child(name), node.find(Path.of(name)), found));
        }
    }

    /** The durable edits of a commit as this pattern should see them, worked out from the trees alone. */
    private List<Edit> narrow(PathPattern pattern, Commit commit) {
        var edits = new ArrayList<Edit>();
        var tree = ledger.before.get(commit.revision()).copy();
        for (var edit : commit.edits()) {
            var meantBefore = below(pattern, edit.path(), tree);
            tree.apply(edit, 0);
            if (edit.ephemeral()) {
                continue;
            }
            if (concerns(pattern, edit.path())) {
                edits.add(edit);
                continue;
            }
            var meantAfter = edit instanceof Edit.Put ? below(pattern, edit.path(), tree) : Map.<Path, Value>of();
            var touched = new TreeSet<>(meantBefore.keySet());
            touched.addAll(meantAfter.keySet());
            for (var path : touched) {
                edits.add(meantAfter.containsKey(path) ? Edit.put(path, meantAfter.get(path)) : Edit.delete(path));
            }
        }
        return edits;
    }

    private static Map<Path, Value> below(PathPattern pattern, Path path, Naive tree) {
        var found = new TreeMap<Path, Value>();
        collect(pattern, path, tree.find(path), found);
        return found;
    }
}
