package tega.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Folders that make room: moved to a name beside their own, or, when they are nobody's, removed. */
final class Aside {
    private Aside() {}

    /** Moves {@code folder} to {@code <folder>.<why>-<n>} with the first free number; returns where it is. */
    static Path move(Path folder, String why) throws IOException {
        for (var n = 1; ; n++) {
            var place = folder.resolveSibling(folder.getFileName() + "." + why + "-" + n);
            if (!Files.exists(place)) {
                Files.move(folder, place, StandardCopyOption.ATOMIC_MOVE);
                return place;
            }
        }
    }

    /** Removes a flat folder of this tool's own making. */
    static void remove(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
