package tega.log;

import java.io.IOException;
import java.util.Optional;
import tega.api.spi.Storage;

/**
 * What a segment holds after a revision, as a segment of its own that is to be the first of the log. It has a name that does not
 * count until it is {@link Shelf#begin published}.
 */
final class Remainder {
    private static final int SLICE = 256 << 10;

    private final Storage storage;
    private final Segment segment;
    private final String temporary;
    private final FrameBuffer frames = new FrameBuffer();
    private long written;

    private Remainder(Storage storage, Segment segment, String temporary) {
        this.storage = storage;
        this.segment = segment;
        this.temporary = temporary;
    }

    /** Writes what the segment with {@code revision} holds after it; empty when there is no need, or it is the newest. */
    static Optional<Remainder> of(Storage storage, Catalog now, long revision, Counters counters) throws IOException {
        var index = now.indexOf(revision + 1);
        var whole = now.segments().get(Math.max(0, index));
        if (whole.first() > revision || whole.equals(now.newest())) {
            return Optional.empty();
        }
        var segment = Segment.remainder(revision + 1);
        var remainder = new Remainder(
                storage, segment, segment.name() + "." + counters.begun.incrementAndGet() + Catalog.UNFINISHED);
        remainder.write(whole, revision);
        return Optional.of(remainder);
    }

    private void write(Segment whole, long revision) throws IOException {
        try (var reader = SegmentReader.open(storage, whole, Long.MAX_VALUE);
                var file = storage.open(temporary, true)) {
            var begun = false;
            while (reader.next()) {
                var frame = reader.frame();
                if (!begun && reader.isCommit() && frame.revision() > revision) {
                    begun = true;
                    header(reader, frame.batch());
                }
                if (begun) {
                    frames.raw(frame.raw());
                }
                if (frames.size() > SLICE) {
                    flush(file);
                }
            }
            if (reader.isBroken()) {
                throw reader.damaged();
            }
            if (!begun) {
                // commits without a trace are all that comes after it; the next batch is in the next segment
                header(reader, reader.batch() + 1);
            }
            flush(file);
            file.sync();
        } catch (IOException | RuntimeException e) {
            discard(e);
            throw e;
        }
    }

    private void header(SegmentReader reader, long batch) {
        frames.raw(Frame.LOG_MAGIC);
        frames.add(Frame.SEGMENT, batch, segment.first(), SegmentReader.header(reader.reserved(), reader.created()));
        frames.seal();
    }

    private void flush(Storage.File file) throws IOException {
        var bytes = frames.seal();
        var size = bytes.remaining();
        file.write(bytes, written);
        written += size;
        frames.clear();
    }

    private void discard(Exception because) {
        try {
            if (storage.list().contains(temporary)) {
                storage.delete(temporary);
            }
        } catch (IOException | RuntimeException e) {
            because.addSuppressed(e);
        }
    }

    Segment segment() {
        return segment;
    }

    /** Gives it its name, durably: from then on everything before it is void. */
    void publish() throws IOException {
        storage.rename(temporary, segment.name());
        storage.syncFolder();
    }
}
