package tega.log;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
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
    private static final String CLOSED = "the commit log is not open";
    private static final Duration PROBE = Duration.ofSeconds(1);
    private static final System.Logger LOG = System.getLogger("tega.log");

    private final Storage storage;
    private final LogOptions options;
    private final CommitCodec commits;
    private final JsonCodec json;
    private final Scheduler scheduler;
    private final Counters counters = new Counters();
    private final ReentrantLock appending = new ReentrantLock();
    private final FrameBuffer frames = new FrameBuffer();
    private final Retention retention;
    private volatile Shelf shelf;
    private volatile @Nullable Pictures pictures;
    private volatile long last;
    private volatile String trouble = CLOSED;
    private volatile String hindrance = "";
    private @Nullable Tail tail;
    private @Nullable Sink sink;
    private boolean locked;
    private boolean probing;

    SegmentedLog(Storage storage, LogOptions options, CommitCodec commits, JsonCodec json, Scheduler scheduler) {
        this.storage = storage;
        this.options = options;
        this.commits = commits;
        this.json = json;
        this.scheduler = scheduler;
        this.retention = new Retention(storage, options, scheduler);
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
            var opening = new Opening(storage, scheduler, commits, json, counters, options.segmentBytes());
            var opened = opening.open(sink);
            // a crash may have swallowed commits that left no trace: their revisions are not given out again
            if (opened.reserved() > opened.last()) {
                opened.last(opened.reserved());
            }
            last = opened.last();
            this.sink = sink;
            tail = opened;
            var files = new Shelf(storage, opening.catalog());
            shelf = files;
            pictures = new Pictures(
                    storage,
                    options,
                    json,
                    scheduler,
                    counters,
                    files,
                    opening.pictureBytes(),
                    opening.bytesAfter(),
                    () -> scheduler.background().execute(() -> retire(files)));
            trouble = "";
            return opening.recovery(last);
        } catch (IOException e) {
            throw new TegaException.Unavailable(
                    "cannot read the data in " + storage.describe("") + " (" + Reason.of(e)
                            + "); see that the disk is well and this user may write there",
                    e);
        } finally {
            appending.unlock();
        }
    }

    @Override
    public List<Receipt> append(List<Proposal> batch) {
        appending.lock();
        try {
            var open = tail;
            if (open == null) {
                return refuseAll(batch, CLOSED);
            }
            var taken = collect(batch, open);
            if (!frames.isEmpty() || open.isSuspect()) {
                var begun = false;
                try {
                    if (prepare(open)) {
                        // the batch may have another number now
                        taken = collect(batch, open);
                    }
                    begun = true;
                    write(open, taken);
                } catch (IOException | TegaException e) {
                    return failed(batch, e, begun && open.isSuspect());
                }
            }
            return applied(batch, taken);
        } finally {
            appending.unlock();
        }
    }

    private Taken collect(List<Proposal> batch, Tail open) {
        return Taken.collect(batch, last + 1, open, commits, frames);
    }

    private List<Receipt> refuseAll(List<Proposal> batch, String reason) {
        counters.failures.add(batch.size());
        return List.copyOf(Taken.refuse(batch, 0, reason));
    }

    private boolean prepare(Tail open) throws IOException {
        if (open.prepare()) {
            shelf.add(open.segment());
            return true;
        }
        return false;
    }

    /** Makes the collected frames durable. */
    private void write(Tail open, Taken taken) throws IOException {
        if (!frames.isEmpty()) {
            var bytes = frames.seal();
            Objects.requireNonNull(pictures).appended(bytes.remaining());
            open.write(bytes, taken.reserve());
        }
        trouble = "";
    }

    private List<Receipt> failed(List<Proposal> batch, Exception e, boolean unknown) {
        fail(e);
        counters.failures.add(batch.size());
        return List.copyOf(Collections.nCopies(
                batch.size(), unknown ? new Receipt.Unknown(trouble) : new Receipt.Refused(trouble)));
    }

    private void fail(Exception e) {
        var reason = e instanceof IOException io ? Reason.of(io) : e.getMessage();
        var sentence = "cannot write to " + storage.describe("") + " (" + reason
                + "); nothing is committed until that is mended, reading goes on";
        if (trouble.isEmpty()) {
            LOG.log(System.Logger.Level.ERROR, sentence);
        }
        trouble = sentence;
        probeLater();
    }

    private List<Receipt> applied(List<Proposal> batch, Taken taken) {
        var receipts = new ArrayList<Receipt>(batch.size());
        for (var proposal : batch.subList(0, taken.count())) {
            var commit = proposal.commit();
            last = commit.revision();
            Objects.requireNonNull(tail).last(last);
            apply(commit);
            receipts.add(new Receipt.Appended(last));
        }
        counters.commits.add(taken.count());
        counters.unkept.add(taken.count() - taken.kept());
        counters.payload.add(taken.payload());
        receipts.addAll(taken.refused());
        Objects.requireNonNull(pictures).beginWhenDue(Objects.requireNonNull(sink));
        return receipts;
    }

    private void apply(Commit commit) {
        try {
            Objects.requireNonNull(sink).apply(commit);
        } catch (RuntimeException e) {
            trouble = "commit " + commit.revision() + " is durable but could not be applied (" + e.getMessage()
                    + "); start the server again";
            LOG.log(System.Logger.Level.ERROR, trouble);
            tail = null;
            throw new TegaException.Internal(trouble, e);
        }
    }

    /** Tries from time to time whether the disk takes commits again, so that health tells it before somebody commits. */
    private void probeLater() {
        if (!probing) {
            probing = true;
            scheduler.after(PROBE, () -> scheduler.background().execute(this::probe));
        }
    }

    private void probe() {
        appending.lock();
        try {
            probing = false;
            var open = tail;
            if (open == null || trouble.isEmpty()) {
                return;
            }
            prepare(open);
            trouble = "";
            LOG.log(System.Logger.Level.INFO, "{0} takes commits again", storage.describe(""));
        } catch (IOException | TegaException e) {
            probeLater();
        } finally {
            appending.unlock();
        }
    }

    @Override
    public long last() {
        return last;
    }

    @Override
    public long oldest() {
        return opened().oldest();
    }

    private Catalog opened() {
        var now = shelf.now();
        if (now.segments().isEmpty()) {
            throw new TegaException.Unavailable(CLOSED);
        }
        return now;
    }

    @Override
    public int maxPayload() {
        return Frame.MAX_PAYLOAD;
    }

    @Override
    public Reader read(long revision) {
        var now = opened();
        var limit = now.newest().end();
        if (revision < now.first().first() && now.first().first() > 1) {
            throw new TegaException.Compacted(
                    "commits are kept from revision " + now.first().first() + " on, not from " + revision,
                    now.oldest());
        }
        var segments = now.segments();
        return new CommitReader(
                storage,
                commits,
                segments.subList(Math.max(0, now.indexOf(revision)), segments.size()),
                limit,
                revision);
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
        Pictures writing;
        Picture frozen;
        appending.lock();
        try {
            opened();
            writing = Objects.requireNonNull(pictures);
            frozen = Objects.requireNonNull(sink).freeze();
        } finally {
            appending.unlock();
        }
        return writing.write(frozen);
    }

    /** How much of the disk its files take. */
    long bytes() {
        try {
            return retention.bytes(opened());
        } catch (IOException e) {
            throw new TegaException.Unavailable(
                    "cannot see how large " + storage.describe("") + " is (" + Reason.of(e) + ")", e);
        }
    }

    /**
     * Lets history begin with {@code state}, which is that after one of its revisions: writes it as a picture and gives back the
     * space of all that was before, to the commit. {@code UNAVAILABLE} when the disk refuses; some may be given back then.
     */
    void trim(Picture state) {
        var revision = state.revision();
        Objects.requireNonNull(pictures, CLOSED).write(state);
        if (!opened().pictures().contains(revision)) {
            return; // history begins there already, with the empty database
        }
        turn();
        var files = shelf;
        try {
            var remainder = Remainder.of(storage, opened(), revision, counters);
            if (remainder.isPresent()) {
                files.begin(remainder.get());
            }
            files.retire(revision);
        } catch (IOException e) {
            throw new TegaException.Unavailable(
                    "cannot remove old history from " + storage.describe("") + " (" + Reason.of(e)
                            + "); try again when that is mended",
                    e);
        }
    }

    /** Begins a new segment, unless the newest is without commits. */
    private void turn() {
        appending.lock();
        try {
            opened();
            var open = Objects.requireNonNull(tail, CLOSED);
            if (open.turn()) {
                shelf.add(open.segment());
            }
        } catch (IOException e) {
            fail(e);
            throw new TegaException.Unavailable("no new segment was begun: " + trouble, e);
        } finally {
            appending.unlock();
        }
    }

    @Override
    public void compact(long needed) {
        retention.needed(needed);
        opened();
        retire(shelf);
    }

    private void retire(Shelf files) {
        try {
            var begin = retention.begin(files.now(), last);
            if (begin >= 0) {
                files.retire(begin);
            }
            hindrance = "";
        } catch (IOException e) {
            hindrance = "cannot remove old history from " + storage.describe("") + " (" + Reason.of(e) + ")";
        }
    }

    @Override
    public void clear() {
        appending.lock();
        try {
            var open = tail;
            if (open == null) {
                throw new TegaException.Unavailable(CLOSED);
            }
            var now = opened();
            if (now.segments().size() == 1
                    && now.pictures().isEmpty()
                    && now.first().isBase()
                    && now.first().first() == last + 1) {
                return;
            }
            clear(open);
        } finally {
            appending.unlock();
        }
    }

    private void clear(Tail open) {
        try {
            open.clear();
        } catch (IOException | TegaException e) {
            fail(e);
            if (open.isSuspect()) {
                throw new TegaException.UnknownOutcome("whether the data was cleared is not known: " + trouble, e);
            }
            throw new TegaException.Unavailable("nothing was cleared: " + trouble, e);
        }
        try {
            shelf.cleared(open.segment());
        } catch (IOException e) {
            hindrance = "cleared data is still in " + storage.describe("") + " (" + Reason.of(e)
                    + "); it is removed with the next old history, or at the next start";
        }
        Objects.requireNonNull(pictures).cleared();
        trouble = "";
    }

    @Override
    public LogHealth health() {
        var metrics = counters.metrics();
        metrics.put("last_revision", last);
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
        return new LogHealth(trouble.isEmpty(), trouble, metrics);
    }

    /** What is not as it should be although commits are taken, or an empty text. */
    String hindrance() {
        var writing = pictures;
        return writing == null || writing.trouble().isEmpty() ? hindrance : writing.trouble();
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
        var open = tail;
        if (open == null) {
            return;
        }
        Objects.requireNonNull(pictures).writeAtClose(Objects.requireNonNull(sink));
        Objects.requireNonNull(pictures).close();
        shelf.close();
        shelf = new Shelf(storage, Catalog.EMPTY);
        tail = null;
        sink = null;
        trouble = CLOSED;
        try {
            open.finish(frames);
        } finally {
            open.close();
        }
    }
}
