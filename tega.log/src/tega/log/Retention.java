package tega.log;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import tega.api.spi.LogOptions;
import tega.api.spi.Scheduler;
import tega.api.spi.Storage;

/**
 * What of the history is kept: by count, by age, by bytes. History can begin only at a picture, so what is kept is rounded up to
 * the picture at or before it; with no such picture everything stays.
 */
final class Retention {
    private final Storage storage;
    private final LogOptions options;
    private final Scheduler scheduler;
    private final Map<String, Long> sizes = new HashMap<>();
    private volatile long needed = Long.MAX_VALUE;

    Retention(Storage storage, LogOptions options, Scheduler scheduler) {
        this.storage = storage;
        this.options = options;
        this.scheduler = scheduler;
    }

    /** Revisions from {@code revision} on are needed, whatever the options say; until somebody says otherwise. */
    void needed(long revision) {
        needed = revision;
    }

    /** The picture that history is to begin with, or -1 when it is to stay as it is. */
    synchronized long begin(Catalog now, long last) throws IOException {
        var keep = Math.min(needed, Math.max(0, last - options.keepRevisions()));
        keep = Math.min(keep, oldestYoung(now, keep));
        var begin = -1L;
        for (var picture : now.pictures()) {
            if (picture <= keep) {
                begin = picture;
            }
        }
        if (options.keepBytes() > 0) {
            begin = shrink(now, begin);
        }
        return begin >= 0 && !now.from(begin).equals(now) ? begin : -1;
    }

    /** A revision before which all is older than the age that is kept; looks no further than {@code most}. */
    private long oldestYoung(Catalog now, long most) throws IOException {
        if (options.keepAge().isZero()) {
            return most;
        }
        var young = scheduler.now().minus(options.keepAge()).toEpochMilli();
        var segments = now.segments();
        var oldest = segments.get(0).first() - 1;
        for (var i = 1; i < segments.size() && segments.get(i).first() <= most; i++) {
            try (var reader = SegmentReader.open(storage, segments.get(i), Long.MAX_VALUE)) {
                if (reader.created() >= young) {
                    break;
                }
            }
            oldest = segments.get(i).first() - 1;
        }
        return oldest;
    }

    private long shrink(Catalog now, long begin) throws IOException {
        var from = begin;
        for (var picture : now.pictures()) {
            if (picture > from && picture <= needed && bytes(from < 0 ? now : now.from(from)) > options.keepBytes()) {
                from = picture;
            }
        }
        return from;
    }

    /** How many bytes these files have. */
    synchronized long bytes(Catalog files) throws IOException {
        var sum = 0L;
        for (var segment : files.segments()) {
            sum += segment.equals(files.newest()) ? Math.max(0, segment.end()) : size(segment.name());
        }
        for (var picture : files.pictures()) {
            sum += size(Catalog.pictureName(picture));
        }
        return sum;
    }

    private long size(String name) throws IOException {
        var known = sizes.get(name);
        if (known == null) {
            try (var file = storage.open(name, false)) {
                known = file.size();
            }
            sizes.put(name, known);
        }
        return known;
    }
}
