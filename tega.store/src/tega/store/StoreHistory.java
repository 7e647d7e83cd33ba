package tega.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tega.api.Blame;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.History;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.TegaException;
import tega.api.spi.Action;

/** The past, as one session may see it. Ephemeral nodes have none. */
record StoreHistory(Store store, Sight sight, Intent.Actor actor) implements History {
    @Override
    public long oldest() {
        return store.oldest();
    }

    @Override
    public Snapshot at(long revision) {
        return sight.of(store.archive().at(revision).history());
    }

    @Override
    public Snapshot at(String root, long version) {
        sight.requireSome(Path.of(root));
        return at(revision(root, version));
    }

    /** The revision that made {@code version} of {@code root}. */
    private long revision(String root, long version) {
        var log = store.state().root(root);
        var path = Path.of(root);
        if (log.current() < 0) {
            throw new TegaException.NotFound(path, "there never was a root '" + path + "'");
        }
        var absolute = version < 0 ? log.current() + version : version;
        if (absolute < 0 || absolute > log.current()) {
            throw new TegaException.NotFound(
                    path, "'" + path + "' has no version " + version + "; it is at version " + log.current());
        }
        var revision = log.revision(absolute);
        var oldest = store.oldest();
        if (revision < oldest || log.current() - absolute > store.options().history()) {
            throw new TegaException.Compacted("version " + absolute + " of '" + path + "' is no longer kept", oldest);
        }
        return revision;
    }

    @Override
    public long version(Snapshot snapshot, Path path) {
        if (path.isEmpty()) {
            throw new TegaException.Invalid("the database itself has no version; its roots have");
        }
        var stamp = snapshot.revision(path)
                .orElseThrow(() -> new TegaException.NotFound(path, "there is no '" + path + "'"));
        var first = store.chronicle().oldest();
        var recent = first == null ? store.state().revision() : first.before().revision();
        var state =
                snapshot.revision() >= recent ? store.state() : store.archive().at(snapshot.revision());
        return state.root(path.root()).version(stamp);
    }

    @Override
    public List<Long> versions(String root) {
        sight.requireSome(Path.of(root));
        var log = store.state().root(root);
        if (log.current() < 0) {
            throw new TegaException.NotFound(Path.of(root), "there never was a root '" + Path.of(root) + "'");
        }
        var oldest = store.oldest();
        var versions = new ArrayList<Long>();
        for (var i = 0; i < log.size() - 1; i++) {
            if (log.revisionAt(i) >= oldest
                    && log.current() - log.versionAt(i) <= store.options().history()) {
                versions.add(log.versionAt(i));
            }
        }
        return versions;
    }

    @Override
    public List<Commit> log(Path path, long from, int limit) {
        sight.requireSome(path);
        var found = new ArrayList<Commit>();
        var at = Math.min(from, store.state().revision());
        var oldest = store.oldest();
        while (found.size() < limit && at > oldest) {
            var entry = store.chronicle().until(at);
            if (entry == null) {
                older(path, at, oldest, limit - found.size(), found);
                break;
            }
            // Nothing at or below the node, or where it would be, has changed since this stamp.
            at = Math.min(entry.revision(), stampAbove(entry.after(), path));
            var hit = at == entry.revision() ? entry : store.chronicle().get(at);
            if (hit == null) {
                continue;
            }
            if (isHistory(hit.commit()) && hit.commit().touches(path)) {
                add(path, hit.commit(), hit.before(), found);
            }
            at--;
        }
        return found;
    }

    /** Adds the commit, unless nothing that it did to {@code path} is seen. */
    private void add(Path path, Commit commit, State before, Collection<Commit> found) {
        var seen = sight.of(commit, before.visible().tree());
        if (seen.touches(path)) {
            found.add(seen);
        }
    }

    private static boolean isHistory(Commit commit) {
        return !commit.ephemeral();
    }

    /** The stamp of the node, or of the nearest node above it. */
    private static long stampAbove(State state, Path path) {
        for (var depth = path.depth(); depth > 0; depth--) {
            var stamp = state.durable().stamp(path.first(depth));
            if (stamp >= 0) {
                return stamp;
            }
        }
        return state.durable().stamp();
    }

    /** Goes on in the log, which can be read forwards only. */
    private void older(Path path, long from, long oldest, int limit, List<Commit> found) {
        var newest = new ArrayDeque<Commit>();
        // Whoever sees a part of an edit needs to know what was there before; whoever sees all does not.
        var state = sight.seesAll() ? State.EMPTY : store.archive().at(oldest);
        try (var commits = store.log().read(oldest + 1)) {
            while (commits.hasNext()) {
                var commit = commits.next();
                if (commit.revision() > from) {
                    break;
                }
                if (isHistory(commit) && commit.touches(path)) {
                    add(path, commit, state, newest);
                    if (newest.size() > limit) {
                        newest.remove();
                    }
                }
                state = sight.seesAll() ? state : Store.replayed(commit, state).after();
            }
        }
        newest.descendingIterator().forEachRemaining(commit -> found.add(whole(store, commit)));
    }

