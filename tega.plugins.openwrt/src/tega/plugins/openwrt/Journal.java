package tega.plugins.openwrt;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The files from which a router restores its configuration when it loses power in a trial. The copies are written first and
 * the mark that makes them count last; the mark goes first. The guard that reads them is in {@code router/} of this bundle.
 */
final class Journal {
    /** Where the guard looks. */
    static final String FOLDER = "/etc/tega/pending/";

    private static final String MARK = FOLDER + "COMMIT";

    private final RouterFiles files;

    Journal(RouterFiles files) {
        this.files = files;
    }

    /** The packages whose copies count: a trial is not confirmed, or was cut off before it was. */
    List<String> packages() throws IOException {
        return files.text(MARK).map(text -> List.of(text.strip().split("\\s+"))).orElse(List.of());
    }

    /** The copy of a package that counts. */
    Optional<byte[]> copy(String name) throws IOException {
        return files.read(FOLDER + "cfg_" + name);
    }

    /** Keeps the packages as they are now. */
    void open(Collection<String> packages) throws IOException {
        if (files.stamp(FOLDER).isEmpty()) {
            throw new IOException("the router has no folder " + FOLDER + ": the guard of tega is not installed there");
        }
        for (var name : packages) {
            var text = files.read("/etc/config/" + name).orElse(new byte[0]);
            files.write(FOLDER + "cfg_" + name, text);
            if (!Arrays.equals(copy(name).orElse(new byte[0]), text)) {
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
