package tega.log;

import java.io.IOException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.TegaException;
import tega.api.spi.CommitCodec;
import tega.api.spi.CommitLog;
import tega.api.spi.Storage;

/** Commits from segments as they were when it was made; appends and clearings that come later do not concern it. */
final class CommitReader implements CommitLog.Reader {
    private final Storage storage;
    private final CommitCodec commits;
    private final List<Segment> segments;
    private final long limit;
    private final long from;
    private int index;
    private @Nullable SegmentReader reader;
    private @Nullable SegmentReader before;
    private @Nullable Commit next;
    private boolean closed;

    /** Reads {@code segments}, the last one up to {@code limit}, from the commit {@code from} on. */
    private CommitReader(Storage storage, CommitCodec commits, List<Segment> segments, long limit, long from) {
        this.storage = storage;
        this.commits = commits;
        this.segments = segments;
        this.limit = limit;
        this.from = from;
    }

    /** Reads what {@code catalog} has from {@code revision} on, as of now; {@code COMPACTED} when it begins later. */
    static CommitReader of(Storage storage, CommitCodec commits, Catalog catalog, long revision) {
        var limit = catalog.newest().end();
        if (revision < catalog.first().first() && catalog.first().first() > 1) {
            throw new TegaException.Compacted(
                    "commits are kept from revision " + catalog.first().first() + " on, not from " + revision,
                    catalog.oldest());
        }
        var segments = catalog.segments();
        return new CommitReader(
                storage,
                commits,
                segments.subList(Math.max(0, catalog.indexOf(revision)), segments.size()),
                limit,
                revision);
    }

    @Override
    public boolean hasNext() {
        if (next == null && !closed) {
            try {
                next = advance();
            } catch (IOException e) {
                throw new TegaException.Unavailable(
                        "cannot read the commits from revision " + from + " on (" + Reason.of(e)
                                + "); see that the disk is well",
                        e);
            }
        }
        return next != null;
    }

    private @Nullable Commit advance() throws IOException {
        while (true) {
            var open = reader;
            if (open == null) {
                if (index == segments.size()) {
                    return null;
                }
                open = open(segments.get(index++));
                reader = open;
                if (before != null && before.batch() > 0) {
                    open.checkFollows(before);
                }
            }
            while (open.next()) {
                var frame = open.frame();
                if (open.isCommit() && frame.revision() >= from) {
                    return commits.decode(frame.bytes(), frame.payloadAt(), frame.length());
                }
            }
            if (open.isBroken()) {
                throw open.damaged();
            }
            open.close();
            before = open;
            reader = null;
        }
    }

    private SegmentReader open(Segment segment) throws IOException {
        var end = index == segments.size() ? limit : Long.MAX_VALUE;
        try {
            return SegmentReader.open(storage, segment, segment.offset(from), end);
        } catch (IOException e) {
            if (!storage.list().contains(segment.name())) {
                throw new TegaException.Compacted(
                        "the commits from revision " + segment.first() + " on were removed while they were read",
                        segment.first());
            }
            throw e;
        }
    }

    @Override
    public Commit next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        var commit = Objects.requireNonNull(next);
        next = null;
        return commit;
    }

    @Override
    public void close() {
        closed = true;
        next = null;
        var open = reader;
        reader = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new TegaException.Unavailable(
                        "cannot close " + open.segment() + " (" + Reason.of(e) + "); see that the disk is well", e);
            }
        }
    }
}
