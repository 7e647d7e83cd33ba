package tega.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The data folder, claimed by this process. Of it the launcher uses only {@code cache/}, which may be deleted whenever
 * no server runs: the truth is in what the commit log keeps beside it. The claim is the operating system's lock on
 * {@code cache/lock}; it ends with the process, however that ends.
 */
final class DataFolder {
    private final Path folder;

    @SuppressWarnings({"unused", "FieldCanBeLocal"}) // held, not used: a lock that is collected is released
    private final FileLock claim;

    private DataFolder(Path folder, FileLock claim) {
        this.folder = folder;
        this.claim = claim;
    }

    static DataFolder claim(Path folder) throws StartException {
        try {
            Path cache = Files.createDirectories(folder.resolve("cache"));
            FileChannel channel = FileChannel.open(
                    cache.resolve("lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            return new DataFolder(
                    folder,
                    Optional.ofNullable(channel.tryLock())
                            .orElseThrow(() ->
                                    new StartException("the data folder " + folder + " is in use by another server")));
        } catch (IOException e) {
            throw new StartException("cannot write to the data folder " + folder, e);
        }
    }

    Path path() {
        return folder;
    }

    Path cache() {
        return folder.resolve("cache");
    }
}
