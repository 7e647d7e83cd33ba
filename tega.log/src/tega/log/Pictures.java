package tega.log;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;
import tega.api.spi.JsonCodec;
import tega.api.spi.LogOptions;
import tega.api.spi.Picture;
import tega.api.spi.Scheduler;
import tega.api.spi.Sink;
import tega.api.spi.Storage;

/**
 * Decides when a picture is written, and writes it: in the background at the pace the options allow, or at once for somebody who
 * waits. A picture that fails costs nothing but a later try; the commits are in the segments.
 */
final class Pictures {
    /** At closing, no larger picture is written. */
    private static final long CHEAP = 4 << 20;

    private final Storage storage;
    private final LogOptions options;
    private final JsonCodec json;
    private final Scheduler scheduler;
    private final Counters counters;
    private final Shelf shelf;
    private final Runnable published;
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicLong appended;
    private volatile long size;
    private volatile boolean closed;
    private volatile String trouble = "";

    /** {@code size} is that of the newest picture, {@code appended} the bytes of commits after it. */
    Pictures(
            Storage storage,
            LogOptions options,
            JsonCodec json,
            Scheduler scheduler,
            Counters counters,
            Shelf shelf,
            long size,
            long appended,
            Runnable published) {
        this.storage = storage;
        this.options = options;
        this.json = json;
        this.scheduler = scheduler;
        this.counters = counters;
        this.shelf = shelf;
        this.size = size;
        this.appended = new AtomicLong(appended);
        this.published = published;
    }

    /** Why the last picture could not be written, or an empty text. */
    String trouble() {
        return trouble;
    }

    void appended(long bytes) {
        appended.addAndGet(bytes);
    }

    /** Begins a picture in the background when enough was appended: as much as the last picture itself is large, at least. */
    void beginWhenDue(Sink sink) {
        if (appended.get() >= Math.max(options.pictureAfterBytes(), size) && running.compareAndSet(false, true)) {
            appended.set(0);
            scheduler.background().execute(new Drive(sink.freeze()));
        }
    }

    /** Writes a picture at closing, when that is cheap and makes the next start quicker. */
    void writeAtClose(Sink sink) {
        if (appended.get() >= Math.max(CHEAP, size) && size <= CHEAP) {
            try {
                write(sink.freeze());
            } catch (TegaException e) {
                trouble = e.getMessage();
            }
        }
    }

    /** Writes {@code frozen} as fast as the disk takes it; returns its revision when it is durable. */
    long write(Picture frozen) {
        var now = shelf.now();
        var revision = frozen.revision();
        if (now.pictures().contains(revision)
                || (now.first().isBase() && revision < now.first().first())) {
            return revision;
        }
        appended.set(0);
        PictureWriter writer = null;
        try {
            writer = new PictureWriter(storage, json, frozen, temporary(revision));
            while (writer.step()) {
                // slice by slice
            }
            finish(writer);
            return revision;
        } catch (IOException e) {
            abandon(writer, e);
            throw new TegaException.Unavailable(
                    "cannot write a picture to " + storage.describe("") + " (" + Reason.of(e)
                            + "); the commits are safe, try again when that is mended",
                    e);
        } catch (RuntimeException e) {
            abandon(writer, e);
            throw e;
        }
    }

    private String temporary(long revision) {
        return Catalog.pictureName(revision) + "." + counters.begun.incrementAndGet() + Catalog.UNFINISHED;
    }

    private void finish(PictureWriter writer) throws IOException {
        if (!shelf.publish(writer)) {
            writer.abandon();
            return;
        }
        counters.pictures.increment();
        counters.pictureBytes.add(writer.written());
        size = writer.written();
        trouble = "";
        published.run();
    }

    private void abandon(@Nullable PictureWriter writer, Exception because) {
        counters.pictureFailures.increment();
        appended.addAndGet(options.pictureAfterBytes() / 2);
        if (writer != null) {
            try {
                writer.abandon();
            } catch (IOException e) {
                because.addSuppressed(e);
            }
        }
    }

    /** There is nothing any more to make a picture of. */
    void cleared() {
        appended.set(0);
        size = 0;
    }

    void close() {
        closed = true;
    }

    /** A picture on its way in the background. */
    private final class Drive implements Runnable {
        private final Picture frozen;
        private final long begun = scheduler.nanos();
        private @Nullable PictureWriter writer;

        Drive(Picture frozen) {
            this.frozen = frozen;
        }

        @Override
        public void run() {
            var goesOn = false;
            try {
                goesOn = write();
            } catch (IOException | RuntimeException e) {
                abandon(writer, e);
                trouble = "cannot write a picture of revision " + frozen.revision() + " to " + storage.describe("")
                        + " (" + (e instanceof IOException io ? Reason.of(io) : e.getMessage())
                        + "); the commits are safe, but the next start takes longer";
            } finally {
                if (!goesOn) {
                    running.set(false);
                }
            }
        }

        private boolean write() throws IOException {
            if (writer == null) {
                writer = new PictureWriter(storage, json, frozen, temporary(frozen.revision()));
            }
            while (!closed && writer.step()) {
                var wait = ahead(writer.written());
                if (wait > 0) {
                    scheduler.after(
                            Duration.ofNanos(wait), () -> scheduler.background().execute(this));
                    return true;
                }
            }
            if (closed) {
                writer.abandon();
            } else {
                finish(writer);
            }
            return false;
        }

        /** How many nanoseconds too early so many bytes are written. */
        private long ahead(long written) {
            var rate = options.pictureBytesPerSecond();
            return rate <= 0 ? 0 : written * 1_000_000_000L / rate - (scheduler.nanos() - begun);
        }
    }
}
