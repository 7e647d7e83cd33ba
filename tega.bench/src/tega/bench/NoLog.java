package tega.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tega.api.Commit;
import tega.api.TegaException;
import tega.api.spi.CommitLog;
import tega.api.spi.LogHealth;
import tega.api.spi.Picture;
import tega.api.spi.Proposal;
import tega.api.spi.Receipt;
import tega.api.spi.Recovery;
import tega.api.spi.Sink;

/** A log that writes nothing: what is left is the store. */
final class NoLog implements CommitLog {
    private static final Sink NOBODY = new Sink() {
        @Override
        public void apply(Commit commit) {}

        @Override
        public void restore(Picture picture) {}

        @Override
        public Picture freeze() {
            throw new TegaException.Unavailable("there is nothing to draw");
        }
    };

    private Sink sink = NOBODY;
    private long last;

    @Override
    public Recovery open(Sink newSink) {
        sink = newSink;
        return new Recovery(0, 0, 0, last);
    }

    @Override
    public List<Receipt> append(List<Proposal> batch) {
        var receipts = new ArrayList<Receipt>(batch.size());
        for (var proposal : batch) {
            sink.apply(proposal.commit());
            receipts.add(new Receipt.Appended(++last));
        }
        return receipts;
    }

    @Override
    public long last() {
        return last;
    }

    @Override
    public long oldest() {
        return 0;
    }

    @Override
    public int maxPayload() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Reader read(long revision) {
        throw new TegaException.Compacted("nothing is kept", last);
    }

    @Override
    public List<Long> pictures() {
        return List.of();
    }

    @Override
    public Picture picture(long revision) {
        throw new TegaException.NotFound("there is no picture of revision " + revision);
    }

    @Override
    public long snapshot() {
        return last;
    }

    @Override
    public void compact(long needed) {}

    @Override
    public void clear() {}

    @Override
    public LogHealth health() {
        return new LogHealth(true, "", Map.of());
    }

    @Override
    public void close() {}
}
