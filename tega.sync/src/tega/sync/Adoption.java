package tega.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Source;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.spi.Foreign;
import tega.api.spi.Replication;

/**
 * Makes what the home of some roots has committed true here: exactly once, for how far it has come is in the commits themselves,
 * and without losing sight of what is pending. All on the lane of the peer.
 */
final class Adoption {
    private static final int TRIES = 8;
    private static final int PIECE = 2000;
    private static final int CLEAN_EVERY = 1000;

    private final SyncNode node;
    private final String stream;
    private final Set<String> roots;
    private final Pending pending;
    private long cleanTold;

    Adoption(SyncNode node, String stream, Set<String> roots, Pending pending) {
        this.node = node;
        this.stream = stream;
        this.roots = roots;
        this.pending = pending;
    }

    /** Takes over commits in order; those it has are left out. The commits as they were made here, for those that were. */
    List<Commit> commits(List<Projection.Told> told) {
        var made = new ArrayList<Commit>(told.size());
        var rest = told;
        for (var i = 0; ; i++) {
            pending.drain();
            try {
                if (pending.isEmpty() && !pending.isShadowLost()) {
                    made.addAll(asTheyAre(rest));
                    return made;
                }
                while (!rest.isEmpty()) {
                    var commit = underPending(rest.get(0));
                    if (commit != null) {
                        made.add(commit);
                    }
                    rest = rest.subList(1, rest.size());
                    if (pending.isEmpty()) {
                        break;
                    }
                }
                if (rest.isEmpty()) {
                    return made;
                }
            } catch (TegaException.Conflict e) {
                // Something was written here meanwhile.
                if (i >= TRIES) {
                    throw e;
                }
            }
        }
    }

    private List<Commit> asTheyAre(List<Projection.Told> told) {
        var base = node.replication().standing();
        var after = base.position(stream);
        var train = new ArrayList<Foreign>(told.size());
        for (var each : told) {
            var commit = each.commit();
            if (commit.revision() <= after.revision() && after.revision() != 0) {
                continue;
            }
            var source = new Source(stream, commit.revision(), each.mark());
            var sources = sources(each, source);
            train.add(new Foreign(
                    commit.by(),
                    commit.time(),
                    commit.origin(),
                    kind(each),
                    commit.message(),
                    all(commit.edits(), each.ephemeral()),
                    commit.notes(),
                    after,
                    sources,
                    train.isEmpty() ? untouched(base, pending.read()) : List.of(),
                    true));
            after = sources.isEmpty() ? after : source;
        }
        var made = train.isEmpty() ? List.<Commit>of() : node.replication().commit(train);
        made.forEach(pending::adopted);
        return made;
    }

    private List<Source> sources(Projection.Told told, Source source) {
        if (!told.isDurable()) {
            return List.of();
        }
        var sources = new ArrayList<Source>();
        sources.add(source);
        sources.addAll(told.commit().sources());
        if (pending.read() - cleanTold > CLEAN_EVERY && pending.isEmpty()) {
            cleanTold = pending.read();
            sources.add(new Source(Streams.clean(stream), cleanTold, ""));
        }
        return sources;
    }

    private static CommitKind kind(Projection.Told told) {
        var commit = told.commit();
        return commit.edits().isEmpty() && told.isDurable() ? CommitKind.MERGE : commit.kind();
    }

    private static List<Edit> all(List<Edit> durable, List<Edit> ephemeral) {
        if (ephemeral.isEmpty()) {
            return durable;
        }
        var all = new ArrayList<>(durable);
        all.addAll(ephemeral);
        return all;
    }

    /** That nobody has written to the roots here since {@code revision}. */
    private List<Foreign.Condition> untouched(Replication.Standing base, long revision) {
        var conditions = new ArrayList<Foreign.Condition>();
        for (var root : roots) {
            var path = Path.of(root);
            var stamp = base.snapshot().tree().stamp(path);
            conditions.add(new Foreign.Unchanged(path, stamp >= 0, Math.max(revision, leased(base, path, revision))));
        }
        return conditions;
    }

    /** An ephemeral node stamps its root too, and is nothing pending: what is durable counts. */
    private static long leased(Replication.Standing base, Path root, long revision) {
        var durable = base.durable().stamp(root);
        var visible = base.snapshot().tree().stamp(root);
        return visible > durable && durable <= revision ? visible : 0;
    }

