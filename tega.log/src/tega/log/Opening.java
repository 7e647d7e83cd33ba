package tega.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;
import tega.api.spi.CommitCodec;
import tega.api.spi.JsonCodec;
import tega.api.spi.Picture;
import tega.api.spi.Recovery;
import tega.api.spi.Scheduler;
import tega.api.spi.Sink;
import tega.api.spi.Storage;

/**
 * Brings a sink up to date from what is on disk: the newest whole picture, then the commits after it. Reads no segment that ends
 * before that picture. Cuts a torn tail off the newest segment; whatever else is wrong it refuses.
 */
final class Opening {
    private static final System.Logger LOG = System.getLogger("tega.log");

    private final Storage storage;
    private final Scheduler scheduler;
    private final CommitCodec commits;
    private final JsonCodec json;
    private final Counters counters;
    private final int segmentBytes;
    private Catalog catalog;
    private long picture;
    private long pictureBytes;
    private long bytesAfter;
    private long applied;
    private long cut;

    Opening(
            Storage storage,
            Scheduler scheduler,
            CommitCodec commits,
            JsonCodec json,
            Counters counters,
            int segmentBytes) {
        this.storage = storage;
        this.scheduler = scheduler;
        this.commits = commits;
        this.json = json;
        this.counters = counters;
        this.segmentBytes = segmentBytes;
        this.catalog = Catalog.EMPTY;
    }

    Catalog catalog() {
        return catalog;
    }

    /** The size of the picture it began with. */
    long pictureBytes() {
        return pictureBytes;
    }

    /** How many bytes of commits follow that picture. */
    long bytesAfter() {
        return bytesAfter;
    }

    Recovery recovery(long last) {
        return new Recovery(picture, applied, cut, last);
    }

    Tail open(Sink sink) throws IOException {
        var names = storage.list();
        catalog = Catalog.of(names);
        removeLeftovers(names);
        if (catalog.segments().isEmpty()) {
            if (!catalog.pictures().isEmpty()) {
                throw Damage.missing(storage, "there are pictures but no commits");
            }
            var tail = new Tail(storage, scheduler, counters, segmentBytes);
            tail.prepare();
            catalog = new Catalog(List.of(tail.segment()), List.of());
            return tail;
        }
        restore(sink);
        return replay(sink);
    }

    /**
     * Finishes what a crash interrupted: files that were half made, and those forgotten by a clearing. Names are made durable
     * even when nothing is removed: the process before this one may have failed to.
     */
    private void removeLeftovers(List<String> names) throws IOException {
        for (var name : names) {
            if (catalog.isLeftover(name)) {
                storage.delete(name);
            }
        }
        storage.syncFolder();
    }

    private void restore(Sink sink) throws IOException {
        var first = catalog.first();
        TegaException.@Nullable Damaged damaged = null;
        var pictures = new ArrayList<>(catalog.pictures());
        for (var i = pictures.size() - 1; i >= 0 && pictures.get(i) >= first.first() - 1; i--) {
            Picture candidate = new PictureFile(storage, json, pictures.get(i));
            try {
                pictureBytes = ((PictureFile) candidate).verify();
                sink.restore(candidate);
                picture = candidate.revision();
                return;
            } catch (TegaException.Damaged e) {
                damaged = e;
                LOG.log(System.Logger.Level.WARNING, e.getMessage() + "; going on with what is older");
                catalog = catalog.withoutPicture(candidate.revision());
            }
        }
        if (!first.isBase()) {
            throw damaged != null
                    ? damaged
                    : Damage.missing(
                            storage,
                            "there is no picture of the state before revision " + first.first()
                                    + ", where the commits begin");
        }
    }

    private Tail replay(Sink sink) throws IOException {
        var segments = catalog.segments();
        var from = Math.max(0, catalog.indexOf(picture + 1));
        @Nullable SegmentReader before = null;
        for (var i = from; ; i++) {
            var newest = i + 1 == segments.size();
            try (var reader = SegmentReader.open(storage, segments.get(i), Long.MAX_VALUE)) {
                if (before != null) {
                    reader.checkFollows(before);
                }
                apply(reader, sink);
                bytesAfter += reader.position();
                if (newest) {
                    return end(reader);
                }
                if (reader.isBroken()) {
                    throw reader.damaged();
                }
                before = reader;
            }
        }
    }

    private void apply(SegmentReader reader, Sink sink) throws IOException {
        while (reader.next()) {
            var frame = reader.frame();
            if (!reader.isCommit() || frame.revision() <= picture) {
                continue;
            }
            try {
                var commit = commits.decode(frame.bytes(), frame.payloadAt(), frame.length());
                if (commit.revision() != frame.revision()) {
                    throw new TegaException.Damaged("it says it is revision " + commit.revision());
                }
                sink.apply(commit);
            } catch (TegaException e) {
                throw Damage.at(
                        storage,
                        reader.segment().name(),
                        frame.frameAt(),
                        "commit " + frame.revision() + " to be applied (" + e.getMessage() + ")");
            }
            applied++;
        }
    }

    private Tail end(SegmentReader reader) throws IOException {
        if (reader.isBroken()) {
            if (!reader.canBeTorn()) {
                throw reader.damaged();
            }
            cut = reader.endOfContent() - reader.position();
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} ended in a write that was interrupted: cut {1} bytes at offset {2}, after revision {3}",
                    storage.describe(reader.segment().name()),
                    Long.toString(cut),
                    Long.toString(reader.position()),
                    Long.toString(reader.last()));
        }
        if (Math.max(reader.last(), reader.reserved()) < picture) {
            throw Damage.at(
                    storage,
                    reader.segment().name(),
                    reader.position(),
                    "commits up to revision " + picture + ", of which there is a picture");
        }
        return new Tail(storage, scheduler, counters, segmentBytes, reader, settle(reader));
    }

    /**
     * Makes what was read durable, and an interrupted batch one that ended, before anybody relies on it. The last batch is
     * written again: when its sync failed and only the process ended, it is in the page cache, clean, and not on the disk.
     */
    private long settle(SegmentReader reader) throws IOException {
        var frames = new FrameBuffer();
        var end = reader.position();
        var from = reader.batchAt() < 0 ? end : reader.batchAt();
        try (var file = storage.open(reader.segment().name(), false)) {
            if (reader.isBroken()) {
                file.truncate(end);
            }
            var batch = ByteBuffer.allocate(Math.toIntExact(end - from));
            while (batch.hasRemaining()) {
                if (file.read(batch, from + batch.position()) < 0) {
                    throw reader.damaged();
                }
            }
            frames.raw(batch.array());
            if (!reader.isBatchEnded()) {
                frames.add(Frame.RESERVE, reader.batch(), reader.reserved(), new byte[0]);
            }
            file.write(frames.seal(), from);
            file.sync();
            return from + frames.size();
        }
    }
}
