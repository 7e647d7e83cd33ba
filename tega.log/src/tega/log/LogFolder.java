package tega.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import tega.api.Commit;
import tega.api.TegaException;
import tega.api.spi.CommitCodec;
import tega.api.spi.JsonCodec;

/**
 * The files of a commit log, for reading only and without taking the folder: a server may be writing there. What it has written
 * but not yet acknowledged may be seen.
 */
final class LogFolder {
    private final Path folder;
    private final FolderStorage storage;
    private final CommitCodec commits;
    private final JsonCodec json;

    LogFolder(Path folder, CommitCodec commits, JsonCodec json) {
        this.folder = folder;
        this.storage = new FolderStorage(folder);
        this.commits = commits;
        this.json = json;
    }

    /** What is done with each commit; false ends the walk. */
    @FunctionalInterface
    interface Visitor {
        boolean visit(Commit commit) throws IOException;
    }

    /**
     * How a segment was found: where its whole batches end and with which revision, where its whole commits end and with which
     * revision, and what is wrong with it.
     */
    record Found(
            Segment segment,
            long end,
            long last,
            long endOfWhole,
            long lastWhole,
            long commits,
            String trouble,
            boolean torn) {
        boolean isWhole() {
            return trouble.isEmpty();
        }
    }

    Path folder() {
        return folder;
    }

    FolderStorage storage() {
        return storage;
    }

    /** What files there are; {@code NOT_FOUND} when there is no log. */
    Catalog catalog() throws IOException {
        var catalog = Catalog.of(storage.list());
        if (catalog.segments().isEmpty() && catalog.pictures().isEmpty()) {
            throw new TegaException.NotFound("there is no commit log in " + folder + "; name the data folder with -d");
        }
        return catalog;
    }

    /** Every commit in order, up to the first damage, which is {@code DAMAGED}; a torn end is where it ends. */
    void commits(Visitor visitor) throws IOException {
        var segments = catalog().segments();
        for (var i = 0; i < segments.size(); i++) {
            var found = walk(segments.get(i), visitor);
            if (!found.isWhole() && !(found.torn() && i + 1 == segments.size())) {
                throw new TegaException.Damaged(found.trouble());
            }
        }
    }

    /** Reads all of a segment, decodes each commit, and tells how it was. */
    Found check(Segment segment) throws IOException {
        return walk(segment, commit -> true);
    }

    private Found walk(Segment segment, Visitor visitor) throws IOException {
        var count = 0L;
        var end = 0L;
        var last = segment.first() - 1;
        var endOfWhole = 0L;
        var lastWhole = last;
        try (var reader = SegmentReader.open(storage, segment, Long.MAX_VALUE)) {
            end = reader.position();
            endOfWhole = end;
            while (reader.next()) {
                if (reader.isCommit()) {
                    var frame = reader.frame();
                    Commit commit;
                    try {
                        commit = commits.decode(frame.bytes(), frame.payloadAt(), frame.length());
                    } catch (TegaException.Damaged e) {
                        throw Damage.at(storage, segment.name(), frame.frameAt(), "a commit (" + e.getMessage() + ")");
                    }
                    if (!visitor.visit(commit)) {
                        return new Found(segment, end, last, endOfWhole, lastWhole, count, "", false);
                    }
                    count++;
                }
                endOfWhole = reader.position();
                lastWhole = reader.last();
                if (reader.isBatchEnded()) {
                    end = endOfWhole;
                    last = lastWhole;
                }
            }
            var trouble = reader.isBroken() ? reader.damaged().getMessage() : "";
            return new Found(
                    segment, end, last, endOfWhole, lastWhole, count, trouble, reader.isBroken() && reader.canBeTorn());
        } catch (TegaException.Damaged e) {
            return new Found(segment, end, last, endOfWhole, lastWhole, count, e.getMessage(), false);
        }
    }

    /** What is wrong with the picture of this revision, or an empty text. */
    String checkPicture(long revision) throws IOException {
        try {
            new PictureFile(storage, json, revision).verify();
            return "";
        } catch (TegaException.Damaged e) {
            return e.getMessage();
        }
    }

    /** Where the bytes of a file go. */
    @FunctionalInterface
    interface Target {
        void write(ByteBuffer bytes, long position) throws IOException;
    }

    /** Gives the bytes of a file up to {@code end}, or its own, to {@code target}. */
    void copy(String name, long end, Target target) throws IOException {
        var buffer = ByteBuffer.allocate(64 << 10);
        try (var file = storage.open(name, false)) {
            for (var at = 0L; at < end; ) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
                var count = file.read(buffer, at);
                if (count < 0) {
                    break;
                }
                target.write(buffer.flip(), at);
                at += count;
            }
        }
    }

    PictureFile picture(long revision) {
        return new PictureFile(storage, json, revision);
    }

    CommitCodec codec() {
        return commits;
    }
}
