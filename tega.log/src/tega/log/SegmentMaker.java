package tega.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tega.api.spi.Scheduler;
import tega.api.spi.Storage;

/**
 * Makes files for segments: under another name first, so that under its own a segment is always whole. When that fails after the
 * renaming nobody knows whether the name is there after a crash; it is taken back before anything else is made.
 */
final class SegmentMaker {
    private static final int LARGEST_STRETCH = 256 << 10;
    private static final int SMALLEST_STRETCH = 256;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

    private final Storage storage;
    private final Scheduler scheduler;
    private final Counters counters;
    private final int stretch;
    private final FrameBuffer header = new FrameBuffer();
    private @Nullable String undo;

    SegmentMaker(Storage storage, Scheduler scheduler, Counters counters, int segmentBytes) {
        this.storage = storage;
        this.scheduler = scheduler;
        this.counters = counters;
        this.stretch = Math.max(SMALLEST_STRETCH, Math.min(LARGEST_STRETCH, segmentBytes / 8));
    }

    /** A segment without commits, durable: its file, how long its header is, and how far zeros follow. */
    record Made(Storage.File file, int size, long allocated) {}

    /** It could not be made, after it was given its name. */
    static final class NamedInVain extends IOException {
        private static final long serialVersionUID = 1L;

        NamedInVain(Exception cause) {
            super(cause instanceof IOException io ? Reason.of(io) : cause.getMessage(), cause);
        }
    }

    /** So much is filled with zeros at once. */
    int stretch() {
        return stretch;
    }

    /** Whether a name may be there that is to be taken back. */
    boolean isUndone() {
        return undo == null;
    }

    /**
     * Makes {@code next}, whose first batch has this number; {@code inPlace} of one of the same name, which it is as good as. When
     * this fails, nothing was changed that counts.
     */
    Made make(Segment next, long number, long reserved, boolean inPlace) throws IOException {
        var temporary = next.name() + "." + counters.begun.incrementAndGet() + Catalog.UNFINISHED;
        header.clear();
        header.raw(Frame.LOG_MAGIC);
        header.add(
                Frame.SEGMENT,
                number,
                next.first(),
                SegmentReader.header(reserved, scheduler.now().toEpochMilli()));
        var bytes = header.seal();
        var size = bytes.remaining();
        var file = storage.open(temporary, true);
        try {
            file.write(bytes, 0);
            zeros(file, size, stretch);
            file.sync();
        } catch (IOException | RuntimeException e) {
            discard(file, temporary, e);
            throw e;
        }
        Storage.File opened;
        try {
            storage.rename(temporary, next.name());
            storage.syncFolder();
            opened = storage.open(next.name(), false);
        } catch (IOException | RuntimeException e) {
            discard(file, temporary, e);
            if (!inPlace) {
                takeBack(next, e);
            }
            throw new NamedInVain(e);
        }
        file.close();
        counters.syncs.add(2);
        counters.written.add(size);
        return new Made(opened, size, (long) size + stretch);
    }

    private void takeBack(Segment next, Exception because) {
        undo = next.name();
        try {
            undo();
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    /** Takes the name back, if one is to be. */
    void undo() throws IOException {
        if (undo != null) {
            if (storage.list().contains(undo)) {
                storage.delete(undo);
            }
            storage.syncFolder();
            undo = null;
        }
    }

    private void discard(Storage.File made, String temporary, Exception because) {
        try {
            made.close();
            if (storage.list().contains(temporary)) {
                storage.delete(temporary);
            }
        } catch (IOException | RuntimeException e) {
            because.addSuppressed(e);
        }
    }

    /** Fills a stretch ahead, so that most syncs need not write the file's size and extents. */
    void zeros(Storage.File file, long from, int count) throws IOException {
        for (var done = 0; done < count; ) {
            var size = Math.min(ZEROS.capacity(), count - done);
            file.write(ZEROS.duplicate().limit(size), from + done);
            done += size;
        }
        counters.zeros.add(count);
    }
}
