package tega.plugins.openwrt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;
import tega.api.spi.Scheduler;
import tega.plugins.openwrt.layer.Layers;
import tega.plugins.openwrt.uci.UciDifference;
import tega.plugins.openwrt.uci.UciIdentities;
import tega.plugins.openwrt.uci.UciPackage;
import tega.plugins.openwrt.uci.UciPlan;
import tega.plugins.openwrt.uci.UciTree;

/**
 * One router and what is wanted of it. One thread at a time works with the router; who comes meanwhile is told so. What was
 * begun and not ended, because this process or the router went away, is gone on with at the next {@link #reconcile}.
 */
final class Router {
    /** What {@code ubus} may call without being a way around the configuration. */
    private static final Set<String> ALLOWED = Set.of(
            "system.board",
            "system.info",
            "network.interface.dump",
            "network.device.status",
            "service.list",
            "iwinfo.devices",
            "iwinfo.info",
            "iwinfo.assoclist",
            "luci-rpc.getDHCPLeases");

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final Path config;
    private final Tega tega;
    private final Function<RouterWish, Ubus> buses;
    private final Scheduler scheduler;
    private final Pause pause;
    private final Prober prober;
    private final RouterRecord record;
    private final ReentrantLock busy = new ReentrantLock();
    private final Map<String, String> stamps = new HashMap<>();
    private volatile @Nullable Trial current;

    Router(String name, Tega tega, Function<RouterWish, Ubus> buses, Scheduler scheduler, Pause pause, Prober prober) {
        this.name = name;
        this.config = Path.of("config-" + name, "openwrt");
        this.tega = tega;
        this.buses = buses;
        this.scheduler = scheduler;
        this.pause = pause;
        this.prober = prober;
        this.record = new RouterRecord(tega, name);
    }

    /** What is wanted of it now. */
    RouterWish wish() {
        return wish(tega.snapshot().tree())
                .orElseThrow(() -> new TegaException.NotFound(
                        config, "there is no router '" + name + "': " + config + " is not there"));
    }

    private Optional<RouterWish> wish(Tree tree) {
        return Optional.ofNullable(tree.get(config)).map(value -> RouterWish.read(tree, value, config));
    }

    /** The layers that the wish is made of now. */
    Layers layers() {
        var tree = tega.snapshot().tree();
        if (tree.get(config) instanceof ObjectValue own) {
            return Layers.read(tree, config, name, own);
        }
        throw new TegaException.NotFound(config, "there is no router '" + name + "': " + config + " is not there");
    }

    /** The revision of the last commit that the wish may have been changed by. */
    private long wished() {
        var snapshot = tega.snapshot();
        return Math.max(
                snapshot.revision(config).orElse(0),
                snapshot.get(config.child(Layers.NAMES)).isPresent()
                        ? snapshot.revision(Layers.TEMPLATES).orElse(0)
                        : 0);
    }

    /** The wish that the router was last made to have, package by package. */
    private @Nullable UciPackage before(String uci) {
        var revision = record.appliedRevision();
        if (revision == 0) {
            return null;
        }
        try {
            return wish(tega.history().at(revision).tree())
                    .map(wish -> wish.packages().get(uci))
                    .map(Wanted::uci)
                    .orElse(null);
        } catch (TegaException e) {
            return null; // That revision is no longer kept: then only the present wish counts.
        }
    }

