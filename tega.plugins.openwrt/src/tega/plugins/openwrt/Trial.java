package tega.plugins.openwrt;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tega.api.Value;
import tega.api.spi.Scheduler;
import tega.plugins.openwrt.uci.UciDifference;
import tega.plugins.openwrt.uci.UciError;
import tega.plugins.openwrt.uci.UciModel;
import tega.plugins.openwrt.uci.UciOwnership;
import tega.plugins.openwrt.uci.UciPackage;
import tega.plugins.openwrt.uci.UciPlan;
import tega.plugins.openwrt.uci.UciReader;
import tega.plugins.openwrt.uci.UciSection;
import tega.plugins.openwrt.uci.UciSideBySide;

/**
 * Brings one wish to one router, in a way that ends with the old configuration or the new one and knows which: compare with
 * what the router has now, stage, read the staged view back, keep a copy that survives a power cut, apply on trial, prove that
 * the router can still be reached as the new configuration says, confirm, and compare again. One thread, which blocks.
 */
final class Trial {
    private static final Duration STEP = Duration.ofMillis(500);

    /** A change of the network takes so long to take effect; what is proved before that says nothing about it. */
    private static final Duration SETTLE = Duration.ofSeconds(3);

    /** How long after the end of a window a router has surely taken a trial back, if it does that at all. */
    private static final Duration LATE = Duration.ofSeconds(3);

    /** How long it may take to answer again after that. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    /** What a person says while a trial waits. */
    enum Word {
        CONFIRM,
        ROLLBACK
    }

    /**
     * How it ended.
     *
     * @param stage the last one
     * @param reason one sentence
     * @param ops how many steps the plan had
     */
    record Outcome(Stage stage, String reason, int ops) {}

    private final Ubus bus;
    private final RouterUci uci;
    private final Journal journal;
    private final RouterFiles files;
    private final Watchdog watchdog;
    private final Overrides overrides;
    private final Scheduler scheduler;
    private final Pause pause;
    private final Prober prober;
    private final AtomicReference<@Nullable Word> word = new AtomicReference<>();
    private String reached = "";
    private Gate gate = Gate.OPEN;

    Trial(Ubus bus, Scheduler scheduler, Pause pause, Prober prober) {
        this.bus = bus;
        this.uci = new RouterUci(bus);
        this.files = new RouterFiles(bus);
        this.journal = new Journal(files);
        this.watchdog = new Watchdog(bus, files);
        this.overrides = new Overrides(files, uci);
        this.scheduler = scheduler;
        this.pause = pause;
        this.prober = prober;
    }

    /** Says what a person decided; from any thread. */
    void say(Word said) {
        word.set(said);
    }

    /** Waits for others at this gate from now on. */
    void through(Gate chosen) {
        gate = chosen;
    }

    /** Nobody needs to wait for this router. */
    void nothing() {
        gate.nothing();
    }

    /** The bus that it works with. */
    Ubus bus() {
        return bus;
    }

    /** Where the router was reached last. */
    String reached() {
        return reached;
    }

