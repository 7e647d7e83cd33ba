package tega.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Scope;
import tega.api.Value;
import tega.api.WatchEvent;
import tega.api.WatchRequest;
import tega.api.plugin.RpcCall;
import tega.api.spi.Channels;
import tega.api.spi.Scheduler;
import tega.api.spi.Session;
import tega.api.spi.Storage;
import tega.log.Disk;

/**
 * A server of the simulation, across its lives: with a disk that can lose its power at any call, a plugin that answers calls, a
 * client that answers some too, one that listens, and a few with ephemeral nodes. Everything it commits is seen.
 */
final class Machine extends Station {
    static final Pattern TOKEN = Pattern.compile("\"(w\\d+)\"");

    private final World world;
    private final Clock clock;
    private final Consumer<Machine> died;
    private final Ledger ledger;
    private final Set<String> homes = new HashSet<>();
    private final Map<String, Session> clients = new TreeMap<>();
    /** How often each token was committed here in a root that lives here. */
    final Map<String, Integer> made = new TreeMap<>();
    /** The durable commits of each root, as their edits. */
    final Map<String, List<String>> history = new TreeMap<>();
    /** How far each stream was taken over, last. */
    private final Map<String, Long> taken = new TreeMap<>();

    Disk machineDisk = new Disk();
    private @Nullable Life life;
    private long observed;
    private int lives;
    boolean missed;
    boolean restored;
    long pictures;

    Machine(
            World world,
            String name,
            @Nullable String above,
            Set<String> config,
            Set<String> operational,
            Consumer<Machine> died) {
        super(world.clock, world.net, name, above, config, operational);
        this.world = world;
        this.clock = world.clock;
        this.ledger = world.ledger;
        this.died = died;
        homes.addAll(operational);
    }

    void livesHere(String root) {
        homes.add(root);
    }

    boolean isHome(String root) {
        return homes.contains(root);
    }

    @Override
    Scheduler time() {
        return java.util.Objects.requireNonNull(life);
    }

    @Override
    Storage storage() {
        return machineDisk.storage();
    }

    @Override
    public @Nullable Life life() {
        return life;
    }

    boolean isUp() {
        return life != null && !life.isOver() && node != null;
    }

    /** Does something in the present life, if there is one. */
    void act(Runnable task) {
        if (life != null && isUp()) {
            life.run(task);
        }
    }

    void boot() {
        if (isUp()) {
            return;
        }
        lives++;
        var fresh = new Life(clock, ended -> died());
        life = fresh;
        fresh.run(() -> {
            start();
            furnish();
        });
    }

    /** The power goes at a call of the disk soon. */
    void doom(int call) {
        var present = life;
        if (present != null && isUp()) {
            machineDisk.crashAt(call, present::darken);
        }
    }

    private void died() {
        pictures += node == null ? 0 : node.figures.pictures.sum();
        node = null;
        clients.clear();
        died.accept(this);
    }

    /** {@code kill -9}: the disk has what was written. */
    void killed(Net net) {
        if (life != null) {
            life.end();
        }
        net.cut(name());
        machineDisk.reopen();
        died();
    }

    /** Stops as it is asked to. */
    void stopped(Net net) {
        act(() -> {
            node.close();
            db.close();
            log.close();
        });
        killed(net);
    }

    private void furnish() {
        var incarnation = name() + "/" + lives;
        calls.add(Path.of(name(), "work"), call -> {
            var token = token(call);
            ledger.executed(token, incarnation);
            return Ledger.answer(token);
        });
        calls.attach(new Identity("hand", "hand"), call -> {
            var token = token(call);
            ledger.executed(token, incarnation);
            var answer = new CompletableFuture<Value>();
            time().after(Duration.ofMillis(token.hashCode() & 0x7ff), () -> answer.complete(Ledger.answer(token)));
            return answer;
        });
        if (!options.operational().isEmpty()) {
            var reference = Path.of(own(), "rpc");
            if (db.get(reference).isEmpty()) {
                db.put(reference, Value.of("%hand" + ".work%"));
            }
        }
        channels.subscribe(
                new Channels.Subscription(new Identity("ear", "ear"), PathPattern.parse("news.**"), Scope.GLOBAL),
                (channel, publisher, message) -> ledger.heard(name(), message.toString()));
    }

