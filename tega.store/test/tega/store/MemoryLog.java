package tega.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.CommitCodec;
import tega.api.spi.CommitLog;
import tega.api.spi.LogHealth;
import tega.api.spi.Picture;
import tega.api.spi.Proposal;
import tega.api.spi.Receipt;
import tega.api.spi.Recovery;
import tega.api.spi.Sink;

/**
 * A log whose disk is memory: what it holds are bytes, so that a store opened on it again knows nothing but what a disk would
 * tell. Opening it again is a restart after a crash; {@link #answer} makes it refuse.
 */
final class MemoryLog implements CommitLog {
    private final CommitCodec codec;
    private final TreeMap<Long, byte[]> commits = new TreeMap<>();
    private final TreeMap<Long, List<String>> pictures = new TreeMap<>();
    private final Function<String, Value> parser;
    private long last;
    private long compacted;
    private @Nullable Sink sink;
    Function<Proposal, @Nullable Receipt> answer = proposal -> null;
    Runnable beforeAppend = () -> {};
    int appends;

    MemoryLog(CommitCodec codec, Function<String, Value> parser) {
        this.codec = codec;
        this.parser = parser;
    }

    @Override
    public synchronized Recovery open(Sink newSink) {
        sink = newSink;
        var picture = 0L;
        if (!pictures.isEmpty()) {
            picture = pictures.lastKey();
            sink.restore(picture(picture));
        }
        var applied = 0;
        for (var bytes : commits.tailMap(picture, false).values()) {
            sink.apply(codec.decode(bytes, 0, bytes.length));
            applied++;
        }
        return new Recovery(picture, applied, 0, last);
    }

    @Override
    public synchronized List<Receipt> append(List<Proposal> batch) {
        beforeAppend.run();
        appends++;
        var receipts = new ArrayList<Receipt>();
        for (var proposal : batch) {
            var answered = answer.apply(proposal);
            var commit = proposal.commit();
            if (answered != null) {
                receipts.add(answered);
            } else if (commit.revision() != last + 1) {
                receipts.add(new Receipt.Refused("revision " + commit.revision() + " does not follow " + last));
            } else {
                last++;
                if (proposal.durable() && !commit.ephemeral()) {
                    commits.put(last, codec.encode(commit));
                }
                sink.apply(commit);
                receipts.add(new Receipt.Appended(last));
            }
        }
        return receipts;
    }

    @Override
    public synchronized long last() {
        return last;
    }

    @Override
    public synchronized long oldest() {
        return compacted;
    }

    @Override
    public int maxPayload() {
        return 16 << 20;
    }

    @Override
    public synchronized Reader read(long revision) {
        if (revision <= compacted) {
            throw new TegaException.Compacted("gone", compacted);
        }
        var rest = new ArrayList<>(commits.tailMap(revision, true).values()).iterator();
        return new Reader() {
            @Override
            public void close() {}

            @Override
            public boolean hasNext() {
                return rest.hasNext();
            }

            @Override
            public Commit next() {
                var bytes = rest.next();
                return codec.decode(bytes, 0, bytes.length);
            }
        };
    }

    @Override
    public synchronized List<Long> pictures() {
        return List.copyOf(pictures.keySet());
    }

    @Override
    public synchronized Picture picture(long revision) {
        var chunks = pictures.get(revision);
        if (chunks == null) {
            throw new TegaException.NotFound("no picture " + revision);
        }
        return new Picture() {
            @Override
            public long revision() {
                return revision;
            }

            @Override
            public Iterator<Value> chunks() {
                return chunks.stream().map(parser).iterator();
            }
        };
    }

    @Override
    public synchronized long snapshot() {
        var picture = sink.freeze();
        var chunks = new ArrayList<String>();
        picture.chunks().forEachRemaining(chunk -> chunks.add(chunk.toString()));
        pictures.put(picture.revision(), chunks);
        return picture.revision();
    }

    /** Drops all before the newest picture at or before {@code needed}. */
    @Override
    public synchronized void compact(long needed) {
        var picture = pictures.floorKey(needed);
        if (picture != null) {
            compacted = picture;
            commits.headMap(picture, true).clear();
            pictures.headMap(picture, false).clear();
        }
    }

    @Override
    public synchronized void clear() {
        commits.clear();
        pictures.clear();
        compacted = last;
    }

    @Override
    public LogHealth health() {
        return new LogHealth(true, "", Map.of());
    }

    @Override
    public void close() {}

    /** The bytes on the disk, roughly. */
    String text() {
        var text = new StringBuilder();
        commits.values().forEach(bytes -> text.append(new String(bytes, StandardCharsets.UTF_8))
                .append('\n'));
        return text.toString();
    }
}
