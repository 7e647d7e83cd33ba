package tega.plugins.nlan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import tega.api.Change;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Transaction;
import tega.api.Value;
import tega.api.plugin.Candidate;

/** All labs of this server: hears what is committed, has it made, and goes back to a revision where the tree says so. */
final class Labs {
    private static final System.Logger LOG = System.getLogger(Labs.class.getName());
    private static final String REVISION = "revision";

    private final Tega tega;
    private final Function<String, LabKeeper> maker;
    private final Observer observer;
    private final Executor background;
    private final Map<String, LabKeeper> keepers = new ConcurrentHashMap<>();

    /** @param maker makes the keeper of a lab of this name */
    Labs(Tega tega, Function<String, LabKeeper> maker, Observer observer, Executor background) {
        this.tega = tega;
        this.maker = maker;
        this.observer = observer;
        this.background = background;
    }

    LabKeeper keeper(String name) {
        return keepers.computeIfAbsent(name, maker);
    }

    List<Lab> all() {
        return Lab.all(tega.snapshot().tree());
    }

    /** The one lab there is, or that of this name. */
    Lab lab(String name) {
        var all = all();
        if (name.isEmpty() && all.size() == 1) {
            return all.get(0);
        }
        var wanted = name.isEmpty() ? "lab" : name;
        return all.stream()
                .filter(lab -> lab.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new TegaException.NotFound(
                        Lab.LABS.child(wanted), "there is no lab '" + wanted + "': nlan up makes one"));
    }

    /** Makes all labs what they are to be, those that were cut off first gone back. */
    void begin(List<String> journals) {
        var names = new TreeSet<>(journals);
        all().forEach(lab -> names.add(lab.name()));
        names.forEach(name -> background.execute(() -> {
            try {
                keeper(name).recover();
                keeper(name).reconcile();
                observe();
            } catch (IOException | TegaException e) {
                LOG.log(System.Logger.Level.WARNING, "the lab '" + name + "' cannot be made: " + e.getMessage());
            }
        }));
    }

    /** A commit that has to do with a lab. */
    void changed(Change change) {
        var mine = change.commit().by().tegaId().equals(tega.identity().tegaId());
        var before = revisions(change.before());
        var after = revisions(change.after());
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        var configured =
                change.edits().stream().anyMatch(edit -> !edit.path().root().equals("nlan"));
        for (var name : names) {
            var now = after.getOrDefault(name, 0L);
            if (!mine && now != 0 && !now.equals(before.getOrDefault(name, 0L)) && !configured) {
                restore(name, now);
            } else if (configured
                    && after.containsKey(name)
                    && isKeeper(change.after(), name)
                    && isNews(change, name, now)) {
                tega.put(
                        Lab.LABS.child(name).child(REVISION),
                        Value.of(change.commit().revision()));
            }
            background.execute(() -> reconcile(name));
        }
    }

    /** Whether the routers are not what they were at the revision that is kept: after going back they are. */
    private boolean isNews(Change change, String name, long kept) {
        if (kept == 0) {
            return true;
        }
        try {
            var then = tega.history().at(kept);
            var lab = Lab.all(change.after().tree()).stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst();
            return lab.isEmpty()
                    || roots(lab.get(), then, change.after()).stream()
                            .map(Path::of)
                            .anyMatch(root ->
                                    !then.get(root).equals(change.after().get(root)));
        } catch (TegaException e) {
            return true; // That revision is no longer kept.
        }
    }

    private static Map<String, Long> revisions(Snapshot snapshot) {
        var revisions = new TreeMap<String, Long>();
        Lab.all(snapshot.tree()).forEach(lab -> revisions.put(lab.name(), lab.revision()));
        return revisions;
    }

    /** Where each router has a server, the one that is none of them keeps what there is one of. */
    private boolean isKeeper(Snapshot snapshot, String name) {
        return Lab.all(snapshot.tree()).stream()
                .filter(lab -> lab.name().equals(name))
                .anyMatch(lab -> !lab.devices()
                        || lab.models(snapshot.tree()).stream()
                                .noneMatch(model -> model.name().equals(tega.serverId())));
    }

    private void reconcile(String name) {
        try {
            keeper(name).reconcile();
            observe();
        } catch (IOException | TegaException e) {
            LOG.log(System.Logger.Level.WARNING, "the lab '" + name + "' cannot be made: " + e.getMessage());
        }
    }

    /** Makes the routers' configuration what it was at {@code revision}. */
    void restore(String name, long revision) {
        var then = tega.history().at(revision);
        var now = tega.snapshot();
        if (!isKeeper(now, name)) {
            return;
        }
        var lab = lab(name);
        try (var transaction = tega.begin()) {
            var changes = put(transaction, lab, then, now);
            if (changes > 0) {
                transaction
                        .message("the lab '" + name + "' goes back to revision " + revision)
                        .commit();
            }
        }
    }