    /** One commit, with what is pending kept on top of it. */
    private @Nullable Commit underPending(Projection.Told told) {
        var base = node.replication().standing();
        var after = base.position(stream);
        var commit = told.commit();
        if (commit.revision() <= after.revision() && after.revision() != 0) {
            return null;
        }
        var shadow = pending.shadow();
        var merged = commit.source(pending.name());
        var mergedUpTo = merged == null ? 0 : merged.revision();
        var home = shadow == null ? base.durable() : shadow;
        for (var edit : commit.edits()) {
            home = home.apply(edit, commit.revision());
        }
        var edits = difference(base.durable(), pending.onTop(home, mergedUpTo));
        var sources = new ArrayList<>(sources(told, new Source(stream, commit.revision(), told.mark())));
        if (!sources.isEmpty()) {
            sources.add(new Source(Streams.rebased(stream), commit.revision(), ""));
        }
        var made = node.replication()
                .commit(List.of(new Foreign(
                        commit.by(),
                        commit.time(),
                        commit.origin(),
                        edits.isEmpty() && told.isDurable() ? CommitKind.MERGE : commit.kind(),
                        commit.message(),
                        all(edits, told.ephemeral()),
                        commit.notes(),
                        after,
                        sources,
                        untouched(base, pending.read()),
                        true)))
                .get(0);
        pending.adopted(made);
        pending.drop(mergedUpTo);
        pending.advance(shadow == null ? null : home);
        return made;
    }

    private List<Edit> difference(Tree from, Tree to) {
        var edits = new ArrayList<Edit>();
        for (var root : roots) {
            edits.addAll(from.diff(to, Path.of(root)));
        }
        return edits;
    }

    /** All the roots are at the home as they are in {@code picture}; that is how it is at {@code source}. */
    void picture(Tree picture, Source source) {
        for (var i = 0; ; i++) {
            pending.drain();
            var base = node.replication().standing();
            var edits = difference(base.durable(), pending.onTop(picture, 0));
            try {
                write(base, edits, source);
                pending.found();
                pending.advance(picture);
                return;
            } catch (TegaException.Conflict e) {
                if (i >= TRIES) {
                    throw e;
                }
            }
        }
    }

    /** In several commits when it is much; only the last one tells how far this has come. */
    private void write(Replication.Standing base, List<Edit> edits, Source source) {
        var train = new ArrayList<Foreign>();
        var rebased = new Source(Streams.rebased(stream), source.revision(), "");
        var from = 0;
        do {
            var to = Math.min(edits.size(), from + PIECE);
            var last = to == edits.size();
            train.add(new Foreign(
                    new Identity("tega", node.id()),
                    null,
                    null,
                    CommitKind.MERGE,
                    "as it is at the server where it lives",
                    edits.subList(from, to),
                    List.of(),
                    last ? base.position(stream) : null,
                    last ? List.of(source, rebased) : List.of(rebased),
                    from == 0 ? untouched(base, pending.read()) : List.of(),
                    true));
            from = to;
        } while (from < edits.size());
        node.replication().commit(train).forEach(pending::adopted);
    }

    /** What is pending up to {@code revision} is merged, and the stream will not tell of it. */
    void merged(long revision) {
        for (var i = 0; ; i++) {
            pending.drain();
            var base = node.replication().standing();
            var mine = base.position(pending.name());
            if (mine.revision() >= revision) {
                break;
            }
            var shadow = pending.shadow();
            var edits = shadow == null ? List.<Edit>of() : difference(base.durable(), pending.onTop(shadow, revision));
            try {
                node.replication()
                        .commit(List.of(new Foreign(
                                new Identity("tega", node.id()),
                                null,
                                null,
                                CommitKind.MERGE,
                                null,
                                edits,
                                List.of(),
                                mine,
                                List.of(
                                        new Source(pending.name(), revision, ""),
                                        new Source(Streams.rebased(stream), revision, "")),
                                untouched(base, pending.read()),
                                true)))
                        .forEach(pending::adopted);
                break;
            } catch (TegaException.Conflict e) {
                if (i >= TRIES) {
                    throw e;
                }
            }
        }
        pending.drop(revision);
        pending.advance(pending.shadow());
    }

    /** The ephemeral nodes of the roots are these and no others. */
    void leases(List<Edit> edits) {
        var base = node.replication().standing();
        var there = new TreeMap<Path, Edit.Put>();
        for (var edit : edits) {
            if (edit instanceof Edit.Put put && roots.contains(put.path().root())) {
                there.put(put.path(), put);
            }
        }
        var changes = new ArrayList<Edit>();
        for (var root : roots) {
            base.leases(Path.of(root)).forEach((path, owner) -> {
                var put = there.get(path);
                if (put == null) {
                    changes.add(new Edit.Delete(path, true));
                } else if (owner.equals(put.owner())
                        && put.value().equals(base.snapshot().tree().get(path))) {
                    there.remove(path);
                }
            });
        }
        changes.addAll(there.values());
        if (!changes.isEmpty()) {
            node.replication()
                    .commit(List.of(new Foreign(
                            new Identity("tega", node.id()),
                            null,
                            null,
                            CommitKind.LEASE,
                            null,
                            changes,
                            List.of(),
                            null,
                            List.of(),
                            List.of(),
                            true)));
        }
    }
}
