package tega.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;
import tega.api.spi.Scheduler;
import tega.api.spi.Storage;

/**
 * Where the log grows: the newest segment, open for writing. A batch is one write and one sync. Space ahead is filled with
 * zeros a stretch at a time, so that most syncs need not write the file's size and extents.
 *
 * <p>After a failed write or sync nobody knows what the disk holds behind the last acknowledged byte, and no later sync will
 * tell (the kernel may have dropped the pages). So the file is cut back to that byte, read again and left; the next batch goes
 * into a fresh segment. Until the cut is durable nothing is written. For one thread at a time.
 */
final class Tail {
    private final Storage storage;
    private final SegmentMaker maker;
    private final Counters counters;
    private final int segmentBytes;
    private Segment segment;
    private Storage.@Nullable File file;
    private long end;
    private long allocated;
    private long firstBatch = 1;
    private long batch;
    private long last;
    private long reserved;
    private boolean suspect;
    private boolean left;
    private boolean finished;

    /** Goes on at {@code end} after what was {@code read}, all of which is durable. */
    Tail(Storage storage, Scheduler scheduler, Counters counters, int segmentBytes, SegmentReader read, long end)
            throws IOException {
        this(storage, scheduler, counters, segmentBytes, read.segment(), read.batch(), read.last(), read.reserved());
        this.end = end;
        firstBatch = read.firstBatch();
        finished = read.isClosed() && end == read.position();
        segment.end(end);
        var opened = storage.open(segment.name(), false);
        file = opened;
        allocated = opened.size();
        left = false;
    }

    /** Begins a log; {@link #prepare} makes its first segment. */
    Tail(Storage storage, Scheduler scheduler, Counters counters, int segmentBytes) {
        this(storage, scheduler, counters, segmentBytes, Segment.of(1, false), 0, 0, 0);
    }

    private Tail(
            Storage storage,
            Scheduler scheduler,
            Counters counters,
            int segmentBytes,
            Segment segment,
            long batch,
            long last,
            long reserved) {
        this.storage = storage;
        this.maker = new SegmentMaker(storage, scheduler, counters, segmentBytes);
        this.counters = counters;
        this.segmentBytes = segmentBytes;
        this.segment = segment;
        this.batch = batch;
        this.last = last;
        this.reserved = reserved;
        this.left = true;
    }

    Segment segment() {
        return segment;
    }

    /** The number of the last durable batch. */
    long batch() {
        return batch;
    }

    /** Up to which revision commits may be given out without a trace. */
    long reserved() {
        return reserved;
    }

    /** The last revision that was given out. */
    long last() {
        return last;
    }

    /** Whether something may be on disk that was not acknowledged. */
    boolean isSuspect() {
        return suspect || !maker.isUndone();
    }

    /** Told when commits took revisions, with or without a trace. */
    void last(long revision) {
        last = revision;
        finished = false;
    }

    /**
     * Makes the tail fit for the next batch; true when it is in another segment now. When this fails, nothing was changed that
     * counts.
     */
    boolean prepare() throws IOException {
        settle();
        if (left) {
            begin(next());
            return true;
        }
        return end >= segmentBytes && last >= segment.first() && roll();
    }

    /** Begins a segment, unless this one is still without commits; true when it did. When this fails, nothing was changed. */
    boolean turn() throws IOException {
        settle();
        if (!left && last < segment.first()) {
            return false;
        }
        begin(next());
        return true;
    }

    /**
     * Begins a segment that makes everything before it void. When this fails and {@link #isSuspect()}, it may have that effect
     * after a crash; otherwise it has none.
     */
    void clear() throws IOException {
        settle();
        begin(Segment.of(last + 1, true));
    }

    /** Takes back what was half done before. */
    private void settle() throws IOException {
        maker.undo();
        if (suspect) {
            cut();
        }
    }

    private Segment next() {
        return Segment.of(last + 1, segment.isCleared() && segment.first() == last + 1);
    }

    /** A full segment is no reason to fail: where there is no room for the next one, this one grows. */
    private boolean roll() throws IOException {
        try {
            begin(next());
            return true;
        } catch (IOException e) {
            if (left || isSuspect()) {
                throw e;
            }
            counters.rollFailures.increment();
            return false;
        }
    }

    /** Writes a batch and makes it durable; when this fails, {@link #isSuspect()} tells whether it surely has no effect. */
    void write(ByteBuffer frames, long reserve) throws IOException {
        var size = frames.remaining();
        try {
            var open = Objects.requireNonNull(file);
            if (end + size > allocated) {
                var ahead = (int) Math.max(0, Math.min(maker.stretch(), segmentBytes - end - size));
                maker.zeros(open, end + size, ahead);
                allocated = end + size + ahead;
            }
            open.write(frames, end);
            open.sync();
        } catch (IOException | RuntimeException e) {
            suspect = true;
            try {
                cut();
            } catch (IOException | TegaException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        counters.syncs.increment();
        counters.written.add(size);
        end += size;
        batch++;
        reserved = reserve;
        finished = false;
        segment.end(end);
    }

    /** Cuts off what was not acknowledged, sees that what was is still there, and leaves the segment. */
    private void cut() throws IOException {
        close();
        try (var again = storage.open(segment.name(), false)) {
            again.truncate(end);
            again.sync();
        }
        try (var reader = SegmentReader.open(storage, segment, end)) {
            while (reader.next()) {
                // only the checks matter
            }
            if (reader.isBroken() || reader.position() != end) {
                throw reader.damaged();
            }
        }
        suspect = false;
        left = true;
    }

    /** Makes {@code next} the newest segment. */
    private void begin(Segment next) throws IOException {
        var inPlace = next.equals(segment);
        // in place of a segment without commits, its batches are as if they had not been
        var number = inPlace ? firstBatch : batch + 1;
        SegmentMaker.Made made;
        try {
            made = maker.make(next, number, reserved, inPlace);
        } catch (SegmentMaker.NamedInVain e) {
            // it may have taken the place of this one, and is as good
            left |= inPlace;
            throw e;
        }
        close();
        left = false;
        firstBatch = number;
        batch = number - 1;
        segment = next;
        file = made.file();
        end = made.size();
        allocated = made.allocated();
        next.end(end);
    }

    /** Writes that the log was closed in order. */
    void finish(FrameBuffer frames) throws IOException {
        settle();
        if (left || finished) {
            return;
        }
        frames.clear();
        frames.add(Frame.CLOSE, batch + 1, last, new byte[0]);
        Objects.requireNonNull(file).truncate(end);
        allocated = Long.MAX_VALUE;
        write(frames.seal(), last);
        finished = true;
    }

    void close() throws IOException {
        var open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }
}
