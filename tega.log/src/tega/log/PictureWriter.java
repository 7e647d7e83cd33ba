package tega.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Iterator;
import tega.api.Value;
import tega.api.spi.JsonCodec;
import tega.api.spi.Picture;
import tega.api.spi.Storage;

/**
 * Writes a picture under a name that does not count, a slice at a time, so that whoever drives it sets the pace. It counts once
 * it is whole, durable and renamed. For one thread at a time.
 */
final class PictureWriter implements AutoCloseable {
    private static final int SLICE = 256 << 10;

    private final Storage storage;
    private final JsonCodec json;
    private final String name;
    private final long revision;
    private final Iterator<Value> chunks;
    private final Storage.File file;
    private final FrameBuffer frames = new FrameBuffer();
    private final MessageDigest digest = PictureFile.digest();
    private long written;
    private long count;
    private boolean closed;

    PictureWriter(Storage storage, JsonCodec json, Picture picture, String name) throws IOException {
        this.storage = storage;
        this.json = json;
        this.name = name;
        this.revision = picture.revision();
        this.chunks = picture.chunks();
        this.file = storage.open(name, true);
        frames.raw(Frame.PICTURE_MAGIC);
        frames.add(Frame.PICTURE, 0, revision, new byte[0]);
    }

    long revision() {
        return revision;
    }

    /** How many bytes it has so far. */
    long written() {
        return written;
    }

    /** Writes the next slice; false when that was the last and all of it is durable. */
    boolean step() throws IOException {
        while (frames.size() < SLICE && chunks.hasNext()) {
            var payload = json.toJson(chunks.next());
            digest.update(payload);
            frames.add(Frame.CHUNK, ++count, revision, payload);
        }
        var more = chunks.hasNext();
        if (!more) {
            var end = ByteBuffer.allocate(PictureFile.END_BYTES).putLong(count).put(digest.digest());
            frames.add(Frame.END, count + 1, revision, end.array());
        }
        var bytes = frames.seal();
        var size = bytes.remaining();
        file.write(bytes, written);
        written += size;
        frames.clear();
        if (!more) {
            file.sync();
            close();
        }
        return more;
    }

    /** Gives it its name, durably. */
    void publish() throws IOException {
        storage.rename(name, Catalog.pictureName(revision));
        storage.syncFolder();
    }

    /** Removes what was written. */
    void abandon() throws IOException {
        close();
        storage.delete(name);
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            file.close();
        }
    }
}
