package tega.transport.http;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import tega.api.Blame;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Confirmations;
import tega.api.Draft;
import tega.api.Drafts;
import tega.api.Edit;
import tega.api.Expectation;
import tega.api.History;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Preview;
import tega.api.Snapshot;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Transaction;
import tega.api.Tree;
import tega.api.Value;
import tega.api.Watch;
import tega.api.WatchEvent;
import tega.api.WatchMode;
import tega.api.WatchRequest;
import tega.api.spi.Session;
import tega.api.spi.Sessions;

/**
 * The contract of the database in memory, as far as the doors need it: what they make of it can be tested without a disk, and
 * failures can be made to order.
 */
final class MemoryStore implements Sessions {
    private final List<Snapshot> snapshots = new ArrayList<>(List.of(new Snapshot(0, Tree.EMPTY, Value.object())));
    private final List<Commit> commits = new ArrayList<>();
    private final Map<String, Draft> drafts = new HashMap<>();
    private final Map<Path, String> owners = new HashMap<>();
    private final List<MemoryWatch> watches = new CopyOnWriteArrayList<>();
    private final Map<String, Long> tags = new TreeMap<>();
    private long epochs;
    volatile TegaException failure;

    private synchronized Snapshot now() {
        return snapshots.get(snapshots.size() - 1);
    }

    @Override
    public Tega tega(Identity identity) {
        return new MemoryTega(identity);
    }

    @Override
    public synchronized Session open(Identity identity, Duration ttl) {
        var epoch = ++epochs;
        var tega = tega(identity);
        return new Session() {
            @Override
            public Tega tega() {
                return tega;
            }

            @Override
            public long epoch() {
                return epoch;
            }

            @Override
            public void detach() {}

            @Override
            public void close() {
                synchronized (MemoryStore.this) {
                    var edits = owners.entrySet().stream()
                            .filter(entry -> entry.getValue().equals(identity.tegaId()))
                            .map(entry -> (Edit) new Edit.Delete(entry.getKey(), true))
                            .toList();
                    edits.forEach(edit -> owners.remove(edit.path()));
                    if (!edits.isEmpty()) {
                        commit(identity, CommitKind.LEASE, null, 0, edits);
                    }
                }
            }
        };
    }

    private synchronized Commit commit(Identity by, CommitKind kind, String message, long refersTo, List<Edit> edits) {
        var before = now();
        var revision = before.revision() + 1;
        var tree = before.tree();
        var versions = before.versions();
        var moved = new TreeMap<String, Long>();
        for (var edit : edits) {
            tree = tree.apply(edit, revision);
            if (!edit.ephemeral()) {
                var root = edit.path().root();
                moved.put(root, before.version(root).orElse(-1) + 1);
            }
        }
        for (var root : moved.entrySet()) {
            versions = versions.with(root.getKey(), Value.of(root.getValue()));
        }
        var commit = new Commit(
                revision, Instant.EPOCH, by, "memory", kind, message, refersTo, edits, List.of(), null, moved);
        var after = new Snapshot(revision, tree, versions);
        snapshots.add(after);
        commits.add(commit);
        watches.forEach(watch -> watch.offer(commit, before, after));
        return commit;
    }

    private final class MemoryTega implements Tega {
        private final Identity identity;

        MemoryTega(Identity identity) {
            this.identity = identity;
        }

        @Override
        public Identity identity() {
            return identity;
        }

        @Override
        public String serverId() {
            return "memory";
        }

        @Override
        public Optional<Value> get(Path path) {
            return now().get(path);
        }

