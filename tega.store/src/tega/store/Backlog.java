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
import tega.api.WatchRequest;
import tega.api.spi.CommitLog;

/**
 * What has happened since a position, commit by commit, for a watcher that is behind: from memory where it reaches back so far,
 * else from the log. The log knows nothing of ephemeral nodes, and a server that starts has none. So where what memory holds
 * begins, or where this run of the server began, the ephemeral nodes there are at that point come as an inventory: a lease commit
 * that refers to its own revision. Whoever resumed and still holds others knows that they are gone. For one thread at a time.
 */
final class Backlog implements AutoCloseable {
    private final Store store;
    private final Dispatcher dispatcher;
    private final WatchMode mode;
    private boolean owesInventory;
    private long inventoried = -1;
    private long position;
    private boolean compacted;
    private boolean closed;
    private CommitLog.@Nullable Reader reader;
    private State replay = State.EMPTY;

    Backlog(Dispatcher dispatcher, long position, WatchRequest request) {
        this.dispatcher = dispatcher;
        this.store = dispatcher.store();
        this.position = position;
        this.mode = request.mode();
        this.owesInventory = request.since().isPresent() && store.born() > 0 && position <= store.born();
    }

    /** Whether it must still tell which ephemeral nodes there are. */
    synchronized boolean owesInventory() {
        return owesInventory;
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
        var present = dispatcher.dispatched();
        var newest = store.chronicle().until(Long.MAX_VALUE);
        owesInventory |= newest != null && newest.revision() > position && !isInMemory() && store.leased() > position;
        if (owesInventory) {
            return inventory(store.archive().at(position).bare());
        }
        if (newest == null || newest.revision() <= position) {
            position = Math.max(position, present);
            return null;
        }
        return new Mailbox.Mail(newest, store.archive().at(position), (int) (newest.revision() - position));
    }

    private boolean isInMemory() {
        var next = store.chronicle().from(position + 1);
        return inventoried == position || (next != null && next.before().revision() <= position);
    }

    private Mailbox.@Nullable Mail step() {
        if (reader == null) {
            var present = dispatcher.dispatched();
            var entry = store.chronicle().from(position + 1);
            if (entry == null && (position >= present || store.chronicle().oldest() != null)) {
                return upTo(present);
            }
            if (owesInventory && position >= store.born()) {
                return inventory(store.archive().at(position));
            }
            if (entry != null && entry.before().revision() <= position) {
                return fromMemory(entry);
            }
            owesInventory |= store.leased() > position;
            replay = store.archive().at(position);
            reader = store.log().read(position + 1);
        }
        return fromLog(reader);
    }

    /** There was nothing up to {@code present}. */
    private Mailbox.@Nullable Mail upTo(long present) {
        position = Math.max(position, present);
        return owesInventory && position >= store.born()
                ? inventory(store.archive().at(position))
                : null;
    }

    private Mailbox.@Nullable Mail fromLog(CommitLog.Reader open) {
        var present = dispatcher.dispatched();
        Chronicle.Entry memory;
        if (open.hasNext()) {
            var commit = open.next();
            memory = store.chronicle().get(commit.revision());
            if (memory == null) {
                var entry = Store.replayed(commit, replay);
                replay = entry.after();
                return new Mailbox.Mail(entry, entry.before(), 1);
            }
        } else {
            memory = store.chronicle().from(position + 1);
        }
        open.close();
        reader = null;
        if (memory == null) {
            return upTo(present);
        }
        owesInventory |= store.leased() > position;
        position = Math.max(position, memory.before().revision());
        return fromMemory(memory);
    }

    /** The next commit, of which memory knows what was before it. */
    private Mailbox.Mail fromMemory(Chronicle.Entry entry) {
        return owesInventory && (position >= store.born() || entry.revision() > store.born())
                ? inventory(store.archive().at(Math.max(position, store.born())))
                : new Mailbox.Mail(entry, entry.before(), 1);
    }

    /** The ephemeral nodes of {@code state} as one commit. */
    private Mailbox.Mail inventory(State state) {
        owesInventory = false;
        position = Math.max(position, state.revision());
        inventoried = position;
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
                state.revision(),
                edits,
                List.of(),
                null,
                Map.of());
        var bare = state.bare();
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
