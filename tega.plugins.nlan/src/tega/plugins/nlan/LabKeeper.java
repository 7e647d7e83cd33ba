package tega.plugins.nlan;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.plugins.net.Applier;
import tega.plugins.net.Network;
import tega.plugins.net.Op;
import tega.plugins.net.Outcome;

/**
 * Makes one lab on this machine what the tree says. One thread at a time works on the machine; who comes meanwhile waits, and
 * what was committed meanwhile is made together. A wish that failed is not tried again until it is another one.
 */
final class LabKeeper {
    private static final Path IP = Path.of("ip");

    private final String name;
    private final Tega tega;
    private final Applier applier;
    private final LabStatus status;
    private final ReentrantLock busy = new ReentrantLock();

    /** Who was told something of: they are told when they go, too. */
    private final TreeSet<String> known = new TreeSet<>();

    private long failed = -1;

    LabKeeper(String name, Tega tega, Applier applier) {
        this.name = name;
        this.tega = tega;
        this.applier = applier;
        this.status = new LabStatus(tega);
    }

    /** The lab as the tree has it now; {@code NOT_FOUND} when it is not there. */
    Lab lab() {
        return find(tega.snapshot())
                .orElseThrow(() -> new TegaException.NotFound(
                        Lab.LABS.child(name), "there is no lab '" + name + "': nlan up makes one"));
    }

    private Optional<Lab> find(Snapshot snapshot) {
        return Lab.all(snapshot.tree()).stream()
                .filter(lab -> lab.name().equals(name))
                .findFirst();
    }

    private Lab gone() {
        return new Lab(name, List.of(), false, false, true, 0);
    }

    /** The last commit that has to do with the lab: a pin of the revision alone is none. */
    static long generation(Snapshot snapshot, Lab lab) {
        var newest = snapshot.revision(IP).orElse(0);
        for (var member : snapshot.tree().top()) {
            if (member.name().startsWith(RouterModel.ROOT)) {
                var router = member.name().substring(RouterModel.ROOT.length());
                if (lab.routers().isEmpty() || lab.routers().contains(router)) {
                    newest = Math.max(
                            newest, snapshot.revision(Path.of(member.name())).orElse(0));
                }
            }
        }
        for (var setting : List.of("routers", "mode", "enabled", "drift")) {
            newest = Math.max(
                    newest,
                    snapshot.revision(Lab.LABS.child(lab.name()).child(setting)).orElse(0));
        }
        return newest;
    }

    private Network wanted(Lab lab, Snapshot snapshot) {
        return lab.devices() ? lab.device(snapshot.tree(), tega.serverId()) : lab.wanted(snapshot.tree());
    }

    private List<String> routers(Lab lab, Snapshot snapshot) {
        return lab.models(snapshot.tree()).stream()
                .map(RouterModel::name)
                .filter(router -> !lab.devices() || router.equals(tega.serverId()))
                .toList();
    }

    /** Goes back from what was cut off by the end of a server. */
    Optional<Outcome> recover() throws IOException {
        busy.lock();
        try {
            return applier.recover();
        } finally {
            busy.unlock();
        }
    }

    /** What would be done. */
    List<Op> plan() throws IOException {
        busy.lock();
        try {
            var snapshot = tega.snapshot();
            return applier.plan(wanted(find(snapshot).orElse(gone()), snapshot)).ops();
        } finally {
            busy.unlock();
        }
    }

    /** The same for the tree as it was at another revision. */
    List<Op> plan(Snapshot snapshot) throws IOException {
        busy.lock();
        try {
            return applier.plan(wanted(lab(), snapshot)).ops();
        } finally {
            busy.unlock();
        }
    }

    /** Makes it so, even what failed before. */
    Outcome apply() throws IOException {
        busy.lock();
        try {
            failed = -1;
            return work();
        } finally {
            busy.unlock();
        }
    }

    /** Makes it so, unless that failed before and nothing has changed. */
    void reconcile() throws IOException {
        busy.lock();
        try {
            var snapshot = tega.snapshot();
            var lab = find(snapshot).orElse(gone());
            if (generation(snapshot, lab) != failed) {
                work();
            }
        } finally {
            busy.unlock();
        }
    }

    /** Looks whether somebody has changed what is there; puts it right where that is wanted. Tells what differed. */
    List<Op> drift() throws IOException {
        busy.lock();
        try {
            var snapshot = tega.snapshot();
            var lab = find(snapshot).orElse(gone());
            var generation = generation(snapshot, lab);
            if (generation == failed || !lab.enabled()) {
                return List.of();
            }
            var ops = applier.plan(wanted(lab, snapshot)).ops();
            if (!ops.isEmpty() && lab.repair()) {
                work();
            } else if (!ops.isEmpty()) {
                status.put(lab, routers(lab, snapshot), "drifted", generation, ops, "", "");
            }
            return ops;
        } finally {
            busy.unlock();
        }
    }

    private Outcome work() throws IOException {
        while (true) {
            var snapshot = tega.snapshot();
            var lab = find(snapshot).orElse(gone());
            var generation = generation(snapshot, lab);
            var outcome = work(lab, snapshot, generation);
            if (!outcome.good()) {
                failed = generation;
                return outcome;
            }
            var now = tega.snapshot();
            if (generation(now, find(now).orElse(gone())) == generation) {
                return outcome;
            }
        }
    }

    private Outcome work(Lab lab, Snapshot snapshot, long generation) throws IOException {
        var all = find(snapshot).isEmpty() ? List.<String>of() : routers(lab, snapshot);
        var routers = lab.enabled() ? all : List.<String>of();
        var left = new TreeSet<>(known);
        left.addAll(all);
        left.removeAll(routers);
        Outcome outcome;
        try {
            outcome = applier.apply(wanted(lab, snapshot), plan -> {
                if (!plan.isEmpty()) {
                    status.put(lab, routers, "applying", generation, plan.ops(), "", "");
                }
            });
        } catch (TegaException e) {
            status.put(lab, routers, "failed", generation, List.of(), "", e.getMessage());
            failed = generation;
            throw e;
        }
        known.addAll(routers);
        if (outcome.state() != Outcome.State.UNCHANGED || !isVerified(routers)) {
            status.ended(lab, routers, generation, outcome);
        }
        if (outcome.good() && !left.isEmpty()) {
            status.put(lab, left, "absent", generation, List.of(), "", "");
            known.removeAll(left);
        }
        return outcome;
    }

    private boolean isVerified(List<String> routers) {
        return routers.stream().allMatch(router -> tega.get(Path.of("status-" + router, "phase"))
                .equals(Optional.of(Value.of("verified"))));
    }
}
