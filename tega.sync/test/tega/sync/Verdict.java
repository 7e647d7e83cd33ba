package tega.sync;

import static tega.sync.Ledger.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.TreeMap;
import tega.api.Path;

/** What must be true of a world when nothing has gone wrong for a while. */
final class Verdict {
    private final World world;

    Verdict(World world) {
        this.world = world;
    }

    void pronounce() {
        same();
        nothingIsLost();
        inOrder();
        ephemeralNodesAreThose();
        world.ledger.checkCalls();
        callsAreAnswered();
        messagesArriveOnce();
        nothingMoves();
        whoIsGoneIsGone();
    }

    private void same() {
        for (var root : world.roots()) {
            var home = world.home(root);
            for (var machine : world.machines()) {
                if (world.has(machine, root)) {
                    check(
                            machine.get(root).equals(home.get(root)),
                            "%s is %s at %s and %s at home",
                            root,
                            machine.get(root),
                            machine.name(),
                            home.get(root));
                }
            }
        }
    }

    private void nothingIsLost() {
        var made = new TreeMap<String, Integer>();
        var conflicts = new StringBuilder();
        for (var machine : world.machines()) {
            machine.made.forEach((token, times) -> made.merge(token, times, Integer::sum));
            conflicts.append(machine.node().conflictList());
        }
        if (world.machines().stream().noneMatch(machine -> machine.missed)) {
            world.ledger.checkWrites(made, conflicts.toString());
        }
    }

    /** What only its home writes is, commit by commit, the same above. */
    private void inOrder() {
        var global = world.global();
        var pictures = 0L;
        for (var machine : world.machines()) {
            pictures += machine.pictures + machine.node().figures.pictures.sum();
        }
        if (pictures > 0 || global.restored || global.missed) {
            return;
        }
        for (var local : world.locals()) {
            var there = local.history.get(local.own());
            var here = global.history.get(local.own());
            check(
                    local.missed || (there != null && there.equals(here)),
                    "%s of %s came as %s",
                    there,
                    local.name(),
                    here);
        }
    }

    private void ephemeralNodesAreThose() {
        for (var local : world.locals()) {
            var there = local.leases(local.own());
            var here = world.global().leases(local.own());
            check(here.equals(there), "%s has %s, and global %s", local.name(), there, here);
        }
    }

    private void callsAreAnswered() {
        var calls = new ArrayList<Ledger.Call>();
        for (var from : world.machines()) {
            for (var to : world.machines()) {
                for (var times = 0; times < 4; times++) {
                    calls.add(world.call(from, Path.of(to.name(), "work")));
                }
                if (world.locals().contains(to)) {
                    calls.add(world.call(from, Path.of(to.own(), "rpc")));
                }
            }
        }
        world.clock.pass(Duration.ofSeconds(5));
        for (var call : calls) {
            check(call.outcome != null && call.outcome.startsWith("result "), "%s, and nothing is wrong", call);
        }
        world.ledger.checkCalls();
    }

    private void messagesArriveOnce() {
        for (var from : world.machines()) {
            var message = world.publish(from);
            world.clock.pass(Duration.ofSeconds(1));
            for (var to : world.machines()) {
                check(
                        world.ledger.heardBy(to.name(), message) == 1,
                        "what %s published did not reach %s",
                        from.name(),
                        to.name());
            }
        }
    }

    private void nothingMoves() {
        var before = new TreeMap<String, Long>();
        world.machines()
                .forEach(machine ->
                        before.put(machine.name(), machine.db.snapshot().revision()));
        var frames = world.net.frames;
        world.clock.pass(Duration.ofMinutes(2));
        for (var machine : world.machines()) {
            var now = machine.db.snapshot().revision();
            check(now == before.get(machine.name()), "%s goes on committing: %s", machine.name(), now);
        }
        var sent = world.net.frames - frames;
        check(sent <= 8L * world.machines().size(), "%s frames in two minutes of silence", sent);
    }

    /** The ephemeral nodes of a server that is out of reach go, and come again with it. */
    private void whoIsGoneIsGone() {
        var local = world.locals().get(0);
        local.client(new java.util.SplittableRandom(1));
        world.clock.pass(Duration.ofSeconds(2));
        var there = local.leases(local.own());
        check(world.global().leases(local.own()).equals(there), "%s did not come up", there);
        world.net.silence(local.name());
        world.clock.pass(Duration.ofSeconds(100));
        check(
                world.global().leases(local.own()).isEmpty(),
                "%s is out of reach and %s is there",
                local.name(),
                world.global().leases(local.own()));
        world.net.heal(local.name());
        world.clock.pass(Duration.ofSeconds(60));
        ephemeralNodesAreThose();
    }
}
