package tega.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A folder of the machine, made when it is first written to. */
final class SystemDisk implements Disk {
    private static final String FRESH = ".new";

    private final Path folder;

    SystemDisk(Path folder) {
        this.folder = folder;
    }

    @Override
    public void put(String name, InputStream content) throws IOException {
        Files.createDirectories(folder);
        var fresh = path(name + FRESH);
        try {
            try (var channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                content.transferTo(Channels.newOutputStream(channel));
                channel.force(true);
            }
            Files.move(fresh, path(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync();
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    @Override
    public void append(String name, byte[] content) throws IOException {
        Files.createDirectories(folder);
        Files.write(path(name), content, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        try (var channel = FileChannel.open(path(from), StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync();
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(path(name));
    }

    @Override
    public List<String> list() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public Path path(String name) {
        return folder.resolve(name);
    }

    /** Makes names durable; where folders cannot be opened, as on Windows, they are so without. */
    private void sync() throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
