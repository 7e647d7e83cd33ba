package tega.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tega.api.Commit;
import tega.api.TegaException;
import tega.api.spi.CommitCodec;
import tega.api.spi.Proposal;
import tega.api.spi.Receipt;
import tega.api.spi.Sink;
import tega.api.spi.Storage;

/** An open log as far as it grows: takes batches, makes them durable, has the sink apply them. For one thread at a time. */
final class Writing {
    private final Storage storage;
    private final CommitCodec commits;
    private final Counters counters;
    private final Condition condition;
    private final Shelf shelf;
    private final Pictures pictures;
    private final Sink sink;
    private final Tail tail;
    private final FrameBuffer frames = new FrameBuffer();
    private volatile long last;
    private boolean broken;

    Writing(
            Storage storage,
            CommitCodec commits,
            Counters counters,
            Condition condition,
            Shelf shelf,
            Pictures pictures,
            Sink sink,
            Tail tail) {
        this.storage = storage;
        this.commits = commits;
        this.counters = counters;
        this.condition = condition;
        this.shelf = shelf;
        this.pictures = pictures;
        this.sink = sink;
        this.tail = tail;
        this.last = tail.last();
    }

    long last() {
        return last;
    }

    Shelf shelf() {
        return shelf;
    }

    Pictures pictures() {
        return pictures;
    }

    Sink sink() {
        return sink;
    }

    boolean isBroken() {
        return broken;
    }

    List<Receipt> append(List<Proposal> batch) {
        if (broken) {
            return refuseAll(batch, counters, condition.sentence());
        }
        var taken = collect(batch);
        if (!frames.isEmpty() || tail.isSuspect()) {
            var begun = false;
            try {
                if (prepare()) {
                    // the batch may have another number now
                    taken = collect(batch);
                }
                begun = true;
                write(taken);
            } catch (IOException | TegaException e) {
                return failed(batch, e, begun && tail.isSuspect());
            }
        }
        return applied(batch, taken);
    }

    static List<Receipt> refuseAll(List<Proposal> batch, Counters counters, String reason) {
        counters.failures.add(batch.size());
        return List.copyOf(Taken.refuse(batch, 0, reason));
    }

    private Taken collect(List<Proposal> batch) {
        return Taken.collect(batch, last + 1, tail, commits, frames);
    }

    /** Makes the tail fit for the next batch; true when it is in another segment now. */
    boolean prepare() throws IOException {
        if (tail.prepare()) {
            shelf.add(tail.segment());
            return true;
        }
        return false;
    }

    /** Makes the collected frames durable. */
    private void write(Taken taken) throws IOException {
        if (!frames.isEmpty()) {
            var bytes = frames.seal();
            pictures.appended(bytes.remaining());
            tail.write(bytes, taken.reserve());
        }
        condition.well();
    }

    private List<Receipt> failed(List<Proposal> batch, Exception e, boolean unknown) {
        condition.failed(e);
        counters.failures.add(batch.size());
        var sentence = condition.sentence();
        return List.copyOf(Collections.nCopies(
                batch.size(), unknown ? new Receipt.Unknown(sentence) : new Receipt.Refused(sentence)));
    }

    private List<Receipt> applied(List<Proposal> batch, Taken taken) {
        var receipts = new ArrayList<Receipt>(batch.size());
        for (var proposal : batch.subList(0, taken.count())) {
            var commit = proposal.commit();
            last = commit.revision();
            tail.last(last);
            apply(commit);
            receipts.add(new Receipt.Appended(last));
        }
        counters.commits.add(taken.count());
        counters.unkept.add(taken.count() - taken.kept());
        counters.payload.add(taken.payload());
        receipts.addAll(taken.refused());
        pictures.beginWhenDue(sink);
        return receipts;
    }

    private void apply(Commit commit) {
        try {
            sink.apply(commit);
        } catch (RuntimeException e) {
            broken = true;
            throw condition.broken(commit.revision(), e);
        }
    }

    /** Begins a new segment, unless the newest is without commits. */
    void turn() {
        try {
            if (tail.turn()) {
                shelf.add(tail.segment());
            }
        } catch (IOException e) {
            condition.failed(e);
            throw new TegaException.Unavailable("no new segment was begun: " + condition.sentence(), e);
        }
    }

    /** Forgets all there was, unless there is nothing. */
    void clear() {
        var now = shelf.now();
        if (now.segments().size() == 1
                && now.pictures().isEmpty()
                && now.first().isBase()
                && now.first().first() == last + 1) {
            return;
        }
        try {
            tail.clear();
        } catch (IOException | TegaException e) {
            condition.failed(e);
            if (tail.isSuspect()) {
                throw new TegaException.UnknownOutcome(
                        "whether the data was cleared is not known: " + condition.sentence(), e);
            }
            throw new TegaException.Unavailable("nothing was cleared: " + condition.sentence(), e);
        }
        try {
            shelf.cleared(tail.segment());
        } catch (IOException e) {
            condition.hindered("cleared data is still in " + storage.describe("") + " (" + Reason.of(e)
                    + "); it is removed with the next old history, or at the next start");
        }
        pictures.cleared();
        condition.well();
    }

    /** Brings it to an end, in order if the disk lets it. */
    void end() throws IOException {
        if (!broken) {
            pictures.writeAtClose(sink);
        }
        pictures.close();
        shelf.close();
        try {
            if (!broken) {
                tail.finish(frames);
            }
        } finally {
            tail.close();
        }
    }
}
