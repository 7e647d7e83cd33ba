package tega.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.WatchMode;
import tega.api.spi.CommitLog;

/**
 * What has happened since a position, commit by commit, for a watcher that is behind: from memory where it reaches back so far,
 * else from the log. The log knows nothing of ephemeral nodes; where its commits end and those in memory begin, the ephemeral
 * nodes there are at that point come as one lease commit, so that from there on the watcher has all of them. For one
 * thread at a time.
 */
final class Backlog implements AutoCloseable {
    private final Store store;
    private final Dispatcher dispatcher;
    private final WatchMode mode;
    private long position;
    private boolean compacted;
    private boolean closed;
    private CommitLog.@Nullable Reader reader;
    private State replay = State.EMPTY;

    Backlog(Dispatcher dispatcher, long position, WatchMode mode) {
        this.dispatcher = dispatcher;
        this.store = dispatcher.store();
        this.position = position;
        this.mode = mode;
    }

    /** Everything up to this revision has been given. */
    synchronized long position() {
        return position;
    }

    /** Goes on from another revision. */
    synchronized void moveTo(long revision) {
        position = revision;
    }

    /** Whether what comes next is no longer kept. */
    synchronized boolean isCompacted() {
        return compacted;
    }

    /** The next commit, if there is one and it is still kept. */
    synchronized Mailbox.@Nullable Mail next() {
        if (compacted || closed) {
            return null;
        }
        try {
            if (position < store.state().cleared() - 1) {
                compacted = true;
                return null;
            }
            var mail = mode == WatchMode.STATE ? jump() : step();
            if (mail != null) {
                position = mail.entry().revision();
            }
            return mail;
        } catch (TegaException.Compacted e) {
            compacted = true;
            return null;
        }
    }

    /** All of it at once. */
    private Mailbox.@Nullable Mail jump() {
        var newest = store.chronicle().until(Long.MAX_VALUE);
        if (newest == null || newest.revision() <= position) {
            return null;
        }
        return new Mailbox.Mail(newest, store.archive().at(position), (int) (newest.revision() - position));
    }

    private Mailbox.@Nullable Mail step() {
        if (reader == null) {
            var present = dispatcher.dispatched();
            var entry = store.chronicle().from(position + 1);
            if (entry == null) {
                if (position >= present || store.chronicle().oldest() != null) {
                    return null;
                }
            } else if (entry.before().revision() <= position) {
                return new Mailbox.Mail(entry, entry.before(), 1);
            }
            replay = store.archive().at(position);
            reader = store.log().read(position + 1);
        }
        return fromLog(reader);
    }

    private Mailbox.@Nullable Mail fromLog(CommitLog.Reader open) {
        var present = dispatcher.dispatched();
        var memory = store.chronicle().oldest();
        if (open.hasNext()) {
            var commit = open.next();
            if (memory == null || commit.revision() <= memory.before().revision()) {
                var entry = Store.replayed(commit, replay);
                replay = entry.after();
                return new Mailbox.Mail(entry, entry.before(), 1);
            }
        }
        open.close();
        reader = null;
        if (memory == null) {
            position = Math.max(position, present);
            return null;
        }
        position = Math.max(position, memory.before().revision());
        return ephemeral(memory.before());
    }

    /** The ephemeral nodes of {@code state} as one commit. */
    private Mailbox.@Nullable Mail ephemeral(State state) {
        if (state.leases().isEmpty()) {
            return step();
        }
        var edits = new ArrayList<Edit>();
        for (var lease : state.leases().within(Path.EMPTY)) {
            var value = state.visible().tree().get(lease.path());
            if (value != null) {
                edits.add(new Edit.Put(lease.path(), value, lease.owner()));
            }
        }
        var commit = new Commit(
                state.revision(),
                store.scheduler().now(),
                store.self().identity(),
                store.options().id(),
                CommitKind.LEASE,
                "the ephemeral nodes there are",
                0,
                edits,
                List.of(),
                null,
                Map.of());
        var bare = new State(
                state.revision(),
                state.history(),
                state.durable(),
                state.roots(),
                Leases.NONE,
                state.pending(),
                state.tags(),
                state.cleared(),
                state.memory());
        return new Mailbox.Mail(new Chronicle.Entry(commit, bare, state, 0), bare, 1);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
