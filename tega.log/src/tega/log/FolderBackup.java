package tega.log;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import tega.api.TegaException;
import tega.api.spi.JsonCodec;

/**
 * A log in one file, a zip archive of its segments and pictures. What is copied is checked on the way: a backup of a damaged log
 * is refused, and a restored one was read completely before it takes its place.
 */
final class FolderBackup {
    private static final int TRIES = 5;

    private final LogFolder folder;
    private final PrintStream out;

    FolderBackup(LogFolder folder, PrintStream out) {
        this.folder = folder;
        this.out = out;
    }

    /** Writes {@code file} anew, all or nothing. A server that retires files meanwhile makes it begin again. */
    boolean write(Path file) throws IOException {
        LogTool.checkNew(file);
        for (var attempt = 1; ; attempt++) {
            var unfinished = file.resolveSibling(file.getFileName() + ".tmp");
            try {
                var last = copy(unfinished);
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
                FolderStorage.sync(parent(file));
                out.println("backed up revisions up to " + last + " to " + file + " (" + Files.size(file) + " bytes)");
                return true;
            } catch (NoSuchFileException e) {
                if (attempt == TRIES) {
                    throw e;
                }
            } finally {
                Files.deleteIfExists(unfinished);
            }
        }
    }

    private long copy(Path target) throws IOException {
        var catalog = folder.catalog();
        var last = 0L;
        try (var file = FileChannel.open(
                        target,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                var zip = new ZipOutputStream(new BufferedOutputStream(Channels.newOutputStream(file)))) {
            for (var revision : catalog.pictures()) {
                var trouble = folder.checkPicture(revision);
                if (!trouble.isEmpty()) {
                    throw new TegaException.Damaged(trouble);
                }
                add(zip, Catalog.pictureName(revision), Long.MAX_VALUE);
            }
            for (var i = 0; i < catalog.segments().size(); i++) {
                var found = folder.check(catalog.segments().get(i));
                if (!found.isWhole()
                        && !(found.torn() && i + 1 == catalog.segments().size())) {
                    throw new TegaException.Damaged(found.trouble());
                }
                add(zip, found.segment().name(), found.end());
                last = found.last();
            }
            zip.finish();
            zip.flush();
            file.force(true);
        }
        return last;
    }

    private void add(ZipOutputStream zip, String name, long end) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        var channel = Channels.newChannel(zip); // not closed: the archive goes on
        folder.copy(name, end, (bytes, at) -> channel.write(bytes));
        zip.closeEntry();
    }

    /** Brings {@code file} to where the log is; what is there is moved aside when {@code force}, else it is refused. */
    boolean restore(Path file, boolean force) throws IOException {
        var target = folder.folder();
        try (var room = new FolderStorage(target)) {
            room.lock();
            if (!force && !room.list().isEmpty()) {
                throw new TegaException.Conflict(
                        null,
                        "there is a log in " + target + " already; --force moves it aside, -d names another folder");
            }
            try (var restored = new Replacement(target, "restoring")) {
                unpack(file, restored.folder());
                check(file, restored.folder());
                var before = restored.install("before-restore");
                out.println("restored " + file + " to " + target);
                before.ifPresent(aside -> out.println("what was there is now in " + aside));
            }
        }
        return true;
    }

    private void check(Path file, Path restored) throws IOException {
        var copy = new LogFolder(restored, folder.codec(), LogTool.found(JsonCodec.class));
        if (!new FolderCheck(copy, new PrintStream(OutputStream.nullOutputStream(), false)).run()) {
            throw new TegaException.Damaged("'" + file + "' is not a whole backup; nothing was changed");
        }
    }

    private static void unpack(Path file, Path target) throws IOException {
        try (var zip = new ZipFile(file.toFile())) {
            var names = new ArrayList<String>();
            zip.entries().asIterator().forEachRemaining(entry -> names.add(entry.getName()));
            for (var name : names) {
                if (!Segment.isName(name) && Catalog.pictureRevision(name) < 0) {
                    throw new TegaException.Invalid(
                            "'" + file + "' is not a backup of tega: it contains '" + name + "'");
                }
                var copy = target.resolve(name);
                try (var in = zip.getInputStream(zip.getEntry(name))) {
                    Files.copy(in, copy);
                }
                try (var written = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                    written.force(true);
                }
            }
        } catch (NoSuchFileException e) {
            throw new TegaException.NotFound("there is no file '" + file + "'");
        } catch (ZipException e) {
            throw new TegaException.Invalid("'" + file + "' is not a backup of tega (" + e.getMessage() + ")");
        }
        FolderStorage.sync(target);
    }

    private static Path parent(Path file) {
        var parent = file.toAbsolutePath().getParent();
        return parent == null ? file : parent;
    }
}