    private static String token(RpcCall call) {
        return call.args().get(0).toString();
    }

    /** The root that only this server writes to. */
    String own() {
        return "o" + name().substring(1);
    }

    /** A client comes, or changes its ephemeral node, or goes. */
    void client(SplittableRandom random) {
        var id = "c" + random.nextInt(3);
        var path = Path.of(own(), "here", id);
        var session = clients.get(id);
        if (session == null) {
            session = db.sessions().open(new Identity(id, id), Duration.ofSeconds(10));
            clients.put(id, session);
        } else if (random.nextInt(3) == 0) {
            clients.remove(id);
            if (random.nextBoolean()) {
                session.close();
            } else {
                session.detach();
            }
            return;
        }
        try (var tx = session.tega().begin()) {
            tx.putEphemeral(path, Value.of(random.nextInt(1000))).commit();
        }
    }

    /** Looks at what it has committed since the last time. */
    void observe() {
        if (!isUp()) {
            return;
        }
        try (var watch = db.watch(WatchRequest.of(Path.EMPTY).from(observed))) {
            for (var event = watch.poll(); event.isPresent(); event = watch.poll()) {
                if (event.get() instanceof WatchEvent.Changed changed) {
                    see(changed.change().commit());
                } else if (event.get() instanceof WatchEvent.Compacted) {
                    missed = true;
                    observed = db.snapshot().revision();
                    return;
                }
            }
            observed = Math.max(observed, watch.revision());
        }
    }

    private void see(Commit commit) {
        if (commit.revision() <= observed) {
            return;
        }
        observed = commit.revision();
        var edits = new TreeMap<String, List<String>>();
        for (var edit : commit.edits()) {
            if (!edit.ephemeral()) {
                leaves(edit, edits.computeIfAbsent(edit.path().root(), root -> new ArrayList<>()));
                if (isHome(edit.path().root()) && edit instanceof Edit.Put put) {
                    var tokens = TOKEN.matcher(put.value().toString());
                    while (tokens.find()) {
                        made.merge(tokens.group(1), 1, Integer::sum);
                    }
                }
            }
        }
        edits.values().forEach(list -> list.sort(null));
        edits.forEach((root, list) ->
                history.computeIfAbsent(root, name -> new ArrayList<>()).add(list.toString()));
        for (var source : commit.sources()) {
            var before = taken.put(source.stream(), source.revision());
            var counts = source.stream().startsWith("down/") || source.stream().startsWith("up/");
            if (before != null && before > source.revision() && counts && !world.restores()) {
                throw new AssertionError(name() + " has taken over " + source + " after " + before);
            }
        }
    }

    /** What becomes of each leaf, however it is put. */
    private static void leaves(Edit edit, List<String> leaves) {
        if (edit instanceof Edit.Put put) {
            Leaves.each(put.path(), put.value(), (path, value) -> leaves.add(path + "=" + value));
        } else {
            leaves.add(edit.path() + " is gone");
        }
    }

    /** From now on what it has is what a backup had. */
    void restore(Disk backup, Net net) {
        killed(net);
        machineDisk = backup.copy();
        restored = true;
        observed = 0;
        taken.clear();
        made.clear();
        history.clear();
    }

    /** Its ephemeral nodes of a root. */
    Map<Path, String> leases(String root) {
        var leases = new TreeMap<Path, String>();
        db.replication().standing().leases(Path.of(root)).forEach((path, owner) -> leases.put(path, get(path + "")));
        return leases;
    }
}