    /** Logs in at the first of these addresses that answers. */
    void contact(List<String> urls) throws IOException {
        IOException failure = null;
        for (var url : urls.stream().filter(one -> !one.isEmpty()).distinct().toList()) {
            try {
                bus.login(url);
                reached = url;
                return;
            } catch (Ubus.Refusal e) {
                throw e;
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        throw failure == null
                ? new IOException("the configuration says no address of the router (device.url)")
                : failure;
    }

    /** Logs in where the router was reached last. */
    void contact() throws IOException {
        bus.login(reached);
    }

    /** What it would take, without doing it. */
    Map<String, UciPlan> plan(RouterWish wish, Function<String, @Nullable UciPackage> before) throws IOException {
        var plans = new LinkedHashMap<String, UciPlan>();
        for (var wanted : wish.packages().entrySet()) {
            var there = uci.read(wanted.getKey());
            plans.put(
                    wanted.getKey(),
                    UciPlan.of(
                            there,
                            wanted.getValue().uci(),
                            before.apply(wanted.getKey()),
                            wanted.getValue().ownership()));
        }
        return plans;
    }

    /** What an application would change, as text beside text, package by package. */
    String sideBySide(RouterWish wish, Function<String, @Nullable UciPackage> before) throws IOException {
        var text = new StringBuilder();
        for (var wanted : wish.packages().entrySet()) {
            var there = uci.read(wanted.getKey());
            var plan = UciPlan.of(
                    there,
                    wanted.getValue().uci(),
                    before.apply(wanted.getKey()),
                    wanted.getValue().ownership());
            if (!plan.isEmpty()) {
                text.append(text.isEmpty() ? "" : "\n")
                        .append("# ")
                        .append(wanted.getKey())
                        .append(": the router has | and will have\n")
                        .append(UciSideBySide.of(there, plan));
            }
        }
        return text.toString();
    }

    /** What differs, place by place, for each package. */
    Map<String, List<UciDifference>> differences(RouterWish wish, Function<String, @Nullable UciPackage> before)
            throws IOException {
        var told = new LinkedHashMap<String, List<UciDifference>>();
        for (var wanted : wish.packages().entrySet()) {
            var there = uci.read(wanted.getKey());
            var plan = UciPlan.of(
                    there,
                    wanted.getValue().uci(),
                    before.apply(wanted.getKey()),
                    wanted.getValue().ownership());
            told.put(wanted.getKey(), UciDifference.of(there, wanted.getValue().uci(), plan));
        }
        return told;
    }

    /** Does all of it. The router has been contacted. */
    Outcome run(RouterWish wish, Function<String, @Nullable UciPackage> before, Progress progress) throws IOException {
        var old = new LinkedHashMap<String, UciPackage>();
        var plans = new LinkedHashMap<String, UciPlan>();
        for (var name : wish.packages().keySet()) {
            uci.revert(name);
        }
        for (var wanted : wish.packages().entrySet()) {
            var there = uci.read(wanted.getKey());
            var plan = UciPlan.of(
                    there,
                    wanted.getValue().uci(),
                    before.apply(wanted.getKey()),
                    wanted.getValue().ownership());
            if (!plan.isEmpty()) {
                old.put(wanted.getKey(), there);
                plans.put(wanted.getKey(), plan);
            }
        }
        var ops = plans.values().stream().mapToInt(plan -> plan.ops().size()).sum();
        if (ops == 0) {
            gate.nothing();
            return new Outcome(Stage.CONFIRMED, "the router had it already", 0);
        }
        progress.at(Stage.PLANNED, "", ops, null);
        foreign(plans.keySet());
        var goals = new LinkedHashMap<String, UciPackage>();
        plans.forEach((name, plan) ->
                goals.put(name, UciModel.canonical(UciModel.after(Objects.requireNonNull(old.get(name)), plan))));
        var refusal = stage(goals, plans);
        if (refusal != null) {
            return new Outcome(Stage.FAILED, refusal, ops);
        }
        progress.at(Stage.STAGED, "", ops, null);
        var tryout = tryout(watchdog.isAlive() && overrides.count());
        var subject = new Tryout.Subject(old, goals);
        tryout.prepare(subject);
        if (!gate.apply()) {
            revert(plans.keySet());
            close(plans.keySet());
            return new Outcome(Stage.PLANNED, "it waits for the others that are to change with it", ops);
        }
        var from = reached;
        var deadline = scheduler.now().plus(wish.window());
        var run = new Run(wish, before, subject, tryout, ops, deadline, from);
        progress.at(Stage.TRIAL, "", ops, deadline);
        try {
            tryout.begin(subject, wish.window());
        } catch (Ubus.Refusal e) {
            revert(run.names());
            tryout.giveBack(subject, false);
            close(run.names());
            return run.outcome(Stage.FAILED, "the router does not begin a trial: " + e.getMessage());
        } catch (IOException e) {
            if (tryout instanceof MemoryTryout) {
                return takenBack(run, "the trial did not begin: " + e.getMessage());
            }
            // Whether it began is not known: the proof will tell.
        }
        return prove(run);
    }

    private Tryout tryout(boolean inMemory) {
        return inMemory
                ? new MemoryTryout(uci, journal, watchdog, overrides, pause)
                : new FlashTryout(uci, journal, watchdog);
    }

    /** What stands in RAM before a trial is not ours, or is of a trial that its guard has yet to end. */
    private void foreign(Collection<String> names) throws IOException {
        var found = overrides.of(names);
        if (!found.isEmpty()) {
            throw new IOException("somebody else tries '" + found.get(0) + "' on the router: it stands in "
                    + Overrides.FOLDER + ", and what is committed now would go there");
        }
    }

    private void close(Collection<String> names) throws IOException {
        watchdog.disarm();
        journal.close(names);
    }

    private @Nullable String stage(Map<String, UciPackage> goals, Map<String, UciPlan> plans) throws IOException {
        for (var plan : plans.entrySet()) {
            var name = plan.getKey();
            try {
                if (files.stamp("/etc/config/" + name).isEmpty()) {
                    files.write("/etc/config/" + name, "");
                }
                uci.stage(plan.getValue());
            } catch (Ubus.Refusal e) {
                revert(plans.keySet());
                return "the router does not take " + name + ": " + e.getMessage();
            }
            var goal = Objects.requireNonNull(goals.get(name));
            var staged = uci.read(name);
            if (!UciModel.isSame(goal, staged)) {
                var lost = UciDifference.of(staged, goal, UciPlan.of(staged, goal, null, UciOwnership.PACKAGE));
                revert(plans.keySet());
                return "the router did not take all of " + name + ": " + lost.get(0);
            }
        }
        return null;
    }

    private void revert(Iterable<String> names) throws IOException {
        for (var name : names) {
            uci.revert(name);
        }
    }

    /** Goes on with a trial that began before this process did, or that the router did not answer in. It has been contacted. */
    Outcome resume(RouterWish wish, Function<String, @Nullable UciPackage> before, Instant deadline)
            throws IOException {
        revert(wish.packages().keySet());
        var overridden = overrides.of(wish.packages().keySet());
        var subject = subject(wish, before, overridden);
        var run = new Run(wish, before, subject, tryout(!overridden.isEmpty()), 0, deadline, reached);
        if (scheduler.now().isBefore(deadline)) {
            run.tryout.again(subject);
            return prove(run);
        }
        var reason = "the trial ended while nobody watched it";
        if (!overridden.isEmpty()) {
            return takenBack(run, reason);
        }
        prober.prove();
        return settle(run, true, reason);
    }

    /** What a trial that was begun is about: the flash has the old while RAM has the new, and the journal has it else. */
    private Tryout.Subject subject(
            RouterWish wish, Function<String, @Nullable UciPackage> before, List<String> overridden)
            throws IOException {
        var names = overridden.isEmpty() ? journal.packages() : overridden;
        var old = new LinkedHashMap<String, UciPackage>();
        var goals = new LinkedHashMap<String, UciPackage>();
        for (var wanted : wish.packages().entrySet()) {
            var name = wanted.getKey();
            var bytes = !names.contains(name)
                    ? Optional.<byte[]>empty()
                    : overridden.isEmpty() ? journal.copy(name) : files.read("/etc/config/" + name);
            if (bytes.isPresent()) {
                var had = parsed(name, bytes.get());
                var plan = UciPlan.of(
                        had,
                        wanted.getValue().uci(),
                        before.apply(name),
                        wanted.getValue().ownership());
                old.put(name, had);
                goals.put(name, UciModel.canonical(UciModel.after(had, plan)));
            } else {
                goals.put(name, wanted.getValue().uci());
            }
        }
        if (!old.isEmpty()) {
            goals.keySet().retainAll(old.keySet());
        }
        return new Tryout.Subject(old, goals);
    }

    private static UciPackage parsed(String name, byte[] text) throws IOException {
        try {
            return UciReader.ofFiles(true).read(name, text).stream()
                    .findFirst()
                    .map(Trial::placed)
                    .orElse(new UciPackage(name, List.of()));
        } catch (UciError e) {
            throw new IOException("what the router had of '" + name + "' cannot be read: " + e.getMessage(), e);
        }
    }

    /** Anonymous sections with the ids that the router gives them, which are not those of the tree. */
    private static UciPackage placed(UciPackage some) {
        var sections = new ArrayList<UciSection>();
        for (var section : some.sections()) {
            sections.add(
                    section.anonymous()
                            ? new UciSection(
                                    UciPackage.positional(sections.size(), section.type()),
                                    section.type(),
                                    true,
                                    section.options())
                            : section);
        }
        return new UciPackage(some.name(), sections);
    }

    /** One trial; {@code ops} is 0 when this process did not begin it. */
    private record Run(
            RouterWish wish,
            Function<String, @Nullable UciPackage> before,
            Tryout.Subject subject,
            Tryout tryout,
            int ops,
            Instant deadline,
            String from) {
        List<String> names() {
            return subject.names();
        }

        Outcome outcome(Stage stage, String reason) {
            return new Outcome(stage, reason, ops);
        }
    }

    private Outcome prove(Run run) throws IOException {
        var last = run.deadline.minus(run.wish.window().dividedBy(6));
        var settle = run.wish.window().dividedBy(3);
        pause.sleep(settle.compareTo(SETTLE) < 0 ? settle : SETTLE);
        var proofs = 0;
        var others = false;
        var reason = "nobody confirmed it in time";
        while (scheduler.now().isBefore(last) && word.get() != Word.ROLLBACK) {
            try {
                roundTrip(run);
                proofs++;
            } catch (IOException e) {
                proofs = 0;
                reason = "it could not be proved in time: " + e.getMessage();
            }
            if (proofs >= run.wish.proofs() && (!run.wish.manual() || word.get() == Word.CONFIRM)) {
                if (gate.confirm()) {
                    return keep(run);
                }
                word.set(Word.ROLLBACK);
                others = true;
            }
            pause.sleep(STEP);
        }
        if (word.get() == Word.ROLLBACK) {
            reason = others ? "another that was to change with it could not be proved" : "it was taken back on request";
        }
        return takenBack(run, reason);
    }

    /** The router answers where the new configuration says, and so does whoever controls this server. */
    private void roundTrip(Run run) throws IOException {
        bus.login(run.wish.url());
        bus.call("system", "board", Value.object());
        reached = run.wish.url();
        prober.prove();
    }

    private Outcome keep(Run run) throws IOException {
        try {
            if (!run.tryout.keep(run.subject, () -> roundTrip(run))) {
                return takenBack(run, "it could not be proved once more when it was on the flash");
            }
        } catch (Ubus.Refusal e) {
            run.tryout.giveBack(run.subject, false);
            return settle(run, true, "the router had ended the trial by itself: " + e.getMessage());
        }
        return settle(run, true, "");
    }

    /** Has the router come back to what it had, by being told where that is possible, else by itself. */
    private Outcome takenBack(Run run, String reason) throws IOException {
        var late = (scheduler.now().isAfter(run.deadline) ? scheduler.now() : run.deadline).plus(LATE);
        while (scheduler.now().isBefore(late.plus(GRACE))) {
            try {
                contact(List.of(run.from, run.wish.url()));
                run.tryout.giveBack(run.subject, word.get() == Word.ROLLBACK);
                if (scheduler.now().isAfter(late) || isAsBefore(run)) {
                    return settle(run, false, reason);
                }
            } catch (IOException e) {
                // Not back yet.
            }
            pause.sleep(STEP);
        }
        return run.outcome(Stage.UNREACHABLE, "the router does not answer since the trial: " + reason);
    }

    private boolean isAsBefore(Run run) throws IOException {
        // A router that takes a trial back puts what was staged back too, into the session that staged it.
        revert(run.names());
        for (var one : run.subject.old().entrySet()) {
            if (!UciModel.isSame(one.getValue(), uci.read(one.getKey()))) {
                return false;
            }
        }
        return !run.subject.old().isEmpty();
    }

    /** Looks what the router has and makes it stay: what it had, or what is wanted, and nothing between. */
    private Outcome settle(Run run, boolean proved, String reason) throws IOException {
        revert(run.names());
        var first = first(run);
        if (first.isEmpty() && !proved && !run.subject.old().isEmpty()) {
            return restore(run, reason);
        }
        if (first.isEmpty()) {
            // The copy goes now. Had the power gone before it did, the router would have what it had: so look once
            // more.
            close(run.names());
            first = first(run);
            if (first.isEmpty()) {
                return run.outcome(Stage.CONFIRMED, reason);
            }
        }
        if (run.subject.old().isEmpty() || isAsBefore(run)) {
            if (watchdog.isArmed()) {
                watchdog.tell(run.names()); // What runs may still be what was tried.
            }
            close(run.names());
            return run.outcome(Stage.ROLLED_BACK, reason.isEmpty() ? "the router took it back" : reason);
        }
        return run.outcome(Stage.FAILED, "somebody else changed the router meanwhile: " + first.get());
    }

    /** One place where the router is not as it is wanted. */
    private Optional<String> first(Run run) throws IOException {
        return differences(run.wish, run.before).entrySet().stream()
                .filter(one -> !one.getValue().isEmpty())
                .map(one -> one.getKey() + "." + one.getValue().get(0))
                .findFirst();
    }

    /** Restores what was there when a router forgot to. */
    private Outcome restore(Run run, String reason) throws IOException {
        for (var one : run.subject.old().entrySet()) {
            var there = uci.read(one.getKey());
            uci.stage(UciPlan.of(there, UciModel.canonical(one.getValue()), null, UciOwnership.PACKAGE));
        }
        uci.apply(Duration.ofSeconds(30));
        uci.confirm();
        close(run.names());
        return run.outcome(Stage.ROLLED_BACK, reason + " (the router had not taken it back by itself)");
    }
}
