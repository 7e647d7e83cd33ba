package tega.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.JsonCodec;
import tega.api.spi.Picture;
import tega.api.spi.Storage;

/** A picture on disk, read chunk by chunk; whoever walks through it has its file open until the end of the walk. */
final class PictureFile implements Picture {
    /** Count of chunks (8 bytes) and SHA-256 of their payloads. */
    static final int END_BYTES = 8 + 32;

    private final Storage storage;
    private final JsonCodec json;
    private final String name;
    private final long revision;

    PictureFile(Storage storage, JsonCodec json, long revision) {
        this(storage, json, Catalog.pictureName(revision), revision);
    }

    PictureFile(Storage storage, JsonCodec json, String name, long revision) {
        this.storage = storage;
        this.json = json;
        this.name = name;
        this.revision = revision;
    }

    @Override
    public long revision() {
        return revision;
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new TegaException.Internal("this Java has no SHA-256, which every Java must have", e);
        }
    }

    /** Reads all of it; {@code DAMAGED} when it is not whole. Returns how many bytes it has. */
    long verify() throws IOException {
        try (var walk = new Walk()) {
            while (walk.advance()) {
                // only the checks matter
            }
            return walk.frames.position();
        }
    }

    @Override
    public Iterator<Value> chunks() {
        try {
            return new Walk();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private TegaException unreadable(IOException e) {
        return new TegaException.Unavailable(
                "cannot read " + storage.describe(name) + " (" + Reason.of(e) + "); see that the disk is well", e);
    }

    private final class Walk implements Iterator<Value>, AutoCloseable {
        private final Storage.File file;
        private final FrameReader frames;
        private final MessageDigest digest = digest();
        private long count;
        private @Nullable Value next;
        private boolean ended;

        Walk() throws IOException {
            file = storage.open(name, false);
            try {
                var magic = ByteBuffer.allocate(Frame.MAGIC);
                while (magic.hasRemaining() && file.read(magic, magic.position()) > 0) {
                    // until it is full or the file ends
                }
                if (!Frame.startsWith(magic.flip(), Frame.PICTURE_MAGIC)) {
                    throw Damage.at(storage, name, 0, "the words 'tega pic'");
                }
                frames = new FrameReader(file, Frame.MAGIC, Long.MAX_VALUE);
                if (frames.next() != FrameReader.Found.FRAME
                        || frames.kind() != Frame.PICTURE
                        || frames.revision() != revision) {
                    throw Damage.at(storage, name, Frame.MAGIC, "the header of a picture of revision " + revision);
                }
            } catch (IOException | TegaException e) {
                file.close();
                throw e;
            }
        }

        /** Goes to the next chunk; false when the last was read and all of them are what was written. */
        boolean advance() throws IOException {
            if (frames.next() == FrameReader.Found.FRAME && frames.revision() == revision) {
                if (frames.kind() == Frame.CHUNK && frames.batch() == count + 1) {
                    digest.update(frames.bytes(), frames.payloadAt(), frames.length());
                    count++;
                    return true;
                }
                if (frames.kind() == Frame.END && frames.length() == END_BYTES && frames.number(0) == count) {
                    var expected = ByteBuffer.wrap(frames.bytes(), frames.payloadAt() + 8, 32);
                    if (expected.equals(ByteBuffer.wrap(digest.digest()))) {
                        file.close();
                        return false;
                    }
                }
            }
            file.close();
            throw Damage.at(storage, name, frames.frameAt(), "chunk " + (count + 1) + " or the end of the picture");
        }

        @Override
        public boolean hasNext() {
            if (next == null && !ended) {
                try {
                    if (advance()) {
                        next = json.readJson(frames.payload());
                    } else {
                        ended = true;
                    }
                } catch (IOException e) {
                    throw unreadable(e);
                } catch (TegaException.Invalid | TegaException.LimitExceeded e) {
                    throw Damage.at(storage, name, frames.frameAt(), "a chunk of JSON (" + e.getMessage() + ")");
                }
            }
            return next != null;
        }

        @Override
        public Value next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            var value = Objects.requireNonNull(next);
            next = null;
            return value;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
