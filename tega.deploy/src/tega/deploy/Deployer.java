package tega.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;

/**
 * Has bundles run, in place of others or beside them, and takes them back when they do not work. Every step is written down before
 * the next; until the last one, {@link Stage#COMMITTED}, a restart finds what was before. For any number of threads; one at a
 * time changes things, and nobody waits for a trial but who wants its end.
 */
final class Deployer {
    /** So often may the server end during a trial before its bundle is held to be the reason. */
    static final int MOST_CUTS = 2;

    private static final Duration BEAT = Duration.ofMillis(50);

    private final Disk disk;
    private final Ledger ledger;
    private final Host host;
    private final Trust trust;
    private final Time time;
    private final Patience patience;
    private final Map<String, Release> releases;
    private final Runnable told;
    private volatile List<Release> shown = List.of();
    private final AtomicLong settled = new AtomicLong();
    private boolean unsaved;

    /** {@code told} is run, quickly, whenever there is something new to show. */
    Deployer(Disk disk, Ledger ledger, Host host, Trust trust, Time time, Patience patience, Runnable told) {
        this.disk = disk;
        this.ledger = ledger;
        this.host = host;
        this.trust = trust;
        this.time = time;
        this.patience = patience;
        this.told = told;
        this.releases = new TreeMap<>(ledger.load());
        recover();
        publish();
    }

    /** Whatever was on trial when the server ended is not there any more: what was before was started. */
    private void recover() {
        var changed = false;
        for (var release : List.copyOf(releases.values())) {
            var now = release;
            if (release.active() != null
                    && ledger.isOfAnother(release.name())
                    && host.original(release.name()).isPresent()) {
                now = now.original(time.now())
                        .at(Stage.REMOVED, "the distribution is another one, with its own", time.now());
            }
            var trial = release.trial();
            if (trial != null && release.stage().onTrial()) {
                var why = "the server ended while it was " + release.stage().word();
                now = now.cut(why, time.now());
                if (now.cuts() >= MOST_CUTS) {
                    now = now.quarantined(trial, why + ", " + now.cuts() + " times");
                }
            }
            changed |= !now.equals(release);
            releases.put(now.name(), now);
        }
        if (changed) {
            saveOrRemember();
        }
        sweep();
    }

    /** Starts the plugins that are installed; one that does not start says so and hinders no other. */
    void startInstalled() {
        for (var release : releases()) {
            var active = release.active();
            if (active != null
                    && release.enabled()
                    && host.original(release.name()).isEmpty()) {
                synchronized (this) {
                    try {
                        if (!host.has(release.name())) {
                            host.exchange(release.name(), disk.path(active.file()));
                        }
                        host.start(release.name());
                    } catch (TegaException e) {
                        releases.put(release.name(), release.at(release.stage(), e.getMessage(), time.now()));
                        publish();
                    }
                }
            }
        }
    }

    /** All there are, in order of their names. Does not wait. */
    List<Release> releases() {
        return shown;
    }

    /** Of one bundle. Does not wait. */
    Optional<Release> release(String name) {
        return shown.stream().filter(release -> release.name().equals(name)).findFirst();
    }

    /** How often something was committed, removed, enabled or disabled: what was refused before may be taken now. */
    long settled() {
        return settled.get();
    }

    /** What keeps a bundle from working now. */
    List<String> troubles(String name) {
        return host.troubles(name, java.util.Set.of());
    }

    /** {@link #begin} and {@link #finish}: the release, committed. */
    Release deploy(Delivery delivery) {
        var trial = begin(delivery);
        return trial.isPresent()
                ? finish(trial.get())
                : release(Jar.read(delivery.file()).name()).orElseThrow();
    }

    /**
     * Brings it to {@link Stage#STARTED}; empty when it is what runs already. What was refused stopped nothing; what did not start
     * was taken back.
     */
    synchronized Optional<Trial> begin(Delivery delivery) {
        var candidate = Jar.read(delivery.file());
        var release = known(candidate.name());
        if (release.stage().onTrial()) {
            throw new TegaException.Conflict(
                    null,
                    candidate.name() + " is on trial already; see what becomes of it with 'why " + candidate.name()
                            + "'");
        }
        var active = release.active();
        if (active != null && active.digest().equals(candidate.digest())) {
            return Optional.empty();
        }
        if (delivery.force()) {
            release = release.released(candidate);
        }
        stage(release.begin(candidate, delivery.source(), time.now()), delivery.file());
        try {
            mayRun(release, candidate, delivery.force());
            trust.check(candidate, delivery);
            move(candidate.name(), Stage.VERIFIED, "");
            var plan = host.plan(candidate, disk.path(candidate.file()));
            move(candidate.name(), Stage.PLANNED, plan.toString());
        } catch (TegaException e) {
            refuse(candidate.name(), e.getMessage());
            throw e;
        }
        var trial = new Trial(candidate, host.standing());
        try {
            host.exchange(candidate.name(), disk.path(candidate.file()));
        } catch (TegaException e) {
            throw failed(candidate, e.getMessage(), true);
        }
        moveOrTakeBack(candidate, Stage.INSTALLED);
        try {
            host.start(candidate.name());
        } catch (TegaException e) {
            throw failed(candidate, e.getMessage(), true);
        }
        moveOrTakeBack(candidate, Stage.STARTED);
        return Optional.of(trial);
    }

