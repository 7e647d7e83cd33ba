package tega.store;

import java.util.List;
import java.util.function.Consumer;
import tega.api.Commit;
import tega.api.spi.CommitLog;
import tega.api.spi.LogHealth;
import tega.api.spi.Picture;
import tega.api.spi.Proposal;
import tega.api.spi.Receipt;
import tega.api.spi.Recovery;
import tega.api.spi.Sink;

/** A log that tells a witness what it has taken, ephemeral commits included, before the store hears of it. */
final class RecordingLog implements CommitLog {
    private final CommitLog disk;
    Consumer<Commit> witness = commit -> {};

    RecordingLog(CommitLog disk) {
        this.disk = disk;
    }

    /** With the witness of the one before. */
    RecordingLog(CommitLog disk, RecordingLog before) {
        this.disk = disk;
        this.witness = before.witness;
    }

    CommitLog disk() {
        return disk;
    }

    @Override
    public Recovery open(Sink sink) {
        return disk.open(sink);
    }

    @Override
    public List<Receipt> append(List<Proposal> batch) {
        var receipts = disk.append(batch);
        for (var i = 0; i < batch.size(); i++) {
            if (receipts.get(i) instanceof Receipt.Appended) {
                witness.accept(batch.get(i).commit());
            }
        }
        return receipts;
    }

    @Override
    public long last() {
        return disk.last();
    }

    @Override
    public long oldest() {
        return disk.oldest();
    }

    @Override
    public int maxPayload() {
        return disk.maxPayload();
    }

    @Override
    public Reader read(long revision) {
        return disk.read(revision);
    }

    @Override
    public List<Long> pictures() {
        return disk.pictures();
    }

    @Override
    public Picture picture(long revision) {
        return disk.picture(revision);
    }

    @Override
    public long snapshot() {
        return disk.snapshot();
    }

    @Override
    public void compact(long needed) {
        disk.compact(needed);
    }

    @Override
    public void clear() {
        disk.clear();
    }

    @Override
    public LogHealth health() {
        return disk.health();
    }

    @Override
    public void close() {
        disk.close();
    }
}
