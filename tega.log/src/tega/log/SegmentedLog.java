package tega.log;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tega.api.ErrorCode;
import tega.api.TegaException;
import tega.api.spi.CommitCodec;
import tega.api.spi.CommitLog;
import tega.api.spi.JsonCodec;
import tega.api.spi.LogHealth;
import tega.api.spi.LogOptions;
import tega.api.spi.Picture;
import tega.api.spi.Proposal;
import tega.api.spi.Receipt;
import tega.api.spi.Recovery;
import tega.api.spi.Scheduler;
import tega.api.spi.Sink;
import tega.api.spi.Storage;

/**
 * The commit log in a folder: segments of frames and pictures beside them. Appending, opening, clearing and closing exclude each
 * other; everything else goes on meanwhile. Which files there are is one immutable value, swapped.
 */
final class SegmentedLog implements CommitLog {
    private final Storage storage;
    private final LogOptions options;
    private final CommitCodec commits;
    private final JsonCodec json;
    private final Scheduler scheduler;
    private final Counters counters = new Counters();
    private final ReentrantLock appending = new ReentrantLock();
    private final Condition condition;
    private final Disposal disposal;
    private volatile Shelf shelf;
    private volatile @Nullable Writing writing;
    private volatile long lastAtEnd;
    private boolean locked;

    SegmentedLog(Storage storage, LogOptions options, CommitCodec commits, JsonCodec json, Scheduler scheduler) {
        this.storage = storage;
        this.options = options;
        this.commits = commits;
        this.json = json;
        this.scheduler = scheduler;
        this.condition = new Condition(storage, scheduler, this::probe);
        this.disposal = new Disposal(storage, options, scheduler, counters, condition);
        this.shelf = new Shelf(storage, Catalog.EMPTY);
    }

    /** Takes the folder; {@code UNAVAILABLE} when another process has it or it cannot be written. */
    void lock() {
        appending.lock();
        try {
            if (!locked) {
                storage.lock();
                locked = true;
            }
        } catch (IOException e) {
            throw new TegaException.Unavailable(
                    "cannot use the data in " + storage.describe("") + " (" + Reason.of(e)
                            + "); give this user the right to write there, or name another folder with -d",
                    e);
        } finally {
            appending.unlock();
        }
    }

    @Override
    public Recovery open(Sink sink) {
        appending.lock();
        try {
            lock();
            end();
            return begin(sink);
        } catch (IOException e) {
            throw new TegaException.Unavailable(
                    "cannot read the data in " + storage.describe("") + " (" + Reason.of(e)
                            + "); see that the disk is well and this user may write there",
                    e);
        } finally {
            appending.unlock();
        }
    }

    private Recovery begin(Sink sink) throws IOException {
        var opening = new Opening(storage, scheduler, commits, json, counters, options.segmentBytes());
        var tail = opening.open(sink);
        // a crash may have swallowed commits that left no trace: their revisions are not given out again
        if (tail.reserved() > tail.last()) {
            tail.last(tail.reserved());
        }
        var files = new Shelf(storage, opening.catalog());
        shelf = files;
        var pictures = new Pictures(
                storage,
                options,
                json,
                scheduler,
                counters,
                files,
                opening.pictureBytes(),
                opening.bytesAfter(),
                () -> scheduler.background().execute(() -> disposal.retire(files, last())));
        writing = new Writing(storage, commits, counters, condition, files, pictures, sink, tail);
        condition.well();
        return opening.recovery(tail.last());
    }

    @Override
    public List<Receipt> append(List<Proposal> batch) {
        appending.lock();
        try {
            var open = writing;
            return open == null ? Writing.refuseAll(batch, counters, Condition.CLOSED) : open.append(batch);
        } finally {
            appending.unlock();
        }
    }

    private void probe() {
        appending.lock();
        try {
            var open = writing;
            condition.probe(open != null && !open.isBroken(), () -> {
                if (open != null) {
                    open.prepare();
                }
            });
        } finally {
            appending.unlock();
        }
    }

    @Override
    public long last() {
        var open = writing;
        return open == null ? lastAtEnd : open.last();
    }