        @Override
        public Optional<String> owner(Path path) {
            synchronized (MemoryStore.this) {
                return owners.entrySet().stream()
                        .filter(entry -> path.startsWith(entry.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst();
            }
        }

        @Override
        public Snapshot snapshot() {
            if (failure != null) {
                throw failure;
            }
            return now();
        }

        @Override
        public Transaction begin() {
            return new MemoryTransaction(identity);
        }

        @Override
        public Drafts drafts() {
            return new Drafts() {
                @Override
                public Draft begin() {
                    var draft = new MemoryTransaction(identity);
                    drafts.put(draft.id(), draft);
                    return draft;
                }

                @Override
                public Draft get(String id) {
                    var draft = drafts.get(id);
                    if (draft == null) {
                        throw new TegaException.NotFound("there is no draft '" + id + "'");
                    }
                    return draft;
                }

                @Override
                public List<String> ids() {
                    return List.copyOf(drafts.keySet());
                }
            };
        }

        @Override
        public History history() {
            return new MemoryHistory(identity);
        }

        @Override
        public Confirmations confirmations() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Watch watch(WatchRequest request) {
            var watch = new MemoryWatch(request, identity);
            synchronized (MemoryStore.this) {
                var since = request.since().orElse(now().revision());
                if (request.initial()) {
                    watch.add(new WatchEvent.Initial(now().revision(), now()));
                } else {
                    for (var i = (int) since; i < commits.size(); i++) {
                        watch.offer(commits.get(i), snapshots.get(i), snapshots.get(i + 1));
                    }
                }
                watches.add(watch);
            }
            return watch;
        }

        @Override
        public Commit clear() {
            synchronized (MemoryStore.this) {
                var roots = now().roots().keySet().stream()
                        .map(root -> Edit.delete(Path.of(root)))
                        .toList();
                return commit(identity, CommitKind.CLEAR, null, 0, roots);
            }
        }
    }

    private final class MemoryTransaction implements Draft {
        private final String id = UUID.randomUUID().toString();
        private final Identity by;
        private final Snapshot base = now();
        private final List<Edit> edits = new ArrayList<>();
        private final Map<Path, Expectation> expectations = new HashMap<>();
        private Tree tree = base.tree();
        private String message;

        MemoryTransaction(Identity by) {
            this.by = by;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public Snapshot base() {
            return base;
        }

        @Override
        public Optional<Value> get(Path path) {
            return Optional.ofNullable(tree.get(path));
        }

        private Transaction edit(Edit edit) {
            tree = edit instanceof Edit.Put put ? tree.put(put.path(), put.value(), 0) : tree.delete(edit.path(), 0);
            edits.add(edit);
            return this;
        }

        @Override
        public Transaction put(Path path, Value value) {
            return edit(Edit.put(path, value));
        }

        @Override
        public Transaction putEphemeral(Path path, Value value) {
            return edit(new Edit.Put(path, value, by.tegaId()));
        }

        @Override
        public Transaction merge(Path path, Value patch) {
            var target = get(path).orElse(Value.object());
            if (patch instanceof ObjectValue changes && target instanceof ObjectValue object) {
                for (var member : changes) {
                    if (!member.value().equals(Value.NULL)) {
                        put(path.child(member.name()), member.value());
                    } else if (object.has(member.name())) {
                        delete(path.child(member.name()));
                    }
                }
                return this;
            }
            return put(path, patch);
        }

        @Override
        public Transaction patch(Path path, Value operations) {
            throw new TegaException.Invalid(path, "this store does not patch");
        }

        @Override
        public Transaction delete(Path path) {
            return edit(Edit.delete(path));
        }

        @Override
        public Transaction expect(Path path, Expectation expectation) {
            expectations.put(path, expectation);
            return this;
        }

        @Override
        public Transaction message(String text) {
            message = text;
            return this;
        }

        @Override
        public Transaction confirm(Duration window, boolean automatic) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Preview preview() {
            return new Preview(edits, List.of(), List.of());
        }

        @Override
        public List<Edit> candidate() {
            return List.copyOf(edits);
        }

        @Override
        public Commit commit() {
            close();
            if (failure != null) {
                throw failure;
            }
            synchronized (MemoryStore.this) {
                var history = new MemoryHistory(by);
                expectations.forEach((path, expectation) -> {
                    var there = now().get(path).isPresent();
                    var holds = holds(expectation, path, there, history);
                    if (!holds) {
                        throw new TegaException.Precondition(path, "'" + path + "' is not as expected");
                    }
                });
                for (var edit : edits) {
                    if (edit instanceof Edit.Put put && put.owner() != null) {
                        owners.put(put.path(), put.owner());
                    }
                }
                var lease = !edits.isEmpty() && edits.stream().allMatch(Edit::ephemeral);
                return MemoryStore.this.commit(by, lease ? CommitKind.LEASE : CommitKind.EDIT, message, 0, edits);
            }
        }

        private boolean holds(Expectation expectation, Path path, boolean there, History history) {
            if (expectation instanceof Expectation.Absent) {
                return !there;
            }
            if (expectation instanceof Expectation.AtRevision at) {
                return there && now().revision(path).getAsLong() == at.revision();
            }
            if (expectation instanceof Expectation.AtVersion at) {
                return there && history.version(now(), path) == at.version();
            }
            if (expectation instanceof Expectation.Equal equal) {
                return now().get(path).equals(Optional.of(equal.value()));
            }
            return there;
        }

        @Override
        public void close() {
            drafts.remove(id);
        }
    }

    private final class MemoryHistory implements History {
        private final Identity by;

        MemoryHistory(Identity by) {
            this.by = by;
        }

        @Override
        public long oldest() {
            return 0;
        }

        @Override
        public Snapshot at(long revision) {
            return snapshots.get((int) revision);
        }

        @Override
        public Snapshot at(String root, long version) {
            var current = now().version(root).orElseThrow(() -> new TegaException.NotFound("no root '" + root + "'"));
            var wanted = version < 0 ? current + version : version;
            for (var snapshot : snapshots) {
                if (snapshot.version(root).orElse(-1) == wanted) {
                    return snapshot;
                }
            }
            throw new TegaException.NotFound("'" + root + "' never had the version " + version);
        }

        @Override
        public long version(Snapshot snapshot, Path path) {
            var stamp = snapshot.revision(path).orElseThrow();
            return (stamp >= snapshots.size() ? snapshot : at(stamp))
                    .version(path.root())
                    .orElseThrow();
        }

        @Override
        public List<Long> versions(String root) {
            var current = now().version(root).orElseThrow(() -> new TegaException.NotFound("no root '" + root + "'"));
            var versions = new ArrayList<Long>();
            for (var version = 0L; version < current; version++) {
                versions.add(version);
            }
            return versions;
        }

        @Override
        public List<Commit> log(Path path, long from, int limit) {
            var found = new ArrayList<Commit>();
            for (var i = commits.size() - 1; i >= 0 && found.size() < limit; i--) {
                if (commits.get(i).revision() <= from && commits.get(i).touches(path)) {
                    found.add(commits.get(i));
                }
            }
            return found;
        }

        @Override
        public Commit commit(long revision) {
            return commits.get((int) revision - 1);
        }

        @Override
        public List<Edit> diff(long from, long to, Path path) {
            return at(from).tree().diff(at(to).tree(), path);
        }

        @Override
        public List<Blame> blame(Path path) {
            var revision = now().revision(path).orElseThrow(() -> new TegaException.NotFound(path, "nothing there"));
            return List.of(new Blame(path, now().get(path).orElseThrow(), revision, commit(revision)));
        }

        @Override
        public Commit rollback(String root, long version) {
            var then = at(root, version);
            var edits = now().tree().diff(then.tree(), Path.of(root));
            return MemoryStore.this.commit(by, CommitKind.ROLLBACK, null, then.revision(), edits);
        }

        @Override
        public Commit revert(long revision) {
            throw new TegaException.Conflict(null, "cannot revert " + revision);
        }

        @Override
        public Commit tag(String name, long revision) {
            tags.put(name, revision);
            return MemoryStore.this.commit(by, CommitKind.TAG, name, revision, List.of());
        }

        @Override
        public Map<String, Long> tags() {
            return tags;
        }
    }

    private final class MemoryWatch implements Watch {
        private final WatchRequest request;
        private final Identity by;
        private final ArrayDeque<WatchEvent> queue = new ArrayDeque<>();
        private Runnable signal = () -> {};
        private long revision = now().revision();
        private boolean ended;

        MemoryWatch(WatchRequest request, Identity by) {
            this.request = request;
            this.by = by;
        }

        void offer(Commit commit, Snapshot before, Snapshot after) {
            var prefix = request.pattern().prefix();
            if (commit.touches(prefix)
                    && !(request.excludeOwn() && commit.by().tegaId().equals(by.tegaId()))) {
                add(new WatchEvent.Changed(new tega.api.Change(commit, commit.edits(), before, after, 0)));
            }
        }

        void add(WatchEvent event) {
            synchronized (this) {
                if (ended) {
                    return;
                }
                if (queue.size() >= request.queueEvents() && request.mode() == WatchMode.LOG) {
                    queue.clear();
                    queue.add(new WatchEvent.Slow(revision));
                    ended = true;
                } else {
                    queue.add(event);
                }
            }
            signal.run();
        }

        @Override
        public synchronized Optional<WatchEvent> poll() {
            var event = queue.poll();
            if (event instanceof WatchEvent.Changed changed) {
                revision = changed.change().commit().revision();
            }
            return Optional.ofNullable(event);
        }

        @Override
        public Optional<WatchEvent> take(Duration timeout) {
            return poll();
        }

        @Override
        public void onReady(Runnable task) {
            signal = task;
            task.run();
        }

        @Override
        public long revision() {
            return revision;
        }

        @Override
        public void close() {
            watches.remove(this);
        }
    }
}
