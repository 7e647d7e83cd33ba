package tega.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A folder that is built beside a log to take its place when it is whole; until then the log is what it was. To be made while
 * the lock of the log is held.
 */
final class Replacement implements AutoCloseable {
    private final Path target;
    private final Path folder;
    private final Swap swap;

    /** Begins an empty one; {@code doing} is the end of its name. */
    Replacement(Path target, String doing) throws IOException {
        this.target = target.toAbsolutePath().normalize();
        this.folder = this.target.resolveSibling(this.target.getFileName() + "." + doing);
        this.swap = FolderStorage.swap(this.target);
        if (Files.exists(folder)) {
            remove(folder);
        }
        FolderStorage.make(folder);
    }

    /** Where it is built. */
    Path folder() {
        return folder;
    }

    /**
     * Has it take the place; all that is in it is durable. What was there is in the folder that is returned, {@code
     * <log>.<why>-<n>}, unless it was without files.
     */
    Optional<Path> install(String why) throws IOException {
        var aside = free(why);
        FolderStorage.sync(folder);
        swap.begin(String.valueOf(folder.getFileName()), String.valueOf(aside.getFileName()));
        swap.finish();
        if (new FolderStorage(aside).list().isEmpty()) {
            remove(aside);
            return Optional.empty();
        }
        return Optional.of(aside);
    }

    private Path free(String why) {
        for (var n = 1; ; n++) {
            var place = target.resolveSibling(target.getFileName() + "." + why + "-" + n);
            if (!Files.exists(place)) {
                return place;
            }
        }
    }

    /** Removes it unless it has taken the place, or is going to. */
    @Override
    public void close() throws IOException {
        if (Files.exists(folder) && !swap.isBegun()) {
            remove(folder);
        }
    }

    /** Removes a flat folder that is nobody's. */
    static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
