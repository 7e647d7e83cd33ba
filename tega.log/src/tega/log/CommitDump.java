package tega.log;

import java.io.IOException;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import tega.api.Path;

/** Prints commits, one a line, as JSON. */
final class CommitDump {
    private final LogFolder folder;
    private final PrintStream out;

    CommitDump(LogFolder folder, PrintStream out) {
        this.folder = folder;
        this.out = out;
    }

    /** Those that touch {@code path}, from one bound to the other, both included. */
    void run(Path path, @Nullable Bound from, @Nullable Bound to) throws IOException {
        folder.commits(commit -> {
            if (to != null && to.place(commit) > 0) {
                return to.time() != null;
            }
            if ((from == null || from.place(commit) >= 0) && (path.isEmpty() || commit.touches(path))) {
                out.println(folder.codec().toValue(commit));
            }
            return !out.checkError();
        });
    }
}
