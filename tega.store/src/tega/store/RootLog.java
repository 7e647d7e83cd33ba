package tega.store;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;

/**
 * At which revision a root got which version. Immutable; one that is longer by an entry shares the arrays of the one before,
 * as long as no other has been made longer in another way.
 */
final class RootLog {
    private static final int SPARE = 16;
    static final RootLog NONE = new RootLog(new Entries(0), 0);

    /** Where entries are; those below {@code used} are taken for good. */
    private static final class Entries {
        private final long[] revisions;
        private final long[] versions;
        private final AtomicInteger used = new AtomicInteger();

        Entries(int room) {
            revisions = new long[room];
            versions = new long[room];
        }

        /** A copy of the first {@code size} with room for more. */
        Entries grown(int size) {
            var copy = new Entries(Math.max(4, size * 2));
            System.arraycopy(revisions, 0, copy.revisions, 0, size);
            System.arraycopy(versions, 0, copy.versions, 0, size);
            copy.used.set(size);
            return copy;
        }
    }

    private final Entries entries;
    private final int size;

    private RootLog(Entries entries, int size) {
        this.entries = entries;
        this.size = size;
    }

    int size() {
        return size;
    }

    long revisionAt(int index) {
        return entries.revisions[index];
    }

    long versionAt(int index) {
        return entries.versions[index];
    }

    /** The version after the newest commit of the root; -1 before its first. */
    long current() {
        return size == 0 ? -1 : entries.versions[size - 1];
    }

    RootLog append(long revision, long version) {
        var free = size < entries.revisions.length && entries.used.compareAndSet(size, size + 1);
        var room = free ? entries : entries.grown(size);
        if (!free) {
            room.used.set(size + 1);
        }
        room.revisions[size] = revision;
        room.versions[size] = version;
        return new RootLog(room, size + 1);
    }

    /** The version that the root had at {@code revision}; -1 when that is before its first known one. */
    long version(long revision) {
        var at = Arrays.binarySearch(entries.revisions, 0, size, revision);
        var floor = at >= 0 ? at : -at - 2;
        return floor < 0 ? -1 : entries.versions[floor];
    }

    /** The revision that made {@code version}; -1 when it is not known. */
    long revision(long version) {
        var at = Arrays.binarySearch(entries.versions, 0, size, version);
        return at < 0 ? -1 : entries.revisions[at];
    }

    /** Only the entries from revision {@code first} on, those before it that are {@code needed}, and the newest. */
    RootLog keep(long first, LongPredicate needed) {
        var from = Math.min(begin(first), size - 1);
        var kept = 0;
        for (var i = 0; i < from; i++) {
            kept += needed.test(entries.revisions[i]) ? 1 : 0;
        }
        if (size == 0 || kept == from) {
            return this;
        }
        var rest = new Entries(kept + size - from + SPARE);
        var at = 0;
        for (var i = 0; i < from; i++) {
            if (needed.test(entries.revisions[i])) {
                rest.revisions[at] = entries.revisions[i];
                rest.versions[at++] = entries.versions[i];
            }
        }
        System.arraycopy(entries.revisions, from, rest.revisions, at, size - from);
        System.arraycopy(entries.versions, from, rest.versions, at, size - from);
        at += size - from;
        rest.used.set(at);
        return new RootLog(rest, at);
    }

    /** How many entries are before revision {@code first}, the newest aside: those that may be dropped. */
    int before(long first) {
        return Math.max(0, Math.min(begin(first), size - 1));
    }

    private int begin(long first) {
        var at = Arrays.binarySearch(entries.revisions, 0, size, first);
        return at >= 0 ? at : -at - 1;
    }
}
