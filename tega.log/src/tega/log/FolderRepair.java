package tega.log;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tega.api.TegaException;

/**
 * Saves what can be saved of a damaged log. The whole folder is moved aside and stays as it is; a new one is made of copies: the
 * whole pictures and the commits that follow from one of them, or from the beginning, without a gap. Of the ways to choose, the
 * one that keeps the newest revision is taken, and of equals the one that keeps most history.
 */
final class FolderRepair {
    private final LogFolder folder;
    private final PrintStream out;

    FolderRepair(LogFolder folder, PrintStream out) {
        this.folder = folder;
        this.out = out;
    }

    /** What could be kept: from a picture (0: from the beginning) through segments, the last up to its {@code end}. */
    private record Choice(long picture, List<LogFolder.Found> segments) {
        long last() {
            return segments.isEmpty()
                    ? picture
                    : Math.max(picture, segments.get(segments.size() - 1).lastWhole());
        }
    }

    /** Whether the log is whole now. */
    boolean run() throws IOException {
        var catalog = folder.catalog();
        try (var lock = new FolderStorage(folder.folder())) {
            lock.lock();
            var pictures = new ArrayList<Long>();
            var broken = new ArrayList<String>();
            for (var revision : catalog.pictures()) {
                if (folder.checkPicture(revision).isEmpty()) {
                    pictures.add(revision);
                } else {
                    broken.add(Catalog.pictureName(revision));
                }
            }
            var found = new ArrayList<LogFolder.Found>();
            for (var segment : catalog.segments()) {
                var state = folder.check(segment);
                found.add(state);
                if (!state.isWhole()) {
                    broken.add(segment.name());
                }
            }
            if (broken.isEmpty() && new FolderCheck(folder, silent()).run()) {
                out.println("nothing to repair: revisions " + catalog.oldest() + " to "
                        + found.get(found.size() - 1).last() + " are whole");
                return true;
            }
            rebuild(best(found, pictures), pictures, found, broken);
            return true;
        }
    }

    private static PrintStream silent() {
        return new PrintStream(java.io.OutputStream.nullOutputStream(), false);
    }

    private static Choice best(List<LogFolder.Found> found, List<Long> pictures) {
        Choice best = null;
        var begins = new ArrayList<Long>(pictures);
        if (!found.isEmpty() && found.get(0).segment().isBase()) {
            begins.add(0, 0L);
        }
        for (var begin : begins) {
            var choice = from(begin, found);
            if (best == null || choice.last() > best.last()) {
                best = choice;
            }
        }
        if (best == null) {
            throw new TegaException.Damaged(
                    "nothing can be saved: there is neither a whole picture nor the beginning of the"
                            + " commits; 'tega restore' brings a backup back");
        }
        return best;
    }

    /** The segments that lead on from {@code picture} without a gap. */
    private static Choice from(long picture, List<LogFolder.Found> found) {
        var kept = new ArrayList<LogFolder.Found>();
        var last = picture == 0 && !found.isEmpty() ? found.get(0).segment().first() - 1 : picture;
        for (var i = 0; i < found.size(); i++) {
            var segment = found.get(i);
            var next = i + 1 < found.size() ? found.get(i + 1).segment().first() : Long.MAX_VALUE;
            if (next <= last + 1) {
                continue;
            }
            if (segment.segment().first() > last + 1 || segment.endOfWhole() == 0) {
                break;
            }
            if (segment.lastWhole() >= last || kept.isEmpty()) {
                kept.add(segment);
                last = Math.max(last, segment.lastWhole());
            }
            if (!segment.isWhole()) {
                break;
            }
        }
        return new Choice(picture, kept);
    }

    private void rebuild(Choice choice, List<Long> pictures, List<LogFolder.Found> found, List<String> broken)
            throws IOException {
        Optional<Path> place;
        try (var repaired = new Replacement(folder.folder(), "repairing")) {
            try (var storage = new FolderStorage(repaired.folder())) {
                copy(choice, pictures, storage);
            }
            place = repaired.install("damaged");
        }
        out.println("saved revisions up to " + choice.last()
                + (choice.picture() > 0 ? ", beginning with the picture of revision " + choice.picture() : ""));
        out.println("damaged: " + String.join(", ", broken));
        var lost = found.stream().mapToLong(LogFolder.Found::lastWhole).max().orElse(0);
        var end = choice.segments().get(choice.segments().size() - 1);
        if (lost > choice.last()) {
            out.println("lost: revisions " + (choice.last() + 1) + " to at least " + lost);
        } else if (!end.isWhole() && !end.torn()) {
            out.println("lost: whatever came after revision " + choice.last());
        }
        place.ifPresent(aside -> out.println("the damaged log is untouched in " + aside));
    }

    private void copy(Choice choice, List<Long> pictures, FolderStorage to) throws IOException {
        if (choice.segments().isEmpty()) {
            throw new TegaException.Damaged(
                    "no commits can be saved, only pictures; 'tega restore' brings a backup back");
        }
        for (var revision : pictures) {
            if (revision >= choice.picture() && revision <= choice.last()) {
                copy(to, Catalog.pictureName(revision), Long.MAX_VALUE);
            }
        }
        for (var segment : choice.segments()) {
            copy(to, segment.segment().name(), segment.endOfWhole());
        }
        to.syncFolder();
    }

    private void copy(FolderStorage to, String name, long end) throws IOException {
        try (var copy = to.open(name, true)) {
            folder.copy(name, end, copy::write);
            copy.sync();
        }
    }
}