    /** A commit as it was: what it says of versions follows from its edits. */
    static Commit whole(Store store, Commit commit) {
        var versions = new LinkedHashMap<String, Long>();
        if (commit.kind() != CommitKind.CLEAR) {
            for (var root : PendingCommit.durableRoots(commit.edits())) {
                var version = store.state().root(root).version(commit.revision());
                if (version >= 0) {
                    versions.put(root, version);
                }
            }
        }
        return new Commit(
                commit.revision(),
                commit.time(),
                commit.by(),
                commit.origin(),
                commit.kind(),
                commit.message(),
                commit.refersTo(),
                commit.edits(),
                commit.notes(),
                commit.confirm(),
                versions,
                commit.sources());
    }

    @Override
    public Commit commit(long revision) {
        sight.requireSome(Path.EMPTY);
        var commit = known(revision);
        var entry = store.chronicle().get(revision);
        var before = entry != null
                ? entry.before()
                : sight.seesAll() ? State.EMPTY : store.archive().at(revision - 1);
        var seen = sight.of(commit, before.visible().tree());
        if (!Sight.concerns(seen, commit)) {
            throw new TegaException.Forbidden(
                    Path.EMPTY,
                    sight.identity().author() + " has no read grant for anything that revision " + revision
                            + " changed; somebody with an admin grant can give it");
        }
        return seen;
    }

    private Commit known(long revision) {
        var last = store.state().revision();
        if (revision < 1 || revision > last) {
            throw new TegaException.NotFound("there is no revision " + revision + "; the last one is " + last);
        }
        var entry = store.chronicle().get(revision);
        if (entry != null) {
            return entry.commit();
        }
        var oldest = store.oldest();
        if (revision <= oldest) {
            throw new TegaException.Compacted(
                    "the commit of revision " + revision
                            + " is no longer kept; the oldest revision that can be read is " + oldest,
                    oldest);
        }
        try (var commits = store.log().read(revision)) {
            if (commits.hasNext()) {
                var commit = commits.next();
                if (commit.revision() == revision) {
                    return whole(store, commit);
                }
            }
        }
        throw new TegaException.NotFound("revision " + revision + " was in memory only and left nothing to read");
    }

    @Override
    public List<Edit> diff(long from, long to, Path path) {
        sight.requireSome(path);
        var archive = store.archive();
        var before = archive.at(from).durable();
        var after = archive.at(to).durable();
        return sight.seesAll(path) ? before.diff(after, path) : sight.of(before).diff(sight.of(after), path);
    }

    @Override
    public List<Blame> blame(Path path) {
        return new Blaming(store, sight).blame(path);
    }

    @Override
    public Commit rollback(String root, long version) {
        var path = Path.of(root);
        sight.require(Action.WRITE, path);
        var revision = revision(root, version);
        var target = store.archive().at(revision).durable();
        return sight.own(store.commit(Intent.of(actor, CommitKind.ROLLBACK, new Operation.Restore(path, target))
                .about(revision)));
    }

    @Override
    public Commit revert(long revision) {
        var commit = known(revision);
        if (commit.kind() == CommitKind.CLEAR) {
            throw new TegaException.Invalid(
                    "revision " + revision + " removed everything with its history; that cannot be undone");
        }
        var after = store.archive().at(revision).durable();
        var before = store.archive().at(revision - 1).durable();
        var undo = new ArrayList<Edit>();
        for (var root : PendingCommit.durableRoots(commit.edits())) {
            undo.addAll(after.diff(before, Path.of(root)));
        }
        if (undo.isEmpty()) {
            throw new TegaException.Invalid("revision " + revision + " changed nothing that could be undone");
        }
        undo.forEach(edit -> sight.require(Action.WRITE, edit.path()));
        return sight.own(store.commit(Intent.of(actor, CommitKind.REVERT, new Operation.Revert(undo, after))
                .about(revision)));
    }

    @Override
    public Commit tag(String name, long revision) {
        sight.require(Action.WRITE, Path.EMPTY);
        store.measure().tag(name);
        store.archive().at(revision);
        return sight.own(store.commit(Intent.of(actor, CommitKind.TAG, new Operation.Tag(name))
                .about(revision)
                .saying(name)));
    }

    @Override
    public Map<String, Long> tags() {
        sight.requireSome(Path.EMPTY);
        var tags = new TreeMap<String, Long>();
        store.state().tags().forEach(tags::put);
        return tags;
    }
}
