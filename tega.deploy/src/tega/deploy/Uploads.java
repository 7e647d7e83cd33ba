package tega.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import tega.api.TegaException;

/** Jars on their way here, piece by piece: a sender that was interrupted goes on where it was, also after a restart. */
final class Uploads {
    /** The largest bundle that is taken. */
    static final long MOST = 64L << 20;

    private static final String PREFIX = "upload-";
    private static final int PATIENCE_MILLIS = 20_000;

    private final Disk disk;

    Uploads(Disk disk) {
        this.disk = disk;
    }

    /** Adds a piece that begins at {@code offset}; returns how much there is then. {@code CONFLICT} when that is not where it ends. */
    synchronized long add(String digest, long offset, byte[] piece) {
        var file = file(digest);
        try {
            var held = held(digest);
            if (offset != held) {
                throw new TegaException.Conflict(
                        null, "of " + digest + " there are " + held + " bytes; go on there, not at " + offset);
            }
            if (held + piece.length > MOST) {
                throw new TegaException.LimitExceeded("a bundle may have " + MOST + " bytes");
            }
            disk.append(file, piece);
            return held + piece.length;
        } catch (IOException e) {
            throw new TegaException.Unavailable(
                    "cannot keep the piece (" + e.getMessage() + "); make room and go on at " + heldOrZero(digest), e);
        }
    }

    private long heldOrZero(String digest) {
        try {
            return held(digest);
        } catch (IOException e) {
            return 0;
        }
    }

    /** How much of it there is. */
    long held(String digest) throws IOException {
        var path = disk.path(file(digest));
        return Files.exists(path) ? Files.size(path) : 0;
    }

    /** The whole of it; {@code INVALID} when it is not what its digest says, and then it is forgotten. */
    Path whole(String digest) {
        var path = disk.path(file(digest));
        if (!Files.exists(path)) {
            throw new TegaException.NotFound("nothing of " + digest + " was sent");
        }
        try {
            var got = Jar.digest(path);
            if (!got.equals(digest)) {
                disk.delete(file(digest));
                throw new TegaException.Invalid(
                        "what was sent has the SHA-256 " + got + ", not " + digest + "; send it again");
            }
        } catch (IOException e) {
            throw new TegaException.Unavailable("what was sent cannot be read: " + e.getMessage(), e);
        }
        return path;
    }

    /** A whole jar at once. */
    Path keep(String digest, InputStream in) {
        try {
            disk.put(file(digest), in);
            return disk.path(file(digest));
        } catch (IOException e) {
            throw new TegaException.Unavailable("cannot keep what was sent (" + e.getMessage() + "); make room", e);
        }
    }

    /** Fetches a jar; {@code name} tells this fetch from others. */
    Path fetch(URI from, String name) {
        try {
            URLConnection connection = from.toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            if (connection.getContentLengthLong() > MOST) {
                throw new TegaException.LimitExceeded(from + " has more than the " + MOST + " bytes a bundle may have");
            }
            try (var in = connection.getInputStream()) {
                var content = in.readNBytes((int) MOST + 1);
                if (content.length > MOST) {
                    throw new TegaException.LimitExceeded(
                            from + " has more than the " + MOST + " bytes a bundle may have");
                }
                return keep(name, new java.io.ByteArrayInputStream(content));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new TegaException.Unavailable("cannot fetch " + from + " (" + e.getMessage() + ")", e);
        }
    }

    /** It is not needed any more. */
    void forget(String digest) {
        try {
            disk.delete(file(digest));
        } catch (IOException e) {
            // It takes room until it is sent again.
        }
    }

    private static String file(String digest) {
        if (!digest.matches("[0-9a-f]{16,64}")) {
            throw new TegaException.Invalid("'" + digest + "' is no SHA-256 in lower-case hexadecimal digits");
        }
        return PREFIX + digest;
    }
}