    private static int put(Transaction transaction, Lab lab, Snapshot then, Snapshot now) {
        var changes = 0;
        for (var root : roots(lab, then, now)) {
            var path = Path.of(root);
            var value = then.get(path);
            if (!value.equals(now.get(path))) {
                changes++;
                value.ifPresentOrElse(old -> transaction.put(path, old), () -> transaction.delete(path));
            }
        }
        return changes;
    }

    /** The roots that say what the lab is, in one snapshot or the other. */
    private static Set<String> roots(Lab lab, Snapshot then, Snapshot now) {
        var roots = new TreeSet<>(Set.of("ip"));
        for (var snapshot : List.of(then, now)) {
            snapshot.tree().top().forEach(root -> {
                var isMine = lab.routers().isEmpty()
                        || lab.routers().contains(root.name().replaceFirst("^" + RouterModel.ROOT, ""));
                if (root.name().startsWith(RouterModel.ROOT) && isMine && Lab.isRouter(root.value())) {
                    roots.add(root.name());
                }
            });
        }
        return roots;
    }

    /** Looks after drift, and at what the routers have learnt. */
    void round() {
        for (var lab : all()) {
            try {
                keeper(lab.name()).drift();
            } catch (IOException | TegaException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the lab '" + lab.name() + "' cannot be looked at: " + e.getMessage());
            }
        }
        try {
            observe();
        } catch (IOException | TegaException e) {
            LOG.log(System.Logger.Level.WARNING, "the routers cannot be looked at: " + e.getMessage());
        }
    }

    /** Where the routers are that are on this machine. */
    Map<String, Observer.Post> posts() {
        var tree = tega.snapshot().tree();
        var posts = new TreeMap<String, Observer.Post>();
        for (var lab : Lab.all(tree)) {
            for (var model : lab.enabled() ? lab.models(tree) : List.<RouterModel>of()) {
                if (!lab.devices() || model.name().equals(tega.serverId())) {
                    posts.put(model.name(), new Observer.Post(lab.name(), lab.space(model.name())));
                }
            }
        }
        return posts;
    }

    /** Brings what is known of the routers up to date, and the pictures of it. */
    synchronized void observe() throws IOException {
        var looked = observer.look(posts());
        try (var transaction = tega.begin()) {
            var changes = 0;
            for (var router : looked.entrySet()) {
                // What no daemon tells any more is not known any more.
                for (var part : List.of("bgp", "ospf", "bfd")) {
                    var path = Path.of("operational-" + router.getKey(), part);
                    if (!router.getValue().has(part)
                            && transaction.base().get(path).isPresent()) {
                        transaction.delete(path);
                        changes++;
                    }
                }
                for (var part : router.getValue()) {
                    changes += put(transaction, Path.of("operational-" + router.getKey(), part.name()), part.value());
                }
            }
            if (changes > 0) {
                transaction.commit();
            }
        }
        var tree = tega.snapshot().tree();
        var mine = all().stream()
                .filter(lab -> isKeeper(tega.snapshot(), lab.name()))
                .toList();
        if (!mine.isEmpty()) {
            var graph = Graph.of(
                    mine.stream().flatMap(lab -> lab.models(tree).stream()).toList(), tree);
            try (var transaction = tega.begin()) {
                var changes = put(transaction, Path.of("graph", "nlan"), graph.value());
                changes += put(transaction, Path.of("graph", "subnets"), Graph.subnets(tree));
                changes += put(transaction, Path.of("topo"), graph.topo());
                if (changes > 0) {
                    transaction.commit();
                }
            }
        }
    }

    private static int put(Transaction transaction, Path path, Value value) {
        if (transaction.base().get(path).equals(Optional.of(value))) {
            return 0;
        }
        transaction.put(path, value);
        return 1;
    }

    /** What is wrong with all routers that there are. */
    static List<Lint.Finding> lint(Snapshot snapshot) {
        return Lint.of(new Lab("lint", List.of(), false, true, true, 0).models(snapshot.tree()));
    }

    /** Looks at a commit before it happens. */
    static void guard(Candidate candidate) {
        var touched = new TreeSet<String>();
        candidate.edits().forEach(edit -> touched.add(edit.path().root()));
        try {
            if (candidate.after().get(Lab.LABS) instanceof ObjectValue labs) {
                labs.forEach(lab -> Lab.read(lab.name(), lab.value()));
            }
            var models = new ArrayList<RouterModel>();
            for (var root : candidate.after().top()) {
                if (root.name().startsWith(RouterModel.ROOT) && Lab.isRouter(root.value())) {
                    models.add(RouterModel.read(root.name().substring(RouterModel.ROOT.length()), root.value()));
                }
            }
            for (var finding : Lint.of(models)) {
                if (touched.contains(finding.path().root())) {
                    if (finding.fatal()) {
                        candidate.refuse(finding.path(), finding.toString());
                    } else {
                        candidate.note(finding.path(), finding.toString());
                    }
                }
            }
        } catch (TegaException.Invalid e) {
            var at = e.path() == null ? Lab.LABS : e.path();
            if (touched.contains(at.root())) {
                candidate.refuse(at, e.getMessage());
            }
        }
    }
}
