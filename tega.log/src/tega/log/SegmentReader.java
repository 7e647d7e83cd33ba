package tega.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;
import tega.api.spi.Storage;

/**
 * Walks through a segment frame by frame and checks that each follows from the one before. Keeps what the walk has come to: the
 * last revision, how far revisions are reserved, the last batch. For one thread.
 */
final class SegmentReader implements AutoCloseable {
    private static final int NUMBERS = 3;

    private final Storage storage;
    private final Segment segment;
    private final Storage.File file;
    private final FrameReader frames;
    private long created;
    private long last;
    private long reserved;
    private long batch;
    private long firstBatch;
    private long batchAt = -1;
    private boolean batchEnded = true;
    private boolean known;
    private @Nullable String broken;
    private long brokenAt;
    private boolean contradicts;
    private boolean closed;

    private SegmentReader(Storage storage, Segment segment, Storage.File file, FrameReader frames) {
        this.storage = storage;
        this.segment = segment;
        this.file = file;
        this.frames = frames;
    }

    /** Reads from the beginning up to {@code limit}; {@code DAMAGED} when it does not begin as a segment does. */
    static SegmentReader open(Storage storage, Segment segment, long limit) throws IOException {
        return open(storage, segment, 0, limit);
    }

    /** Reads from the frame at {@code offset}, 0 being the beginning. */
    static SegmentReader open(Storage storage, Segment segment, long offset, long limit) throws IOException {
        var file = storage.open(segment.name(), false);
        try {
            var reader = new SegmentReader(
                    storage, segment, file, new FrameReader(file, offset == 0 ? Frame.MAGIC : offset, limit));
            if (offset == 0) {
                reader.readHeader();
            }
            return reader;
        } catch (IOException | TegaException e) {
            file.close();
            throw e;
        }
    }

    static byte[] header(long reserved, long created) {
        return ByteBuffer.allocate(8 * NUMBERS)
                .putLong(reserved)
                .putLong(created)
                .putLong(0)
                .array();
    }

    private void readHeader() throws IOException {
        var magic = ByteBuffer.allocate(Frame.MAGIC);
        while (magic.hasRemaining() && file.read(magic, magic.position()) > 0) {
            // until it is full or the file ends
        }
        if (!Frame.startsWith(magic.flip(), Frame.LOG_MAGIC)) {
            throw damaged(0, "the words 'tega log'");
        }
        if (frames.next() != FrameReader.Found.FRAME
                || frames.kind() != Frame.SEGMENT
                || frames.length() != 8 * NUMBERS
                || frames.revision() != segment.first()) {
            throw damaged(Frame.MAGIC, "the header of a segment whose first revision is " + segment.first());
        }
        reserved = frames.number(0);
        created = frames.number(1);
        last = frames.revision() - 1;
        firstBatch = frames.batch();
        batch = firstBatch - 1;
        known = true;
    }

    /**
     * Goes on to the next frame; false at the end of what is there. Then {@link #isBroken()} tells whether the segment goes on
     * after that with something else.
     */
    boolean next() throws IOException {
        if (broken != null) {
            return false;
        }
        var found = advance();
        brokenAt = frames.frameAt();
        return found;
    }

    private boolean advance() throws IOException {
        switch (frames.next()) {
            case END -> {
                if (!frames.onlyZerosFrom(frames.frameAt())) {
                    broken = "the mark of a frame, or zeros to the end of the file";
                }
                return false;
            }
            case BROKEN -> {
                broken = frames.expected();
                return false;
            }
            case FRAME -> {
                broken = contradiction();
                contradicts = broken != null;
                return !contradicts;
            }
        }
        throw new AssertionError();
    }

    private @Nullable String contradiction() {
        var revision = frames.revision();
        if (known && frames.batch() != batch + 1 && (batchEnded || frames.batch() != batch)) {
            return "batch " + (batch + 1) + " (it says " + frames.batch() + ")";
        }
        switch (frames.kind()) {
            case Frame.COMMIT -> {
                if (known && revision != last + 1 && (revision <= last || revision > reserved + 1)) {
                    return "revision " + (last + 1) + " (it says " + revision + ")";
                }
                last = revision;
                segment.mark(revision, frames.frameAt());
            }
            case Frame.RESERVE -> reserved = revision;
            case Frame.CLOSE -> {
                if (known && (revision < last || revision > Math.max(last, reserved))) {
                    return "the log's end at revision " + last + " (it says " + revision + ")";
                }
                last = revision;
                reserved = revision;
            }
            default -> {
                return "a commit";
            }
        }
        if (batchEnded || frames.batch() != batch) {
            batchAt = frames.frameAt();
        }
        batch = frames.batch();
        batchEnded = frames.isLast();
        closed = frames.kind() == Frame.CLOSE;
        return null;
    }

    /** {@code DAMAGED} when something between the end of {@code before} and the beginning of this segment is missing. */
    void checkFollows(SegmentReader before) {
        if (batch != before.batch
                || last < before.last
                || (before.known && last > Math.max(before.last, before.reserved))) {
            throw before.damaged(
                    before.position(), "commits up to revision " + last + ", where " + segment + " goes on");
        }
    }

    /** Whether something is there where {@link #next()} came to an end. */
    boolean isBroken() {
        return broken != null;
    }

    /**
     * Whether what is broken can be a write that was interrupted and never acknowledged: nothing that was written after it is
     * there. Only the end of the newest segment can be that. Ends the walk.
     */
    boolean canBeTorn() throws IOException {
        var interrupted = batchEnded ? batch + 1 : batch;
        return !contradicts && frames.findOther(interrupted, brokenAt) < 0;
    }

    /** What is wrong, where. */
    TegaException.Damaged damaged() {
        return damaged(brokenAt, broken == null ? "a commit that can be read" : broken);
    }

    private TegaException.Damaged damaged(long offset, String expected) {
        return Damage.at(storage, segment.name(), offset, expected);
    }

    boolean isCommit() {
        return frames.kind() == Frame.COMMIT;
    }

    /** Whether the last frame says that the log was closed in order. */
    boolean isClosed() {
        return closed;
    }

    /** The frame as it lies: kind, batch, revision and payload. */
    FrameReader frame() {
        return frames;
    }

    Segment segment() {
        return segment;
    }

    /** When the segment was begun, in milliseconds since 1970. */
    long created() {
        return created;
    }

    /** The last revision there is a trace of. */
    long last() {
        return last;
    }

    /** How far revisions may have been given out without a trace. */
    long reserved() {
        return reserved;
    }

    long batch() {
        return batch;
    }

    /** The number of the first batch of the segment. */
    long firstBatch() {
        return firstBatch;
    }

    /** Where the last batch begins, or -1 when there is none. */
    long batchAt() {
        return batchAt;
    }

    boolean isBatchEnded() {
        return batchEnded;
    }

    /** Where the next frame is to begin, or the broken one begins. */
    long position() {
        return broken == null ? frames.position() : brokenAt;
    }

    long limit() {
        return frames.limit();
    }

    /** Where the file's last byte that is not zero ends. */
    long endOfContent() throws IOException {
        return frames.endOfContent(position());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
