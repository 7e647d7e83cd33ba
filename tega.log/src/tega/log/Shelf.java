package tega.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tega.api.spi.Storage;

/**
 * Which files the open log has now. Readers take the {@link #now() catalog} without a lock; whoever adds, publishes, retires or
 * clears files does so one at a time. Once closed, nothing is published or removed any more.
 */
final class Shelf {
    private final Storage storage;
    private final List<String> leftovers = new ArrayList<>();
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
     * Removes what is older than {@code picture}: pictures first, then segments from the oldest on. Each removal is durable
     * before the next and before the log forgets the file, so that neither a crash nor an error leaves a hole.
     */
    void retire(long picture) throws IOException {
        for (var old = catalog.pictures().get(0);
                old < picture;
                old = catalog.pictures().get(0)) {
            var gone = old;
            if (!retire(Catalog.pictureName(gone), now -> now.withoutPicture(gone))) {
                return;
            }
        }
        for (var old = catalog.first(); !catalog.from(picture).first().equals(old); old = catalog.first()) {
            if (!retire(old.name(), Catalog::withoutFirst)) {
                return;
            }
        }
    }

    private synchronized boolean retire(String name, UnaryOperator<Catalog> without) throws IOException {
        if (closed) {
            return false;
        }
        sweep();
        if (storage.list().contains(name)) {
            storage.delete(name);
        }
        storage.syncFolder();
        catalog = without.apply(catalog);
        return true;
    }

    /** Lets the log begin with {@code remainder} and removes what is before it, now if the disk lets it, or else later. */
    synchronized void begin(Remainder remainder) throws IOException {
        if (closed) {
            return;
        }
        sweep();
        remainder.publish();
        var kept = catalog.beginningWith(remainder.segment());
        leftovers.addAll(missing(catalog, kept));
        catalog = kept;
        sweep();
    }

    /** {@code segment} has made everything before it void, durably: removes that, now if the disk lets it, or else later. */
    synchronized void cleared(Segment segment) throws IOException {
        var kept = new Catalog(List.of(segment), List.of());
        leftovers.addAll(missing(catalog, kept));
        catalog = kept;
        sweep();
    }

    /** What is void must be gone before that what made it void may go. */
    private void sweep() throws IOException {
        if (leftovers.isEmpty()) {
            return;
        }
        @Nullable IOException failure = null;
        var there = storage.list();
        for (var name : leftovers) {
            try {
                if (there.contains(name)) {
                    storage.delete(name);
                }
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        storage.syncFolder();
        leftovers.clear();
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