    private void stage(Release begun, Path file) {
        var candidate = java.util.Objects.requireNonNull(begun.trial());
        var before = releases.get(begun.name());
        try {
            try (var in = Files.newInputStream(file)) {
                disk.put(candidate.file(), in);
            }
            if (!Jar.digest(disk.path(candidate.file())).equals(candidate.digest())) {
                throw new IOException(file + " changed while it was read");
            }
            releases.put(begun.name(), begun);
            save();
        } catch (IOException e) {
            if (before == null) {
                releases.remove(begun.name());
            } else {
                releases.put(begun.name(), before);
            }
            sweep();
            throw unwritten(candidate.name(), e);
        }
        publish();
    }

    private void mayRun(Release release, Artifact candidate, boolean force) {
        var bad = release.quarantine().get(candidate.digest());
        if (bad != null && !force) {
            throw new TegaException.Conflict(
                    null,
                    candidate + " was tried before: " + bad
                            + "; --force tries it once more, another build is taken as it is");
        }
        if (!release.enabled()) {
            throw new TegaException.Conflict(
                    null, candidate.name() + " is disabled; 'enable " + candidate.name() + "' first");
        }
        var active = release.active();
        if (active != null && candidate.version().compareTo(active.version()) < 0 && !force) {
            throw new TegaException.Conflict(
                    null,
                    candidate + " is older than " + active + ", which runs; 'rollback " + candidate.name()
                            + "' goes back, and --force takes any");
        }
    }

    private void move(String name, Stage stage, String reason) {
        try {
            step(name, stage, reason);
        } catch (IOException e) {
            throw unwritten(name, e);
        }
    }

    private void moveOrTakeBack(Artifact candidate, Stage stage) {
        try {
            step(candidate.name(), stage, known(candidate.name()).reason());
        } catch (IOException e) {
            throw failed(candidate, unwritten(candidate.name(), e).getMessage(), false);
        }
    }

    private void step(String name, Stage stage, String reason) throws IOException {
        releases.put(name, known(name).at(stage, reason, time.now()));
        save();
        publish();
    }

    private TegaException unwritten(String name, IOException e) {
        return new TegaException.Unavailable(
                name + " is left as it was: " + disk.path(Ledger.FILE).getParent() + " cannot be written ("
                        + e.getMessage() + "); make room and try again",
                e);
    }

    private void refuse(String name, String why) {
        releases.put(name, known(name).at(Stage.REFUSED, why, time.now()));
        saveOrRemember();
        publish();
    }

    /** Takes it back; {@code faulty} tells whether it is the candidate's fault. */
    private TegaException failed(Artifact candidate, String why, boolean faulty) {
        var reason = why;
        try {
            restore(candidate.name());
        } catch (TegaException e) {
            reason = why + "; and what was before does not start: " + e.getMessage();
        }
        var release = known(candidate.name()).at(Stage.ROLLED_BACK, reason, time.now());
        releases.put(release.name(), faulty ? release.quarantined(candidate, why) : release);
        saveOrRemember();
        publish();
        return new TegaException.Unavailable(candidate + " was taken back: " + reason);
    }

    /** Runs what is active by the ledger again. */
    private void restore(String name) {
        var active = known(name).active();
        var before = active == null ? host.original(name) : Optional.of(disk.path(active.file()));
        if (before.isPresent()) {
            host.exchange(name, before.get());
            host.start(name);
        } else {
            host.remove(name);
        }
    }

    /** Looks at it for as long as it is on trial: the release, committed, or {@code UNAVAILABLE} with why it was taken back. */
    Release finish(Trial trial) {
        var why = judge(trial.candidate().name(), trial);
        synchronized (this) {
            var release = known(trial.candidate().name());
            if (!trial.candidate().equals(release.trial()) || !release.stage().onTrial()) {
                throw new TegaException.Conflict(null, trial.candidate() + " was taken away while it was on trial");
            }
            if (why != null) {
                throw failed(trial.candidate(), why, true);
            }
            try {
                releases.put(release.name(), release.committed(time.now()));
                save();
            } catch (IOException e) {
                releases.put(release.name(), release);
                throw failed(trial.candidate(), unwritten(release.name(), e).getMessage(), false);
            }
            settled.incrementAndGet();
            publish();
            sweep();
            return known(release.name());
        }
    }

