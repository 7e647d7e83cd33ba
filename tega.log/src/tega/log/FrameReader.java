package tega.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import tega.api.spi.Storage;

/**
 * Reads the frames of a file one after the other, through a buffer that grows only as far as there are bytes in the file. It
 * judges nothing but the frame itself; what a broken one means is for the caller to say. For one thread.
 */
final class FrameReader {
    /** What {@link #next()} found. */
    enum Found {
        /** A whole frame. */
        FRAME,
        /** No frame begins here: the file ends, or goes on with a zero byte. */
        END,
        /** Something that is no whole frame; {@link #expected()} says what should have been there. */
        BROKEN
    }

    private static final int SMALLEST = 64 << 10;

    private final Storage.File file;
    private final long limit;
    private final CRC32C crc = new CRC32C();
    private byte[] bytes;
    private ByteBuffer view;
    private long bytesAt;
    private int filled;
    private long position;
    private long frameAt;
    private int payloadAt;
    private int length;
    private String expected = "";

    /** Reads {@code file} from {@code position} up to {@code limit} or its end. */
    FrameReader(Storage.File file, long position, long limit) throws IOException {
        this.file = file;
        this.position = position;
        this.bytesAt = position;
        this.frameAt = position;
        this.limit = Math.min(limit, file.size());
        this.bytes = new byte[(int) Math.max(Frame.HEADER, Math.min(SMALLEST * 4L, this.limit - position))];
        this.view = ByteBuffer.wrap(bytes);
    }

    /** Where the next frame is to begin. */
    long position() {
        return position;
    }

    /** Where the frame just read began. */
    long frameAt() {
        return frameAt;
    }

    long limit() {
        return limit;
    }

    String expected() {
        return expected;
    }

    Found next() throws IOException {
        frameAt = position;
        if (position >= limit) {
            return Found.END;
        }
        if (!fill(position, Frame.HEADER)) {
            return at(position) == 0 ? Found.END : broken("a frame header of " + Frame.HEADER + " bytes");
        }
        var at = index(position);
        if (bytes[at] == 0) {
            return Found.END;
        }
        if (bytes[at] != Frame.MARK) {
            return broken("the mark of a frame");
        }
        if (bytes[at + 1] != Frame.FORMAT) {
            return broken("format " + Frame.FORMAT + " (it says " + (bytes[at + 1] & 0xff)
                    + "; a newer tega may have written it)");
        }
        length = view.getInt(at + 4);
        if (!Frame.isKind(bytes[at + 2]) || (bytes[at + 3] & ~Frame.LAST) != 0) {
            return broken("a known kind of frame");
        }
        if (length < 0 || length > Frame.MAX_PAYLOAD || position + Frame.HEADER + length > limit) {
            return broken("a frame that ends within the file (its length says " + length + ")");
        }
        if (!fill(position, Frame.HEADER + length)) {
            return broken("a frame that ends within the file (its length says " + length + ")");
        }
        at = index(position);
        crc.reset();
        crc.update(bytes, at, Frame.CRC_AT);
        crc.update(bytes, at + Frame.HEADER, length);
        if ((int) crc.getValue() != view.getInt(at + Frame.CRC_AT)) {
            return broken("a frame whose checksum is right");
        }
        payloadAt = at + Frame.HEADER;
        position += Frame.HEADER + length;
        return Found.FRAME;
    }

    private Found broken(String what) {
        expected = what;
        return Found.BROKEN;
    }

    byte kind() {
        return bytes[payloadAt - Frame.HEADER + 2];
    }

    boolean isLast() {
        return bytes[payloadAt - Frame.HEADER + 3] == Frame.LAST;
    }

    long batch() {
        return view.getLong(payloadAt - Frame.HEADER + 8);
    }

    long revision() {
        return view.getLong(payloadAt - Frame.HEADER + 16);
    }

    /** The array that holds the payload, until {@link #next()}. */
    byte[] bytes() {
        return bytes;
    }

    int payloadAt() {
        return payloadAt;
    }

    int length() {
        return length;
    }

    /** The payload as two numbers. */
    long number(int index) {
        return view.getLong(payloadAt + 8 * index);
    }

    byte[] payload() {
        return Arrays.copyOfRange(bytes, payloadAt, payloadAt + length);
    }

    /** The whole frame, header included. */
    byte[] raw() {
        return Arrays.copyOfRange(bytes, payloadAt - Frame.HEADER, payloadAt + length);
    }

    /** Whether there is nothing but zeros from {@code from} to the end. */
    boolean onlyZerosFrom(long from) throws IOException {
        for (var at = from; at < limit; at += SMALLEST) {
            var size = (int) Math.min(SMALLEST, limit - at);
            if (!fill(at, size) || !Frame.isZero(bytes, index(at), index(at) + size)) {
                return false;
            }
        }
        return true;
    }

    /** Where the last byte that is not zero ends, or {@code from}. */
    long endOfContent(long from) throws IOException {
        var end = from;
        for (var at = from; at < limit; at += SMALLEST) {
            var size = (int) Math.min(SMALLEST, limit - at);
            if (!fill(at, size)) {
                return limit;
            }
            for (var i = 0; i < size; i++) {
                if (bytes[index(at) + i] != 0) {
                    end = at + i + 1;
                }
            }
        }
        return end;
    }

    /**
     * The position of the first whole frame of a batch other than {@code batch} after {@code from}, or -1. Numbers of batches
     * that cannot be are taken for chance; so the search stays in proportion to the bytes searched.
     */
    long findOther(long batch, long from) throws IOException {
        var most = batch + (limit - from) / Frame.HEADER + 1;
        for (var at = from; at + Frame.HEADER <= limit; at++) {
            if (!fill(at, Frame.HEADER)) {
                return -1;
            }
            var i = index(at);
            if (bytes[i] == Frame.MARK && bytes[i + 1] == Frame.FORMAT && Frame.isKind(bytes[i + 2])) {
                var number = view.getLong(i + 8);
                if (number > 0 && number != batch && number <= most) {
                    position = at;
                    if (next() == Found.FRAME) {
                        return at;
                    }
                }
            }
        }
        return -1;
    }

    private byte at(long where) throws IOException {
        return fill(where, 1) ? bytes[index(where)] : 0;
    }

    private int index(long where) {
        return (int) (where - bytesAt);
    }

    /** Makes sure that {@code size} bytes from {@code where} are in the buffer; false when there are not so many. */
    private boolean fill(long where, int size) throws IOException {
        if (where >= bytesAt && where + size <= bytesAt + filled) {
            return true;
        }
        if (where + size > limit) {
            return false;
        }
        if (where >= bytesAt && where < bytesAt + filled) {
            var kept = (int) (bytesAt + filled - where);
            var from = index(where);
            var target = size > bytes.length ? new byte[Math.max(size, Math.min(2 * bytes.length, 2 << 20))] : bytes;
            System.arraycopy(bytes, from, target, 0, kept);
            use(target, where, kept);
        } else {
            use(size > bytes.length ? new byte[size] : bytes, where, 0);
        }
        while (filled < size) {
            var room = (int) Math.min(bytes.length - filled, limit - bytesAt - filled);
            var count = file.read(ByteBuffer.wrap(bytes, filled, room), bytesAt + filled);
            if (count <= 0) {
                return false;
            }
            filled += count;
        }
        return true;
    }

    private void use(byte[] target, long where, int kept) {
        if (target != bytes) {
            bytes = target;
            view = ByteBuffer.wrap(bytes);
        }
        bytesAt = where;
        filled = kept;
    }
}
