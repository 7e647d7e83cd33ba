package tega.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tega.api.Change;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.Watch;
import tega.api.WatchEvent;
import tega.api.WatchMode;
import tega.api.WatchRequest;

/**
 * One watch. It begins behind, reading what has happened from memory or the log on its reader's own thread; when it has come up
 * to the present it goes live, and from then on commits are put into its mailbox. What concerns it exactly is worked out by
 * the reader too, so that no pattern costs a commit anything.
 */
final class Watcher implements Watch {
    /** So many commits that do not concern it are told of as progress. */
    private static final int PROGRESS = 1000;

    /** What became of an offer. */
    enum Offer {
        QUEUED,
        WAKE,
        LEAVE
    }

    private final Dispatcher dispatcher;
    private final List<PathPattern> patterns;
    private final WatchRequest request;
    private final Sight sight;
    private final boolean patient;
    private final Narrowing narrowing;
    private final Backlog backlog;
    private final @Nullable State beginning;

    // All below is guarded by this watcher's monitor.
    private final Mailbox mailbox;

    private Mailbox.@Nullable Mail held;
    private long given;
    private long told;
    private long offered;
    private boolean live;
    private boolean initial;
    private boolean closed;
    private @Nullable WatchEvent ending;
    private Runnable signal = () -> {};

    /** {@code patient}: when the mailbox is full it falls behind and reads on from memory or the log, instead of ending. */
    Watcher(Dispatcher dispatcher, List<PathPattern> patterns, WatchRequest request, Sight sight, boolean patient) {
        var store = dispatcher.store();
        var state = store.state();
        var now = state.revision();
        var since = request.since().orElse(now);
        if (since > now || since < 0) {
            throw new TegaException.Invalid(
                    "a watch cannot begin after revision " + since + ", the last one is " + now);
        }
        this.dispatcher = dispatcher;
        this.patterns = List.copyOf(patterns);
        this.request = request;
        this.sight = sight;
        this.patient = patient;
        this.narrowing = new Narrowing(patterns);
        this.mailbox = new Mailbox(request);
        this.backlog = new Backlog(dispatcher, since, request);
        this.initial = request.initial();
        this.beginning = request.since().isPresent() ? null : state;
        this.given = since;
        this.told = since;
        this.offered = since;
        if (!backlog.owesInventory()) {
            dispatcher.enter(this, since);
        }
    }

    List<Path> prefixes() {
        return patterns.stream().map(PathPattern::prefix).distinct().toList();
    }

    /** Called by the dispatcher, when everything up to {@code revision} has been read. */
    synchronized boolean goLive(long revision) {
        if (closed || ending != null) {
            return false;
        }
        live = true;
        offered = Math.max(offered, revision);
        return true;
    }

    /** Called by the dispatcher on the thread that commits. */
    synchronized Offer offer(Chronicle.Entry entry) {
        if (!live || entry.revision() <= offered || isExcluded(entry)) {
            return Offer.QUEUED;
        }
        var wasEmpty = mailbox.isEmpty();
        if (mailbox.put(entry)) {
            offered = entry.revision();
            return wasEmpty ? Offer.WAKE : Offer.QUEUED;
        }
        live = false;
        if (patient) {
            backlog.moveTo(offered);
        } else {
            ending = new WatchEvent.Slow(offered);
        }
        return Offer.LEAVE;
    }

    private boolean isExcluded(Chronicle.Entry entry) {
        return request.excludeOwn() && entry.commit().by().equals(sight.identity());
    }

    /** Tells the reader that there is something. */
    void signal() {
        Runnable ring;
        synchronized (this) {
            notifyAll();
            ring = signal;
        }
        try {
            ring.run();
        } catch (RuntimeException e) {
            dispatcher.signalFailed();
        }
    }

    @Override
    public void onReady(Runnable newSignal) {
        boolean now;
        synchronized (this) {
            signal = newSignal;
            now = isReady();
        }
        if (now) {
            newSignal.run();
        }
    }

    /** Whether {@link #poll()} may have something. */
    synchronized boolean isReady() {
        return !closed && (initial || !live || held != null || !mailbox.isEmpty() || ending != null);
    }

