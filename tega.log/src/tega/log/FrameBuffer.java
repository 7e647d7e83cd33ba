package tega.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Frames on their way to the disk, collected in one buffer that is used again and again. For one thread. */
final class FrameBuffer {
    private static final int KEPT = 1 << 20;

    private final CRC32C crc = new CRC32C();
    private ByteBuffer buffer = ByteBuffer.allocateDirect(16 << 10);
    private int lastFrame = -1;

    /** Empties it. */
    void clear() {
        if (buffer.capacity() > KEPT) {
            buffer = ByteBuffer.allocateDirect(KEPT);
        }
        buffer.clear();
        lastFrame = -1;
    }

    int size() {
        return buffer.position();
    }

    boolean isEmpty() {
        return buffer.position() == 0;
    }

    /** Takes bytes as they are. */
    void raw(byte[] bytes) {
        room(bytes.length);
        buffer.put(bytes);
    }

    /** Adds a frame; its checksum follows when the next one is added or {@link #seal} is called. */
    void add(byte kind, long batch, long revision, byte[] payload) {
        finish((byte) 0);
        room(Frame.HEADER + payload.length);
        lastFrame = buffer.position();
        buffer.put(Frame.MARK)
                .put(Frame.FORMAT)
                .put(kind)
                .put((byte) 0)
                .putInt(payload.length)
                .putLong(batch)
                .putLong(revision)
                .putInt(0)
                .put(payload);
    }

    /** Marks the last frame as the last of its batch and gives all that was added, ready to be written. */
    ByteBuffer seal() {
        finish(Frame.LAST);
        return buffer.duplicate().flip();
    }

    private void finish(byte flags) {
        if (lastFrame < 0) {
            return;
        }
        var end = buffer.position();
        buffer.put(lastFrame + 3, flags);
        crc.reset();
        crc.update(buffer.duplicate().position(lastFrame).limit(lastFrame + Frame.CRC_AT));
        crc.update(buffer.duplicate().position(lastFrame + Frame.HEADER).limit(end));
        buffer.putInt(lastFrame + Frame.CRC_AT, (int) crc.getValue());
        lastFrame = -1;
    }

    private void room(int bytes) {
        if (buffer.remaining() < bytes) {
            var needed = Math.addExact(buffer.position(), bytes);
            var larger = ByteBuffer.allocateDirect(
                    (int) Math.min(Integer.MAX_VALUE, Math.max(needed, 2L * buffer.capacity())));
            buffer = larger.put(buffer.flip());
        }
    }
}
