package tega.deploy;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A jar that somebody wants to be run.
 *
 * @param file where it is; it is copied from there, and may change or go as soon as that is done
 * @param source where it comes from: {@code upload}, {@code rpc}, a URL, or {@code folder} and the path of the file
 * @param by who wants it, for the record
 * @param remote whether that is somebody who is not on this machine
 * @param digest the SHA-256 it must have, or null
 * @param signature the signature of its digest in base64 (see {@link Trust}), or null
 * @param force take it although it is older than what is there, or quarantined
 */
record Delivery(
        Path file,
        String source,
        String by,
        boolean remote,
        @Nullable String digest,
        @Nullable String signature,
        boolean force) {
    /** What the source of what lies in a folder begins with. */
    static final String FOLDER = "folder ";

    /** One from a folder, by whoever may write there. */
    static Delivery dropped(Path file, @Nullable String signature) {
        return new Delivery(file, FOLDER + file, "folder", false, null, signature, false);
    }
}