    @Override
    public long oldest() {
        return opened().oldest();
    }

    private Catalog opened() {
        var now = shelf.now();
        if (now.segments().isEmpty()) {
            throw new TegaException.Unavailable(Condition.CLOSED);
        }
        return now;
    }

    /** The log as it grows; {@code UNAVAILABLE} when it is not open. */
    private Writing writing() {
        var open = writing;
        if (open == null || open.isBroken()) {
            throw new TegaException.Unavailable(Condition.CLOSED);
        }
        return open;
    }

    @Override
    public int maxPayload() {
        return Frame.MAX_PAYLOAD;
    }

    @Override
    public Reader read(long revision) {
        return CommitReader.of(storage, commits, opened(), revision);
    }

    @Override
    public List<Long> pictures() {
        return opened().pictures();
    }

    @Override
    public Picture picture(long revision) {
        if (!opened().pictures().contains(revision)) {
            throw new TegaException.NotFound("there is no picture of revision " + revision);
        }
        return new PictureFile(storage, json, revision);
    }

    @Override
    public long snapshot() {
        Writing open;
        Picture frozen;
        appending.lock();
        try {
            open = writing();
            frozen = open.sink().freeze();
        } finally {
            appending.unlock();
        }
        return open.pictures().write(frozen);
    }

    /** How much of the disk its files take. */
    long bytes() {
        return disposal.bytes(opened());
    }

    /**
     * Lets history begin with {@code state}, which is that after one of its revisions: writes it as a picture and gives back the
     * space of all that was before, to the commit. {@code UNAVAILABLE} when the disk refuses; some may be given back then.
     */
    void trim(Picture state) {
        var revision = state.revision();
        writing().pictures().write(state);
        if (!opened().pictures().contains(revision)) {
            return; // history begins there already, with the empty database
        }
        appending.lock();
        try {
            writing().turn();
        } finally {
            appending.unlock();
        }
        disposal.trim(shelf, revision);
    }

    @Override
    public void compact(long needed) {
        disposal.needed(needed);
        opened();
        disposal.retire(shelf, last());
    }

    @Override
    public void clear() {
        appending.lock();
        try {
            writing().clear();
        } finally {
            appending.unlock();
        }
    }

    @Override
    public LogHealth health() {
        var metrics = counters.metrics();
        metrics.put("last_revision", last());
        var files = shelf.now();
        if (!files.segments().isEmpty()) {
            metrics.put("oldest_revision", files.oldest());
            metrics.put("segments", (long) files.segments().size());
            metrics.put("pictures", (long) files.pictures().size());
        }
        try {
            metrics.put("free_bytes", storage.usable());
        } catch (IOException e) {
            return new LogHealth(false, "cannot ask for the free space (" + Reason.of(e) + ")", metrics);
        }
        var trouble = condition.sentence();
        return new LogHealth(trouble.isEmpty(), trouble, metrics);
    }

    /** What is not as it should be although commits are taken, or an empty text. */
    String hindrance() {
        var open = writing;
        return open == null || open.pictures().trouble().isEmpty()
                ? condition.hindrance()
                : open.pictures().trouble();
    }

    /** The stable code of what troubles it. */
    ErrorCode code() {
        return condition.trouble().code();
    }

    @Override
    public void close() {
        appending.lock();
        try {
            end();
            if (locked) {
                locked = false;
                storage.close();
            }
        } catch (IOException e) {
            throw new TegaException.Unavailable(
                    "cannot close the data in " + storage.describe("") + " in order (" + Reason.of(e)
                            + "); what was acknowledged is safe",
                    e);
        } finally {
            appending.unlock();
        }
    }

    /** Brings what was opened to an end, in order if the disk lets it. */
    private void end() throws IOException {
        var open = writing;
        if (open == null) {
            return;
        }
        lastAtEnd = open.last();
        writing = null;
        try {
            open.end();
        } finally {
            shelf = new Shelf(storage, Catalog.EMPTY);
            if (!open.isBroken()) {
                condition.closed();
            }
        }
    }
}
