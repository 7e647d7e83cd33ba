package tega.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Value;
import tega.api.spi.Foreign;
import tega.api.spi.LogOptions;
import tega.log.Disk;

/**
 * One global server, some local ones, perhaps one between, with plugins and clients, on one thread: everything that happens
 * follows from a seed. First much goes wrong, then nothing any more, and then all must be as it should.
 */
final class World {
    static final String CONFIG = "cfg";
    private static final LogOptions SMALL = new LogOptions(8 << 10, 4 << 10, 0, 12, Duration.ZERO, 0);

    final Clock clock = new Clock();
    final Net net;
    final Ledger ledger = new Ledger();
    private final SplittableRandom random;
    private final Machine global;
    private final List<Machine> locals = new ArrayList<>();
    private final List<Machine> machines = new ArrayList<>();
    private final boolean restores;
    private final int danger;
    private boolean calm;
    private long digest = 1;
    private @Nullable Disk backup;

    World(long seed, Net.Tamper tamper) {
        random = new SplittableRandom(seed);
        net = new Net(clock, random.nextLong());
        net.tamper = tamper;
        net.uneven = random.nextInt(4) > 0;
        net.resent = random.nextInt(3) == 0 ? 0 : random.nextInt(30);
        net.delay = Duration.ofMillis(1 + random.nextInt(40));
        net.trace = line -> digest = digest * 31 + line.hashCode() + clock.nanos();
        danger = random.nextInt(4);
        restores = random.nextInt(6) == 0 || tamper == OldFault.COUNTERS_ARE_CONTENT;
        var compacts = random.nextInt(4) == 0;
        var count = 1 + random.nextInt(3);
        var middle = random.nextInt(4) == 0;
        global = add("global", null, Set.of(), Set.of());
        global.livesHere(CONFIG);
        if (middle) {
            add("region", "global", Set.of(CONFIG), Set.of());
        }
        for (var i = 1; i <= count; i++) {
            var above = middle && random.nextInt(3) > 0 ? "region" : "global";
            locals.add(add("l" + i, above, Set.of(CONFIG), Set.of("o" + i, "s" + i)));
        }
        if (compacts) {
            machines.forEach(machine -> {
                machine.logOptions = SMALL;
                machine.storeOptions = machine.storeOptions.inMemory(20);
            });
        }
    }

    private Machine add(String name, @Nullable String above, Set<String> config, Set<String> operational) {
        var machine = new Machine(this, name, above, config, operational, this::died);
        machines.add(machine);
        return machine;
    }

    /** What was to be seen on the network, as a number. */
    long digest() {
        return digest;
    }

    private void died(Machine machine) {
        ledger.died(machine);
        if (random.nextBoolean()) {
            net.cut(machine.name());
        } else {
            net.forget(machine.name());
        }
        machine.machineDisk.reboot(random);
        clock.after(Duration.ofMillis(calm ? 100 : random.nextInt(20_000)), () -> {
            machine.boot();
        });
    }

    /** All of it; throws an AssertionError where something is not as it should be. */
    void run() {
        machines.forEach(Machine::boot);
        clock.until("all are connected", this::isConnected);
        for (var steps = 40 + random.nextInt(80); steps > 0; steps--) {
            step();
            clock.pass(Duration.ofMillis(random.nextInt(20) == 0 ? random.nextInt(60_000) : random.nextInt(1200)));
            machines.forEach(Machine::observe);
        }
        calm();
        new Verdict(this).pronounce();
    }

    private void step() {
        var machine = machines.get(random.nextInt(machines.size()));
        var local = locals.get(random.nextInt(locals.size()));
        switch (random.nextInt(24)) {
            case 0 -> net.part(local.name());
            case 1, 2 -> net.heal(local.name());
            case 3 -> trouble(local);
            case 4 -> perish(machine);
            case 5, 6, 7 -> write(global, CONFIG);
            case 8, 9, 10, 11 -> write(machine, CONFIG);
            case 12, 13 -> write(local, local.own());
            case 14 -> write(local, "s" + local.name().substring(1));
            case 15 -> write(global, "s" + local.name().substring(1));
            case 16, 17 -> local.act(() -> local.client(random));
            case 18, 19 -> call(machine, machines.get(random.nextInt(machines.size())));
            case 20, 21 -> publish(machine);
            case 22 -> backUp();
            default -> several(machine);
        }
    }

    private void trouble(Machine local) {
        switch (random.nextInt(5)) {
            case 0 -> net.silence(local.name());
            case 1 -> net.forget(local.name());
            case 2 -> net.halve(local.name(), random.nextBoolean());
            case 3 -> net.hold(local.name(), Duration.ofMillis(random.nextInt(60_000)));
            default -> net.cut(local.name());
        }
    }

    private void perish(Machine machine) {
        if (random.nextInt(4) >= danger) {
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> machine.killed(net);
            case 1 -> machine.stopped(net);
            default -> machine.doom(1 + random.nextInt(12));
        }
    }

    private void backUp() {
        if (!restores) {
            return;
        }
        if (backup == null) {
            backup = global.machineDisk.copy();
        } else if (random.nextInt(3) == 0) {
            restore(backup);
        }
    }