    /** How many commits wait. */
    synchronized int waiting() {
        return mailbox.size();
    }

    @Override
    public Optional<WatchEvent> poll() {
        while (true) {
            var present = dispatcher.dispatched();
            Mailbox.Mail mail;
            synchronized (this) {
                if (closed) {
                    return Optional.empty();
                }
                if (initial) {
                    var event = initialEvent();
                    initial = false;
                    return Optional.of(event);
                }
                mail = held == null ? mailbox.take() : held;
                held = null;
                if (mail == null && live) {
                    return progress(present, PROGRESS);
                }
                if (mail == null && ending != null) {
                    var last = ending;
                    ending = null;
                    closed = true;
                    return Optional.of(last);
                }
            }
            var event = mail == null ? behind() : changed(mail);
            if (event.isPresent()) {
                return event;
            }
        }
    }

    private WatchEvent initialEvent() {
        try {
            var state = beginning == null ? dispatcher.store().archive().at(given) : beginning;
            return new WatchEvent.Initial(given, sight.of(state.visible()));
        } catch (TegaException.Compacted e) {
            closed = true;
            return new WatchEvent.Compacted(e.oldest());
        }
    }

    /** Progress to {@code revision} when it is at least {@code step} since anything was told. */
    private synchronized Optional<WatchEvent> progress(long revision, int step) {
        given = Math.max(given, revision);
        if (given - told < step) {
            return Optional.empty();
        }
        told = given;
        return Optional.of(new WatchEvent.Progress(given));
    }

    private Optional<WatchEvent> changed(Mailbox.Mail mail) {
        var entry = mail.entry();
        var change = mail.count() == 1 ? Changes.one(entry, narrowing) : Changes.many(mail, patterns, narrowing);
        Change seen;
        try {
            seen = sight.of(change);
        } catch (TegaException.Unavailable e) {
            // Who may see it will be known again, and then it is told.
            synchronized (this) {
                held = mail;
            }
            throw e;
        }
        synchronized (this) {
            given = Math.max(given, entry.revision());
            if (seen.edits().isEmpty() && !mail.isInventory()) {
                return Optional.empty();
            }
            told = given;
            return Optional.of(new WatchEvent.Changed(seen));
        }
    }

    /** Reads one step of what has happened. */
    private Optional<WatchEvent> behind() {
        var mail = backlog.next();
        if (mail != null) {
            return isExcluded(mail.entry()) && !mail.isInventory() ? Optional.empty() : changed(mail);
        }
        if (backlog.isCompacted()) {
            synchronized (this) {
                closed = true;
            }
            return Optional.of(new WatchEvent.Compacted(dispatcher.store().oldest()));
        }
        if (!dispatcher.enter(this, backlog.position())) {
            return Optional.empty();
        }
        return progress(backlog.position(), 1);
    }

    @Override
    public Optional<WatchEvent> take(Duration timeout) throws InterruptedException {
        var scheduler = dispatcher.store().scheduler();
        var end = scheduler.nanos() + timeout.toNanos();
        while (true) {
            var event = poll();
            if (event.isPresent()) {
                return event;
            }
            synchronized (this) {
                var left = end - scheduler.nanos();
                if (closed || left <= 0) {
                    return Optional.empty();
                }
                if (!isReady()) {
                    // One millisecond more, for the wait is in whole ones.
                    wait(left / 1_000_000 + 1);
                }
            }
        }
    }

    @Override
    public long revision() {
        var present = dispatcher.dispatched();
        synchronized (this) {
            return live && held == null && mailbox.isEmpty() ? Math.max(given, present) : given;
        }
    }

    /** Whether it combines what waits. */
    boolean isState() {
        return request.mode() == WatchMode.STATE;
    }

    /** Ends it for want of commits to come. */
    synchronized void end() {
        closed = true;
        live = false;
        mailbox.clear();
        held = null;
        notifyAll();
    }

    @Override
    public void close() {
        end();
        dispatcher.leave(this);
        backlog.close();
    }
}
