package tega.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Hands each commit, in order, to the watchers it may concern, and no other watcher costs it anything. Whoever begins to
 * watch does so between two commits.
 */
final class Dispatcher {
    private final Store store;
    private final WatchIndex index = new WatchIndex();
    private final LongAdder failedSignals = new LongAdder();
    private volatile long dispatched;
    private boolean closed;

    Dispatcher(Store store) {
        this.store = store;
    }

    void begin(long revision) {
        dispatched = revision;
    }

    Store store() {
        return store;
    }

    /** Every watcher has been offered everything up to this revision. */
    long dispatched() {
        return dispatched;
    }

    /** Called by one thread at a time. */
    void dispatch(Chronicle.Entry entry) {
        var ready = new ArrayList<Watcher>(0);
        synchronized (index) {
            if (!index.isEmpty()) {
                offer(entry, ready);
            }
            dispatched = entry.revision();
        }
        // A signal may do what it likes, close its watch for one; nothing is held here any more.
        ready.forEach(Watcher::signal);
    }

    private void offer(Chronicle.Entry entry, List<Watcher> ready) {
        var left = new ArrayList<Watcher>(0);
        for (var edit : entry.commit().edits()) {
            index.concerned(edit.path(), watcher -> {
                switch (watcher.offer(entry)) {
                    case WAKE -> ready.add(watcher);
                    case LEAVE -> {
                        left.add(watcher);
                        ready.add(watcher);
                    }
                    case QUEUED -> {}
                }
            });
        }
        left.forEach(index::remove);
    }

    /** Makes the watcher hear of every commit from now on, if {@code position} is all there was until now. */
    boolean enter(Watcher watcher, long position) {
        synchronized (index) {
            if (dispatched > position) {
                return false;
            }
            if (closed) {
                watcher.end();
            } else if (watcher.goLive(dispatched)) {
                index.add(watcher);
            }
            return true;
        }
    }

    void leave(Watcher watcher) {
        synchronized (index) {
            index.remove(watcher);
        }
    }

    void signalFailed() {
        failedSignals.increment();
    }

    /** How many signals threw something. */
    long failedSignals() {
        return failedSignals.sum();
    }

    /** How many watchers hear of commits as they happen. */
    int size() {
        synchronized (index) {
            return index.size();
        }
    }

    /** Ends all watches. */
    void close() {
        List<Watcher> all;
        synchronized (index) {
            closed = true;
            all = new ArrayList<>(index.all());
        }
        all.forEach(Watcher::close);
    }
}
