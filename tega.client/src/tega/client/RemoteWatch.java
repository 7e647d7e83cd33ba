package tega.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tega.api.Change;
import tega.api.Commit;
import tega.api.Edit;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Snapshot;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;
import tega.api.Watch;
import tega.api.WatchEvent;
import tega.api.spi.JsonCodec;

/**
 * A watch of another server. The snapshots of a change hold the nodes it touched and nothing else. No more is asked of the
 * connection than the reader takes, so a slow reader is the server's to deal with. When the connection is lost, reading fails
 * with {@code UNAVAILABLE} and the revision to go on from.
 */
final class RemoteWatch implements Watch, Flow.Subscriber<List<ByteBuffer>> {
    private static final int WAITING = 256;

    private final JsonCodec json;
    private final @Nullable String without;
    private final Events events = new Events(this::event);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<WatchEvent> queue = new ArrayDeque<>();
    private Flow.@Nullable Subscription subscription;
    private boolean held;
    private boolean closed;
    private @Nullable String lost;
    private @Nullable Runnable signal;
    private long revision;

    /** {@code without}: leave out the commits of this {@code tega_id}, if not null. */
    RemoteWatch(JsonCodec json, long revision, @Nullable String without) {
        this.json = json;
        this.revision = revision;
        this.without = without;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        lock.lock();
        try {
            subscription = given;
            if (closed) {
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
        Runnable wake = null;
        var more = false;
        lock.lock();
        try {
            var empty = queue.isEmpty();
            try {
                buffers.forEach(events::take);
            } catch (TegaException e) {
                end("it told what cannot be understood: " + e.getMessage());
            }
            if (empty && !queue.isEmpty()) {
                wake = signal;
            }
            changed.signalAll();
            more = queue.size() < WAITING && !closed;
            held = !more;
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

    /** Called with the lock held. */
    private void event(String name, String data) {
        var told = Answers.object(json.readJson(data));
        switch (name) {
            case "change" -> change(told);
            case "initial" -> initial(told);
            case "progress" -> queue.add(new WatchEvent.Progress(Answers.number(told.get("revision"))));
            case "compacted" -> queue.add(new WatchEvent.Compacted(Answers.number(told.get("oldest"))));
            case "slow" -> queue.add(new WatchEvent.Slow(Answers.number(told.get("resume"))));
            default -> {
                // of a later release
            }
        }
    }

    private void change(ObjectValue told) {
        var commit = Answers.commit(told);
        if (commit.by().tegaId().equals(without)) {
            queue.add(new WatchEvent.Progress(commit.revision()));
            return;
        }
        var before = Tree.EMPTY;
        for (var item : Answers.array(told.get("edits"))) {
            var edit = Answers.object(item);
            var previous = edit.get("previous");
            var path = edit.get("path");
            if (previous != null && path != null) {
                before = planted(before, Path.from(path), previous);
            }
        }
        queue.add(new WatchEvent.Changed(change(commit, before, told)));
    }

    private static Change change(Commit commit, Tree before, ObjectValue told) {
        var after = before;
        for (var edit : commit.edits()) {
            after = edit instanceof Edit.Put put ? planted(after, put.path(), put.value()) : after.apply(edit, 0);
        }
        var skipped = told.get("skipped") instanceof NumberValue number ? (int) number.longValue() : 0;
        return new Change(
                commit,
                commit.edits(),
                new Snapshot(commit.revision() - 1, before, Value.object()),
                new Snapshot(commit.revision(), after, Value.object()),
                skipped);
    }

    /** What is told of a node; where two tell of one place, the first does. */
    private static Tree planted(Tree tree, Path path, Value value) {
        try {
            return tree.put(path, value, 0);
        } catch (TegaException e) {
            return tree;
        }
    }

    private void initial(ObjectValue told) {
        var tree = Tree.EMPTY;
        for (var item : Answers.array(told.get("nodes"))) {
            var node = Answers.object(item);
            var path = Path.from(Answers.present(node.get("path")));
            tree = path.isEmpty() ? tree : planted(tree, path, Answers.present(node.get("value")));
        }
        var at = Answers.number(told.get("revision"));
        queue.add(new WatchEvent.Initial(at, new Snapshot(at, tree, Value.object())));
    }

    @Override
    public void onError(Throwable cause) {
        lost(cause.toString());
    }

    @Override
    public void onComplete() {
        lost("the server ended it");
    }

    private void lost(String why) {
        lock.lock();
        try {
            if (!closed) {
                end(why);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What was received before is still given. */
    private void end(String why) {
        lost = why;
        closed = true;
        changed.signalAll();
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
        var more = false;
        lock.lockInterruptibly();
        try {
            var left = timeout.toNanos();
            while (queue.isEmpty() && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            event = queue.poll();
            if (event == null) {
                if (lost != null) {
                    throw new TegaException.Unavailable(
                            "the watch was lost: " + lost + "; go on from revision " + revision);
                }
                return Optional.empty();
            }
            revision = Math.max(revision, revision(event));
            more = held && queue.size() < WAITING / 2 && !closed;
            held = held && !more;
        } finally {
            lock.unlock();
        }
        if (more && subscription != null) {
            subscription.request(1);
        }
        return Optional.of(event);
    }

    private static long revision(WatchEvent event) {
        if (event instanceof WatchEvent.Changed change) {
            return change.change().commit().revision();
        }
        return event instanceof WatchEvent.Progress progress
                ? progress.revision()
                : event instanceof WatchEvent.Initial initial ? initial.revision() : 0;
    }

    @Override
    public void onReady(Runnable wake) {
        var now = false;
        lock.lock();
        try {
            signal = wake;
            now = !queue.isEmpty();
        } finally {
            lock.unlock();
        }
        if (now) {
            wake.run();
        }
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            queue.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
