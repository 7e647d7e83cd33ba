package tega.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.Watch;
import tega.api.WatchEvent;
import tega.api.WatchRequest;
import tega.api.spi.JsonCodec;

/**
 * A watch of another server. The snapshots of a change hold the nodes it touched and nothing else. No more is asked of the
 * connection than the reader takes, so a slow reader is the server's to deal with. When the connection is lost another one is
 * opened and goes on after the last event, however long that takes; reading fails when the server will not have it.
 */
final class RemoteWatch implements Watch {
    private static final int WAITING = 256;
    private static final Duration BEAT = Duration.ofSeconds(30);
    private static final Duration QUIET = Duration.ofSeconds(90);

    private final Rest rest;
    private final Workers workers;
    private final JsonCodec json;
    private final WatchRequest request;
    private final String tegaId;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<WatchEvent> queue = new ArrayDeque<>();
    private @Nullable Feed feed;
    private @Nullable Runnable signal;
    private @Nullable TegaException failure;
    private boolean closed;
    private boolean initial;
    private boolean begun;
    private long received;
    private long given;

    RemoteWatch(Rest rest, Workers workers, JsonCodec json, WatchRequest request, String tegaId) {
        this.rest = rest;
        this.workers = workers;
        this.json = json;
        this.request = request;
        this.tegaId = tegaId;
        this.initial = request.initial();
        this.begun = request.since().isPresent();
        this.received = request.since().orElse(0);
    }

    /** Opens the first connection; what the server says against it is thrown. */
    void begin() {
        open();
        workers.after(BEAT, this::beat);
    }

    private void open() {
        var next = new Feed();
        lock.lock();
        try {
            feed = next;
        } finally {
            lock.unlock();
        }
        var at = ask().events(next);
        lock.lock();
        try {
            begun = true;
            received = Math.max(received, at);
            given = queue.isEmpty() ? Math.max(given, received) : given;
        } finally {
            lock.unlock();
        }
    }

    private Rest.Ask ask() {
        var pattern = request.pattern();
        var ask = rest.ask("GET", "/_watch")
                .with(pattern.isExact() ? "path" : "pattern", pattern.isExact() ? pattern.prefix() : pattern)
                .with("mode", request.mode().name().toLowerCase(Locale.ROOT));
        if (pattern.parts().stream().anyMatch(PathPattern.Part.Regex.class::isInstance)) {
            ask.with("regex_flag", "True");
        }
        if (initial) {
            request.since().ifPresent(since -> ask.with("since", since));
            return ask.with("initial", "True");
        }
        return begun ? ask.with("since", received) : ask;
    }

    /** Later, and again until it is there, unless the server says that it never will be. */
    private void again(int failures) {
        workers.after(Workers.pause(failures), () -> {
            if (isClosed()) {
                return;
            }
            try {
                open();
            } catch (TegaException.Unavailable | TegaException.Timeout e) {
                again(failures + 1);
            } catch (TegaException e) {
                fail(e);
            }
        });
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** What was received before is still given. */
    private void fail(TegaException why) {
        Runnable wake;
        lock.lock();
        try {
            failure = why;
            closed = true;
            changed.signalAll();
            wake = signal;
        } finally {
            lock.unlock();
        }
        if (wake != null) {
            wake.run();
        }
    }

    /** A connection on which nothing comes, not even the server's signs of life, is lost though nobody has said so. */
    private void beat() {
        Feed now;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            now = feed;
        } finally {
            lock.unlock();
        }
        if (now != null) {
            now.check();
        }
        workers.after(BEAT, this::beat);
    }

    /** Called with the lock held. */
    private void event(String name, String data) {
        WatchEvents.event(name, Answers.object(json.readJson(data))).ifPresent(this::add);
    }

    private void add(WatchEvent event) {
        received = Math.max(received, WatchEvents.revision(event));
        if (event instanceof WatchEvent.Initial) {
            initial = false;
        }
        if (event instanceof WatchEvent.Compacted || event instanceof WatchEvent.Slow) {
            closed = true; // the last one, as it is told
        }
        var own = request.excludeOwn()
                && event instanceof WatchEvent.Changed change
                && change.change().commit().by().tegaId().equals(tegaId);
        queue.add(own ? new WatchEvent.Progress(WatchEvents.revision(event)) : event);
    }

    /** One connection's events. */
    private final class Feed implements Flow.Subscriber<List<ByteBuffer>> {
        private final Events events = new Events(RemoteWatch.this::event);
        private Flow.@Nullable Subscription subscription;
        private boolean held;
        private boolean over;
        private volatile long heard = System.nanoTime();

        @Override
        public void onSubscribe(Flow.Subscription given) {
            lock.lock();
            try {
                subscription = given;
                if (closed || feed != this) {
                    over = true;
                    given.cancel();
                    return;
                }
            } finally {
                lock.unlock();
            }
            given.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            heard = System.nanoTime();
            Runnable wake = null;
            var more = false;
            lock.lock();
            try {
                if (over || closed) {
                    return;
                }
                var empty = queue.isEmpty();
                buffers.forEach(events::take);
                if (empty && !queue.isEmpty()) {
                    wake = signal;
                }
                changed.signalAll();
                more = queue.size() < WAITING;
                held = !more;
            } catch (TegaException e) {
                lost();
                return;
            } finally {
                lock.unlock();
            }
            if (wake != null) {
                wake.run();
            }
            if (more && subscription != null) {
                subscription.request(1);
            }
        }

        @Override
        public void onError(Throwable cause) {
            lost();
        }

        @Override
        public void onComplete() {
            lost();
        }

        private void lost() {
            lock.lock();
            try {
                if (over || closed) {
                    return;
                }
                cancel();
            } finally {
                lock.unlock();
            }
            again(0);
        }

        void check() {
            if (!held && System.nanoTime() - heard > QUIET.toNanos()) {
                lost();
            }
        }

        /** Called with the lock held. */
        void cancel() {
            over = true;
            if (subscription != null) {
                subscription.cancel();
            }
        }

        /** Called with the lock held: whether there is room for more again. */
        boolean goesOn() {
            var more = held && !over && queue.size() < WAITING / 2;
            held = held && !more;
            return more;
        }

        void request() {
            heard = System.nanoTime();
            if (subscription != null) {
                subscription.request(1);
            }
        }
    }

    @Override
    public Optional<WatchEvent> poll() {
        try {
            return take(Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public Optional<WatchEvent> take(Duration timeout) throws InterruptedException {
        WatchEvent event;
        Feed more;
        lock.lockInterruptibly();
        try {
            var left = timeout.toNanos();
            while (queue.isEmpty() && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            event = queue.poll();
            if (event == null) {
                if (failure != null) {
                    throw failure;
                }
                return Optional.empty();
            }
            given = Math.max(given, WatchEvents.revision(event));
            more = feed != null && feed.goesOn() ? feed : null;
        } finally {
            lock.unlock();
        }
        if (more != null) {
            more.request();
        }
        return Optional.of(event);
    }

    @Override
    public void onReady(Runnable wake) {
        var now = false;
        lock.lock();
        try {
            signal = wake;
            now = !queue.isEmpty() || failure != null;
        } finally {
            lock.unlock();
        }
        if (now) {
            wake.run();
        }
    }

    @Override
    public long revision() {
        lock.lock();
        try {
            return given;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            queue.clear();
            changed.signalAll();
            if (feed != null) {
                feed.cancel();
            }
        } finally {
            lock.unlock();
        }
        rest.forget(this);
    }
}
