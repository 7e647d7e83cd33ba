package tega.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tega.api.spi.Storage;

/**
 * Which files the open log has now. Readers take the {@link #now() catalog} without a lock; whoever adds, publishes, retires or
 * clears files does so one at a time. Once closed, nothing is published or removed any more.
 */
final class Shelf {
    private final Storage storage;
    private volatile Catalog catalog;
    private boolean closed;

    Shelf(Storage storage, Catalog catalog) {
        this.storage = storage;
        this.catalog = catalog;
    }

    Catalog now() {
        return catalog;
    }

    synchronized void add(Segment segment) {
        catalog = catalog.with(segment);
    }

    /** Lets a finished picture count; false when the log was closed, or cleared since the picture was frozen. */
    synchronized boolean publish(PictureWriter picture) throws IOException {
        var first = catalog.first();
        if (closed || (first.isCleared() && picture.revision() < first.first())) {
            return false;
        }
        picture.publish();
        catalog = catalog.withPicture(picture.revision());
        return true;
    }

    /**
     * Removes what is older than {@code picture}: pictures first, then segments from the oldest on, each removal durable before
     * the next, so that a crash leaves no hole.
     */
    void retire(long picture) throws IOException {
        List<String> gone;
        synchronized (this) {
            if (closed || !catalog.pictures().contains(picture)) {
                return;
            }
            var kept = catalog.from(picture);
            gone = missing(catalog, kept);
            catalog = kept;
        }
        for (var name : gone) {
            storage.delete(name);
            storage.syncFolder();
        }
    }

    /** {@code segment} has made everything before it void, durably: removes that. Returns the names it could not remove. */
    synchronized List<String> cleared(Segment segment) throws IOException {
        var kept = new Catalog(List.of(segment), List.of());
        var gone = missing(catalog, kept);
        catalog = kept;
        var stay = new ArrayList<String>();
        for (var name : gone) {
            try {
                storage.delete(name);
            } catch (IOException e) {
                stay.add(name);
            }
        }
        storage.syncFolder();
        return stay;
    }

    private static List<String> missing(Catalog before, Catalog after) {
        var names = new ArrayList<String>();
        for (var picture : before.pictures()) {
            if (!after.pictures().contains(picture)) {
                names.add(Catalog.pictureName(picture));
            }
        }
        for (var segment : before.segments()) {
            if (!after.segments().contains(segment)) {
                names.add(segment.name());
            }
        }
        return names;
    }

    synchronized void close() {
        closed = true;
    }
}
