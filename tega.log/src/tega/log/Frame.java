package tega.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The unit of every file: a header of 28 bytes, big-endian, and a payload. Mark (1 byte, which no UTF-8 text holds), format (1),
 * kind (1), flags (1), length of the payload (4), batch (8), revision (8), CRC-32C of all that and the payload (4).
 *
 * <p>A batch is what was written and synced in one go. Batches are numbered 1, 2, 3, … through the life of the log, and a batch
 * is written only after the one before is durable. So a frame that is broken although one of a <em>later</em> batch follows was
 * durable once: that is damage. A broken frame with nothing later behind it may be a write that a crash interrupted.
 */
final class Frame {
    /** What every segment begins with. */
    static final byte[] LOG_MAGIC = "tega log".getBytes(StandardCharsets.US_ASCII);

    /** What every picture begins with. */
    static final byte[] PICTURE_MAGIC = "tega pic".getBytes(StandardCharsets.US_ASCII);

    /** The length of both. */
    static final int MAGIC = 8;

    static final byte MARK = (byte) 0xfd;
    static final byte FORMAT = 1;
    static final int HEADER = 28;
    static final int CRC_AT = 24;

    /** No payload is larger, so that a length that lies cannot ask for more memory than this. */
    static final int MAX_PAYLOAD = 32 << 20;

    /** The first frame of a segment; its revision is the first the segment can hold, its batch the first. */
    static final byte SEGMENT = 1;

    /** A commit, as the codec writes it. */
    static final byte COMMIT = 2;

    /** Revisions up to the frame's may be given to commits that leave no trace here. */
    static final byte RESERVE = 3;

    /** The log was closed in order; the frame's revision is the last one given out. */
    static final byte CLOSE = 4;

    /** The first frame of a picture. */
    static final byte PICTURE = 5;

    /** A chunk of a picture; its batch is its number, counted from 1. */
    static final byte CHUNK = 6;

    /** The last frame of a picture: count and SHA-256 of the chunks. */
    static final byte END = 7;

    /** The flag of the last frame of a batch. */
    static final byte LAST = 1;

    private Frame() {}

    static boolean isKind(byte kind) {
        return kind >= SEGMENT && kind <= END;
    }

    static boolean isZero(byte[] bytes, int from, int to) {
        for (var i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    static boolean startsWith(ByteBuffer buffer, byte[] magic) {
        if (buffer.remaining() < magic.length) {
            return false;
        }
        for (var i = 0; i < magic.length; i++) {
            if (buffer.get(buffer.position() + i) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
