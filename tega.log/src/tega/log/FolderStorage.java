package tega.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;
import tega.api.spi.Storage;

/** A folder of the machine's file system. */
final class FolderStorage implements Storage {
    private static final String LOCK = "lock";
    private static final String HELD = "tega.log.held:";

    private final Path folder;
    private @Nullable FileChannel lockFile;
    private @Nullable Object lockKey;
    private @Nullable String held;

    FolderStorage(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    @Override
    public List<String> list() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.equals(LOCK))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    @Override
    public File open(String name, boolean create) throws IOException {
        var file = folder.resolve(name);
        var options = create
                ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)
                : readable(file);
        return new ChannelFile(file, options);
    }

    /** Files of others, or on a disk that takes no writes, can still be read. */
    private static Set<StandardOpenOption> readable(Path file) {
        return Files.isWritable(file)
                ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE)
                : Set.of(StandardOpenOption.READ);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(folder.resolve(name));
    }

    @Override
    public void syncFolder() throws IOException {
        sync(folder);
    }

    static void sync(Path folder) throws IOException {
        try (var file = new ChannelFile(folder, Set.of(StandardOpenOption.READ))) {
            file.sync();
        }
    }

    /** Makes the folder and those above it that are missing, durably. */
    static void make(Path folder) throws IOException {
        var missing = new ArrayDeque<Path>();
        for (var path = folder; path != null && !Files.exists(path); path = path.getParent()) {
            missing.push(path);
        }
        Files.createDirectories(folder);
        for (var path : missing) {
            var parent = path.getParent();
            if (parent != null) {
                sync(parent);
            }
        }
    }

    /** The exchange of {@code folder} for another, if one is on its way. */
    static Swap swap(Path folder) {
        var parent = folder.getParent();
        return new Swap(new FolderStorage(parent == null ? folder : parent), String.valueOf(folder.getFileName()));
    }

    /** Finishes what a tool began here that was interrupted, unless somebody has the folder. */
    void settle() throws IOException {
        if (swap(folder).isBegun()) {
            lock();
            close();
        }
    }

    @Override
    public void lock() throws IOException {
        while (!take()) {
            // what was to take the place of the folder has done so
        }
    }

    /** Takes the folder; false when another has come in its place, which is to be taken instead. */
    private boolean take() throws IOException {
        var swap = swap(folder);
        if (!Files.exists(folder)) {
            swap.finish();
        }
        make(folder);
        var file = folder.resolve(LOCK);
        hold(file);
        var settled = false;
        try {
            if (!swap.isBegun() && isSame(file)) {
                settled = true;
                return true;
            }
            if (list().isEmpty()) {
                Files.deleteIfExists(file);
                Files.deleteIfExists(folder);
            } else {
                swap.finish();
            }
            return false;
        } finally {
            if (!settled) {
                close();
            }
        }
    }

    /** Whether the file of the lock is still the one that bears its name. */
    private boolean isSame(Path file) throws IOException {
        return Files.exists(file) && key(file).equals(lockKey);
    }

    private static Object key(Path file) throws IOException {
        var key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? file : key;
    }

    private void hold(Path file) throws IOException {
        // A POSIX lock is gone as soon as its process closes any channel of the file: never touch the file of a lock of
        // our own.
        var key = HELD + folder.toRealPath();
        if (System.getProperties()
                        .putIfAbsent(key, String.valueOf(ProcessHandle.current().pid()))
                != null) {
            throw new TegaException.Unavailable(
                    "the data in " + folder + " is already open in this process; use that, or name another folder");
        }
        try {
            if (!Files.exists(file)) {
                Files.write(file, new byte[0], StandardOpenOption.CREATE);
            }
            lockKey = key(file);
            lockFile = lock(file);
            held = key;
        } finally {
            if (held == null) {
                System.clearProperty(key);
            }
        }
    }

    private FileChannel lock(Path file) throws IOException {
        var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
            if (lock == null) {
                var holder = Files.readString(file).strip();
                throw new TegaException.Unavailable("the data in " + folder + " is held by another process"
                        + (holder.isEmpty() ? "" : " (" + holder + ")") + "; stop it, or name another folder with -d");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(
                            ("process " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)),
                    0);
            return channel;
        } finally {
            if (lock == null || !lock.isValid()) {
                channel.close();
            }
        }
    }

    @Override
    public long usable() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    @Override
    public String describe(String name) {
        return name.isEmpty() ? folder.toString() : folder.resolve(name).toString();
    }

    @Override
    public void close() throws IOException {
        var key = held;
        var channel = lockFile;
        held = null;
        lockFile = null;
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            if (key != null) {
                System.clearProperty(key);
            }
        }
    }
}
