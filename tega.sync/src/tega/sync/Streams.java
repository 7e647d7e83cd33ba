package tega.sync;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** The names of streams, as they stand in the sources of commits. */
final class Streams {
    private Streams() {}

    /** What comes down to {@code server} from the server above it. */
    static String down(String server) {
        return "down/" + server;
    }

    /** What {@code server} sends up of its own. */
    static String up(String server) {
        return "up/" + server;
    }

    /** Writes that {@code server} asks others to make. */
    static String writes(String server) {
        return "write/" + server;
    }

    /** What {@code server} has written to its replica of {@code stream} while the home was out of reach. */
    static String pending(String server, String stream) {
        return "pending/" + server + "/" + stream;
    }

    /** Up to where {@code server} has found nothing pending in its replica of {@code stream}. */
    static String clean(String stream) {
        return "clean/" + stream;
    }

    /** Says of a commit that takes over {@code stream} that it is not what the home has made, but that on what is pending. */
    static String rebased(String stream) {
        return "rebased/" + stream;
    }

    /** An own copy, in the one order: what is done to each of several roots is done alike wherever and whenever. */
    static Set<String> inOrder(Collection<String> names) {
        return Collections.unmodifiableSet(new TreeSet<>(names));
    }

    /** Whether somebody waits for what comes of it. */
    static boolean isRequest(String stream) {
        return stream.startsWith("write/") || stream.startsWith("pending/");
    }
}