    static String digest(RouterWish wish) {
        var text = new StringBuilder();
        wish.packages()
                .forEach((uci, wanted) ->
                        text.append(uci).append(UciTree.of(wanted.uci())).append(wanted.ownership()));
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is done with a router while it is one's own. */
    interface Work<T> {
        T with(Trial trial, RouterWish wish) throws IOException;
    }

    /** Waits a little for whoever just looks; not for the end of a trial. */
    private boolean mine() {
        try {
            return busy.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Contacts the router and works with it, alone. */
    <T> T work(Work<T> work) {
        if (!mine()) {
            throw new TegaException.Unavailable(
                    "'" + name + "' is being worked with right now; see operational-" + name + ".openwrt.apply");
        }
        try {
            var wish = wish();
            var bus = buses.apply(wish);
            var trial = new Trial(bus, scheduler, pause, wish.controller() ? prober : Prober.NONE);
            current = trial;
            try {
                trial.contact(List.of(wish.url(), record.url()));
                record.reached(trial.reached());
                return work.with(trial, wish);
            } catch (Ubus.Refusal e) {
                throw new TegaException.Unavailable("the router '" + name + "' says no: " + e.getMessage(), e);
            } catch (IOException e) {
                record.lost(String.valueOf(e.getMessage()));
                throw new TegaException.Unavailable("the router '" + name + "' does not answer: " + e.getMessage(), e);
            }
        } finally {
            current = null;
            busy.unlock();
        }
    }

    /** Takes packages of the router into the tree, all when none is named; sections that are there already keep their ids. */
    Commit adopt(List<String> names) {
        return work((trial, wish) -> {
            record.board(trial.bus().call("system", "board", Value.object()));
            var uci = new RouterUci(trial.bus());
            var chosen = names.isEmpty() ? uci.packages() : names;
            var read = new LinkedHashMap<String, UciPackage>();
            for (var one : chosen) {
                var wanted = wish.packages().get(one);
                read.put(one, UciIdentities.keep(uci.read(one), wanted == null ? null : wanted.uci()));
            }
            var layers = layers();
            try (var transaction = tega.begin()) {
                read.values().forEach(value -> transaction.put(own(value.name()), layer(layers, value)));
                var commit = transaction
                        .message("adopted " + String.join(", ", chosen) + " from the router")
                        .commit();
                record.applied(commit.revision(), digest(wish()));
                chosen.forEach(one -> record.drift(one, List.of()));
                return commit;
            }
        });
    }

    /** What an application would do, and nothing done. */
    Map<String, UciPlan> plan() {
        return work((trial, wish) -> trial.plan(wish, this::before));
    }

    /** The same as the router's own text, what it has beside what it will have; "" when there is nothing to do. */
    String diff(List<String> names) {
        return work((trial, wish) -> trial.sideBySide(wish.only(names), this::before));
    }

    /** Where the router is not as it is wanted. */
    Map<String, List<UciDifference>> drift() {
        return work(this::look);
    }

    private Map<String, List<UciDifference>> look(Trial trial, RouterWish wish) throws IOException {
        var told = trial.differences(wish, this::before);
        told.forEach(record::drift);
        return told;
    }

    /** Makes the router have what is wanted, and does not come back before it is known how that ended. */
    Trial.Outcome apply() {
        return work(this::run);
    }

    private Trial.Outcome run(Trial trial, RouterWish wish) throws IOException {
        var revision = wished();
        var digest = digest(wish);
        var outcome = trial.run(
                wish,
                this::before,
                (stage, reason, ops, deadline) -> record.apply(stage, revision, ops, reason, deadline));
        return ended(trial, wish, revision, digest, outcome);
    }

    private Trial.Outcome ended(Trial trial, RouterWish wish, long revision, String digest, Trial.Outcome outcome)
            throws IOException {
        if (outcome.stage() == Stage.UNREACHABLE) {
            record.apply(outcome.stage(), revision, outcome.ops(), outcome.reason(), record.deadline());
            record.lost(outcome.reason());
            return outcome;
        }
        if (outcome.stage() == Stage.PLANNED) {
            record.apply(outcome.stage(), revision, outcome.ops(), outcome.reason(), null);
            return outcome;
        }
        if (outcome.stage() == Stage.CONFIRMED) {
            record.applied(revision, digest);
        } else {
            record.failed(digest, outcome.reason());
        }
        record.reached(trial.reached());
        record.apply(outcome.stage(), revision, outcome.ops(), outcome.reason(), null);
        look(trial, wish);
        return outcome;
    }

    /** Says to a trial that waits what a person decided. */
    void say(Trial.Word word) {
        var trial = current;
        if (trial == null || record.stage() != Stage.TRIAL) {
            throw new TegaException.Conflict(config, "no trial of '" + name + "' waits for a word");
        }
        trial.say(word);
    }

    /** A call of the router's bus that changes nothing there. */
    ObjectValue ubus(String object, String method, ObjectValue args) {
        if (!ALLOWED.contains(object + "." + method)) {
            throw new TegaException.Forbidden(
                    config,
                    "'" + object + " " + method + "' is not among the calls that are passed on: "
                            + String.join(", ", ALLOWED.stream().sorted().toList()));
        }
        return work((trial, wish) -> trial.bus().call(object, method, args));
    }

    /** Restarts the router. */
    void reboot() {
        work((trial, wish) -> trial.bus().call("system", "reboot", Value.object()));
    }

    /**
     * Looks after the router once: goes on with what was begun, applies what is new, and tells or mends what others changed.
     * A wish that failed is not tried again until it is another.
     */
    void reconcile() {
        reconcile(null);
    }

    /** The same as a part of a roll-out, which this commit waited for. */
    void bring(Gate gate) {
        reconcile(gate);
    }

    private void reconcile(@Nullable Gate gate) {
        RouterWish wish;
        try {
            wish = wish();
        } catch (TegaException e) {
            return; // The guard told whoever committed it; nothing can be done with it.
        }
        if (!wish.enabled() || wish.url().isEmpty() || (gate == null && busy.isLocked())) {
            return;
        }
        try {
            work((trial, now) -> reconcile(trial, now, gate));
        } catch (TegaException e) {
            // It is in the tree by now: reachable and reason.
        }
    }

    /** What a roll-out has to know of it. */
    record Standing(String rollout, String digest, boolean applied, boolean failed, String reason) {}

    /** Where it stands; empty when it does not take commits by itself. */
    Optional<Standing> standing() {
        try {
            var wish = wish();
            if (!wish.enabled() || wish.url().isEmpty()) {
                return Optional.empty();
            }
            var digest = digest(wish);
            var failed = digest.equals(record.failedDigest());
            return Optional.of(new Standing(
                    wish.schedule().rollout(),
                    digest,
                    digest.equals(record.appliedDigest()),
                    failed,
                    failed ? record.failedReason() : ""));
        } catch (TegaException e) {
            return Optional.empty();
        }
    }

    /** Lets what failed be tried again. */
    void forgive() {
        record.forgive();
    }

    /** Whether a wish that is not applied yet has to wait: for its time, or for the roll-out that brings it. */
    private boolean waits(RouterWish wish, @Nullable Gate gate) {
        return scheduler.now().isBefore(wish.schedule().at())
                || (gate == null && !wish.schedule().rollout().isEmpty());
    }

    private Optional<Trial.Outcome> reconcile(Trial trial, RouterWish wish, @Nullable Gate gate) throws IOException {
        if (gate != null) {
            trial.through(gate);
        }
        if (record.stage() == Stage.TRIAL || record.stage() == Stage.UNREACHABLE) {
            var revision = record.revision();
            var at = wishAt(revision).orElse(wish);
            return Optional.of(
                    ended(trial, at, revision, digest(at), trial.resume(at, this::before, record.deadline())));
        }
        var digest = digest(wish);
        var applied = digest.equals(record.appliedDigest());
        if (applied && !moved(trial, wish)) {
            return Optional.empty();
        }
        var drifted = look(trial, wish).values().stream().anyMatch(differences -> !differences.isEmpty());
        if (!drifted) {
            if (!applied) {
                record.applied(wished(), digest);
            }
            trial.nothing();
            return Optional.empty();
        }
        if (!applied && waits(wish, gate)) {
            return Optional.empty();
        }
        if (digest.equals(record.failedDigest()) || (applied && wish.drift().equals("report"))) {
            return Optional.empty();
        }
        if (applied && wish.drift().equals("accept")) {
            accept(trial, wish);
            return Optional.empty();
        }
        return Optional.of(run(trial, wish));
    }

    private Optional<RouterWish> wishAt(long revision) {
        try {
            return wish(tega.history().at(revision).tree());
        } catch (TegaException e) {
            return Optional.empty();
        }
    }

    /** Whether a file of the router changed since it was looked at last. */
    private boolean moved(Trial trial, RouterWish wish) throws IOException {
        var files = new RouterFiles(trial.bus());
        var moved = false;
        for (var one : wish.packages().keySet()) {
            var stamp = files.stamp("/etc/config/" + one);
            moved |= !stamp.equals(stamps.put(one, stamp));
        }
        return moved;
    }

    /** Takes into the tree what was changed on the router, in these packages or in all. */
    Commit accept(List<String> names) {
        return work((trial, wish) -> accept(trial, wish.only(names)));
    }

    private Commit accept(Trial trial, RouterWish wish) throws IOException {
        var uci = new RouterUci(trial.bus());
        var read = new ArrayList<UciPackage>();
        for (var wanted : wish.packages().values()) {
            read.add(UciIdentities.keep(uci.read(wanted.uci().name()), wanted.uci()));
        }
        var layers = layers();
        try (var transaction = tega.begin()) {
            read.forEach(one -> transaction.put(own(one.name()), layer(layers, one)));
            var commit = transaction
                    .message("accepted what was changed on the router")
                    .commit();
            var now = wish();
            if (now.packages().size() == read.size()) {
                record.applied(commit.revision(), digest(now));
            }
            read.forEach(one -> record.drift(one.name(), List.of()));
            return commit;
        }
    }

    /** Makes the router have what is wanted of these packages or of all, though it failed before or drift is only reported. */
    Trial.Outcome reassert(List<String> names) {
        return work((trial, wish) -> {
            var part = wish.only(names);
            if (part.packages().size() == wish.packages().size()) {
                return run(trial, wish);
            }
            var outcome = trial.run(
                    part,
                    this::before,
                    (stage, reason, ops, deadline) -> record.apply(stage, wished(), ops, reason, deadline));
            record.apply(outcome.stage(), wished(), outcome.ops(), outcome.reason(), null);
            look(trial, wish);
            return outcome;
        });
    }

    private Path own(String uci) {
        return config.child(RouterWish.UCI).child(uci);
    }

    /** What the router's own layer must say so that {@code goal} comes of it. */
    private ObjectValue layer(Layers layers, UciPackage goal) {
        var said = layers.over(goal.name(), UciTree.of(goal));
        return tega.get(own(goal.name()).child(Wanted.OWNERSHIP))
                .map(ownership -> said.with(Wanted.OWNERSHIP, ownership))
                .orElse(said);
    }

    /** What is known of it. */
    Value known() {
        return record.all();
    }
}