    /** As many commits as the backup does not have, or more, and others, before anybody comes back. */
    private void restore(Disk from) {
        var before = global.isUp() ? global.db.snapshot().revision() : 0;
        locals.forEach(local -> net.part(local.name()));
        clock.pass(Duration.ofSeconds(1));
        ledger.excuseAll();
        global.restore(from, net);
        global.boot();
        for (var i = 0; i < 20 && global.isUp() && global.db.snapshot().revision() < before + 3; i++) {
            write(global, CONFIG);
            clock.pass(Duration.ofMillis(100));
        }
    }

    private void write(Machine at, String root) {
        var write = ledger.write(at, root);
        var key = random.nextInt(5);
        var path =
                switch (random.nextInt(6)) {
                    case 0 -> Path.of(root, "deep", "k" + random.nextInt(2));
                    case 1 -> Path.of(root, "deep");
                    default -> Path.of(root, "k" + key);
                };
        var edits = new ArrayList<Edit>();
        if (random.nextInt(5) == 0 && path.depth() == 2) {
            edits.add(Edit.put(path, Value.object("x", Value.of(write.token))));
        } else {
            edits.add(Edit.put(path, Value.of(write.token)));
        }
        if (random.nextInt(6) == 0) {
            edits.add(Edit.delete(Path.of(root, "k" + (key + 1) % 5)));
        }
        ask(at, write, edits);
    }

    private void ask(Machine at, Ledger.Write write, List<Edit> edits) {
        if (!at.isUp()) {
            write.outcome = Ledger.Outcome.REFUSED;
            write.why = "it is down";
            return;
        }
        var life = at.life();
        at.act(() -> at.node()
                .write(Foreign.write(new Identity("somebody", "cli"), edits))
                .whenComplete((commit, failure) -> {
                    if (life != null && !life.isOver()) {
                        Ledger.ended(write, failure);
                    }
                }));
    }

    /** Several writes at once, one behind the other. */
    private void several(Machine at) {
        for (var i = 2 + random.nextInt(6); i > 0; i--) {
            write(at, CONFIG);
        }
    }

    private void call(Machine from, Machine to) {
        if (from.isUp()) {
            var path = to.name().startsWith("l") && random.nextBoolean()
                    ? Path.of(to.own(), "rpc")
                    : Path.of(to.name(), "work");
            call(from, path);
        }
    }

    Ledger.@Nullable Call call(Machine from, Path path) {
        var life = from.life();
        if (life == null) {
            return null;
        }
        var call = ledger.call(from.name() + " calls " + path, life);
        from.act(() -> from.calls
                .as(new Identity("somebody", "cli"))
                .call(path, List.of(Value.of(call.token)), Value.object(), Duration.ofSeconds(3))
                .whenComplete((value, failure) -> {
                    if (!life.isOver()) {
                        Ledger.ended(call, value, failure);
                    }
                }));
        return call;
    }

    String publish(Machine from) {
        var message = ledger.token("m");
        from.act(() ->
                from.channels.as(new Identity("somebody", "cli")).publish(Path.of("news", "x"), Value.of(message)));
        return '"' + message + '"';
    }

    /** From now on nothing goes wrong any more; waits until all is settled. */
    private void calm() {
        calm = true;
        net.resent = 0;
        machines.forEach(machine -> machine.doom(Integer.MAX_VALUE));
        machines.forEach(machine -> net.heal(machine.name()));
        clock.pass(Duration.ofSeconds(21));
        machines.forEach(Machine::boot);
        try {
            clock.until("all are the same", () -> isConnected() && isSame());
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ": " + describe(), e);
        }
        clock.until("all is settled", ledger::isSettled);
        clock.pass(Duration.ofSeconds(90));
        machines.forEach(Machine::observe);
    }

    private boolean isConnected() {
        return machines.stream()
                .allMatch(machine ->
                        machine.isUp() && (machine == global || machine.node().isConnected()));
    }

    private boolean isSame() {
        for (var root : roots()) {
            var home = home(root).get(root);
            for (var machine : machines) {
                if (has(machine, root) && !machine.get(root).equals(home)) {
                    return false;
                }
            }
        }
        return machines.stream().allMatch(machine -> machine.node().allPeers().stream()
                .flatMap(peer -> peer.inflows().values().stream())
                .allMatch(inflow -> inflow.pendingCommits() == 0 && inflow.isLive()));
    }

    /** What everybody has; for the sentence that tells that they are not the same. */
    private String describe() {
        var all = new TreeMap<String, String>();
        for (var machine : machines) {
            all.put(
                    machine.name(),
                    machine.isUp() ? machine.get(CONFIG) + machine.node().peers() : "down");
        }
        return all.toString();
    }

    /** Whether the global server goes back to what a backup has. */
    boolean restores() {
        return restores;
    }

    List<String> roots() {
        var roots = new ArrayList<>(List.of(CONFIG));
        locals.forEach(
                local -> roots.addAll(List.of(local.own(), "s" + local.name().substring(1))));
        return roots;
    }

    Machine home(String root) {
        return machines.stream()
                .filter(machine -> machine.isHome(root))
                .findFirst()
                .orElseThrow();
    }

    /** Whether there is a replica of the root, or its home. */
    boolean has(Machine machine, String root) {
        return machine.isHome(root)
                || machine == global
                || machine.options.config().contains(root);
    }

    Machine global() {
        return global;
    }

    List<Machine> locals() {
        return locals;
    }

    List<Machine> machines() {
        return machines;
    }
}
