package tega.store;

import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * At which revision a root got which version. Immutable to look at; {@link #append} shares the arrays with the one before, so
 * only the newest of a line may be appended to.
 */
final class RootLog {
    static final RootLog NONE = new RootLog(new long[0], new long[0], 0);

    private final long[] revisions;
    private final long[] versions;
    private final int size;

    private RootLog(long[] revisions, long[] versions, int size) {
        this.revisions = revisions;
        this.versions = versions;
        this.size = size;
    }

    int size() {
        return size;
    }

    long revisionAt(int index) {
        return revisions[index];
    }

    long versionAt(int index) {
        return versions[index];
    }

    /** The version after the newest commit of the root; -1 before its first. */
    long current() {
        return size == 0 ? -1 : versions[size - 1];
    }

    RootLog append(long revision, long version) {
        // What lies beyond size is seen by nobody, unless by a candidate that was given up.
        var room = size < revisions.length;
        var longer = Math.max(4, size * 2);
        var newRevisions = room ? revisions : Arrays.copyOf(revisions, longer);
        var newVersions = room ? versions : Arrays.copyOf(versions, longer);
        newRevisions[size] = revision;
        newVersions[size] = version;
        return new RootLog(newRevisions, newVersions, size + 1);
    }

    /** The version that the root had at {@code revision}; -1 when that is before its first known one. */
    long version(long revision) {
        var at = Arrays.binarySearch(revisions, 0, size, revision);
        var floor = at >= 0 ? at : -at - 2;
        return floor < 0 ? -1 : versions[floor];
    }

    /** The revision that made {@code version}; -1 when it is not known. */
    long revision(long version) {
        var at = Arrays.binarySearch(versions, 0, size, version);
        return at < 0 ? -1 : revisions[at];
    }

    /** Only the entries whose revision is to be kept, and the newest. */
    RootLog keep(LongPredicate kept) {
        var result = NONE;
        for (var i = 0; i < size; i++) {
            if (i == size - 1 || kept.test(revisions[i])) {
                result = result.append(revisions[i], versions[i]);
            }
        }
        return result;
    }

    /** The entries of both; where they speak of the same they agree. */
    RootLog union(RootLog that) {
        var result = NONE;
        var mine = 0;
        var theirs = 0;
        while (mine < size || theirs < that.size) {
            if (theirs == that.size || (mine < size && revisions[mine] <= that.revisions[theirs])) {
                if (theirs < that.size && revisions[mine] == that.revisions[theirs]) {
                    theirs++;
                }
                result = result.append(revisions[mine], versions[mine]);
                mine++;
            } else {
                result = result.append(that.revisions[theirs], that.versions[theirs]);
                theirs++;
            }
        }
        return result;
    }
}
