package tega.plugins.openwrt;

import java.io.IOException;
import java.util.Collection;

/**
 * The files from which a router restores its configuration when it loses power in a trial. The copies are written first and
 * the mark that makes them count last; the mark goes first. The guard that reads them at boot is in {@code router/} of this bundle.
 */
final class Journal {
    /** Where the guard looks. */
    static final String FOLDER = "/etc/tega/pending/";

    private static final String MARK = FOLDER + "COMMIT";

    private final RouterFiles files;

    Journal(RouterFiles files) {
        this.files = files;
    }

    /** Whether a trial is not confirmed, or was cut off before it was. */
    boolean isOpen() throws IOException {
        return !files.stamp(MARK).isEmpty();
    }

    /** Keeps the packages as they are now. */
    void open(Collection<String> packages) throws IOException {
        if (files.stamp(FOLDER).isEmpty()) {
            throw new IOException("the router has no folder " + FOLDER + ": the guard of tega is not installed there");
        }
        for (var name : packages) {
            var text = files.read("/etc/config/" + name).orElse("");
            files.write(FOLDER + "cfg_" + name, text);
            if (!files.read(FOLDER + "cfg_" + name).orElse("").equals(text)) {
                throw new IOException("the router did not keep the copy of '" + name + "' that a power cut would need");
            }
        }
        files.write(MARK, String.join("\n", packages) + "\n");
    }

    /** What is there now stays. */
    void close(Collection<String> packages) throws IOException {
        files.remove(MARK);
        for (var name : packages) {
            files.remove(FOLDER + "cfg_" + name);
        }
    }
}
