package tega.log;

import java.io.IOException;
import java.io.PrintStream;

/** Reads everything that is in a log and tells what it found. */
final class FolderCheck {
    private final LogFolder folder;
    private final PrintStream out;

    FolderCheck(LogFolder folder, PrintStream out) {
        this.folder = folder;
        this.out = out;
    }

    /** Whether all is whole. */
    boolean run() throws IOException {
        var catalog = folder.catalog();
        var whole = true;
        for (var revision : catalog.pictures()) {
            var trouble = folder.checkPicture(revision);
            out.println(Catalog.pictureName(revision) + "  " + (trouble.isEmpty() ? "whole" : "DAMAGED: " + trouble));
            whole &= trouble.isEmpty();
        }
        var last = 0L;
        var previous = -1L;
        for (var i = 0; i < catalog.segments().size(); i++) {
            var segment = catalog.segments().get(i);
            var found = folder.check(segment);
            var newest = i + 1 == catalog.segments().size();
            var gap = i > 0 && segment.first() > previous + 1;
            out.println(segment.name() + "  " + found.commits() + " commits up to revision " + found.last() + "  "
                    + verdict(found, newest));
            if (gap) {
                out.println("  DAMAGED: the commits after revision " + previous + " and before " + segment.first()
                        + " are missing");
            }
            whole &= !gap && (found.isWhole() || (newest && found.torn()));
            previous = found.last();
            last = found.last();
        }
        if (catalog.segments().isEmpty()) {
            out.println("DAMAGED: there are pictures but no commits");
            whole = false;
        } else if (!catalog.first().isBase()
                && catalog.pictures().stream()
                        .noneMatch(picture -> picture >= catalog.first().first() - 1)) {
            out.println("DAMAGED: there is no picture of the state before revision "
                    + catalog.first().first());
            whole = false;
        }
        out.println(
                whole
                        ? "whole: revisions " + catalog.oldest() + " to " + last
                        : "damaged: 'tega repair' saves what can be saved, 'tega restore' brings a backup back");
        return whole;
    }

    private static String verdict(LogFolder.Found found, boolean newest) {
        if (found.isWhole()) {
            return "whole";
        }
        return newest && found.torn()
                ? "whole up to offset " + found.end() + ", then a write that was interrupted and never acknowledged"
                : "DAMAGED: " + found.trouble();
    }
}