    /** Why it is not good enough; null when it is. */
    private @Nullable String judge(String name, Trial trial) {
        var began = time.nanos();
        var wellSince = -1L;
        while (!Thread.currentThread().isInterrupted()) {
            var troubles = host.troubles(name, trial.before());
            var now = time.nanos();
            if (troubles.isEmpty()) {
                if (wellSince < 0) {
                    wellSince = now;
                    healthy(name);
                }
                if (now - wellSince >= patience.window().toNanos()) {
                    return null;
                }
            } else {
                wellSince = -1;
                if (now - began >= patience.first().toNanos()) {
                    return String.join("; ", troubles);
                }
            }
            time.pause(BEAT);
        }
        return "the server stopped before it could be judged";
    }

    private synchronized void healthy(String name) {
        var release = known(name);
        if (release.stage() == Stage.STARTED) {
            releases.put(name, release.at(Stage.HEALTHY, release.reason(), time.now()));
            saveOrRemember(); // whether it can be written counts when it is committed
            publish();
        }
    }

    /** Goes back to what was active before, or to what the distribution has; what is left is quarantined. */
    synchronized Release rollback(String name, String by) {
        var release = settledRelease(name);
        var leaving = release.active();
        var target = release.previous();
        var original = host.original(name);
        if (leaving == null || (target == null && original.isEmpty())) {
            throw new TegaException.Conflict(
                    null, "there is nothing before what is there of " + name + " to go back to");
        }
        var before = host.standing();
        try {
            host.exchange(name, target == null ? original.orElseThrow() : disk.path(target.file()));
            host.start(name);
            var why = judge(name, new Trial(leaving, before));
            if (why != null) {
                throw new TegaException.Unavailable(why);
            }
            var back = target == null
                    ? release.original(time.now())
                    : release.begin(target, release.source(), time.now()).committed(time.now());
            releases.put(name, back.quarantined(leaving, "taken back by " + by));
            save();
        } catch (TegaException | IOException e) {
            releases.put(name, release);
            restore(name);
            throw new TegaException.Unavailable(name + " stays as it is: " + e.getMessage(), e);
        }
        settled.incrementAndGet();
        publish();
        sweep();
        return known(name);
    }

    /** Takes a plugin out, or goes back to what the distribution has. */
    synchronized void remove(String name) {
        var release = settledRelease(name);
        change(release.removed(time.now()), release);
        restore(name);
    }

    /** Has a plugin run again. */
    synchronized void enable(String name) {
        var release = settledRelease(name);
        change(release.enabled(true), release);
        var active = release.active();
        if (active != null && !host.has(name)) {
            host.exchange(name, disk.path(active.file()));
        }
        host.start(name);
    }

    /** Has a plugin rest, also after a restart. */
    synchronized void disable(String name) {
        var release = settledRelease(name);
        if (host.original(name).isPresent()) {
            throw new TegaException.Conflict(null, name + " is a part of the server, which cannot do without it");
        }
        change(release.enabled(false), release);
        host.stop(name);
    }

    private void change(Release next, Release before) {
        releases.put(next.name(), next);
        try {
            save();
        } catch (IOException e) {
            releases.put(before.name(), before);
            throw unwritten(before.name(), e);
        }
        settled.incrementAndGet();
        publish();
        sweep();
    }

    private Release settledRelease(String name) {
        var release = releases.get(name);
        if (release == null || (release.stage() == Stage.REMOVED && release.active() == null)) {
            throw new TegaException.NotFound(
                    "no bundle '" + name + "' was installed here; 'plugins' lists those there are");
        }
        if (release.stage().onTrial()) {
            throw new TegaException.Conflict(null, name + " is on trial; wait for its end");
        }
        return release;
    }

    private Release known(String name) {
        return releases.getOrDefault(name, Release.of(name, time.now()));
    }

    /** Writes what could not be written before, if there is such. Called now and then. */
    synchronized void tick() {
        if (unsaved) {
            saveOrRemember();
        }
    }

    private void save() throws IOException {
        ledger.save(releases.values());
        unsaved = false;
    }

    private void saveOrRemember() {
        try {
            save();
        } catch (IOException e) {
            unsaved = true; // what is on the disk leads to the same set
        }
    }

    /** Removes jars that are nobody's. Uploads are not: they may be gone on with. */
    private void sweep() {
        try {
            var kept = new HashSet<>(Ledger.files(releases.values()));
            for (var file : disk.list()) {
                if (file.endsWith(".jar") && !kept.contains(file)) {
                    disk.delete(file);
                }
            }
        } catch (IOException e) {
            // They only take room, and are looked for again at the next change.
        }
    }

    private void publish() {
        shown = List.copyOf(releases.values());
        told.run();
    }
}
