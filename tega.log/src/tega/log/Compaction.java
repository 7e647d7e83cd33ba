package tega.log;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import tega.api.TegaException;
import tega.api.spi.CommitCodec;
import tega.api.spi.JsonCodec;
import tega.api.spi.LogOptions;
import tega.api.spi.Picture;
import tega.api.spi.ReplicaProvider;
import tega.api.spi.Scheduler;
import tega.api.spi.Sink;

/**
 * Drops the history that is not to be kept and gives its space back: writes a picture of the state that history is to begin
 * with, and removes the commits and pictures before it. Done twice, or begun again after it was interrupted, it comes to the
 * same.
 */
final class Compaction {
    private final Path data;
    private final CommitCodec commits;
    private final JsonCodec json;
    private final PrintStream out;

    Compaction(Path data, CommitCodec commits, JsonCodec json, PrintStream out) {
        this.data = data;
        this.commits = commits;
        this.json = json;
        this.out = out;
    }

    /** Keeps the last {@code keep} revisions. */
    boolean run(long keep) {
        if (keep < 0) {
            throw new TegaException.Invalid("--keep takes how many revisions to keep, not " + keep);
        }
        var folder = data.resolve(FolderLogProvider.FOLDER);
        if (!Files.isDirectory(folder)) {
            throw new TegaException.NotFound("there is no commit log in " + data + "; name the data folder with -d");
        }
        var replicas = LogTool.found(ReplicaProvider.class);
        var scheduler = LogTool.found(Scheduler.class);
        try (var log = new SegmentedLog(new FolderStorage(folder), options(keep), commits, json, scheduler)) {
            log.open(replicas.replica(commits));
            var before = log.oldest();
            var bytes = log.bytes();
            compact(log, keep, () -> replicas.replica(commits));
            out.println("history begins at revision " + log.oldest() + " (was " + before + "), the last is "
                    + log.last() + "; " + log.bytes() + " bytes (were " + bytes + ")");
        }
        return true;
    }

    private static LogOptions options(long keep) {
        var usual = LogOptions.DEFAULT;
        return new LogOptions(usual.segmentBytes(), usual.pictureAfterBytes(), 0, keep, Duration.ZERO, 0);
    }

    /** Lets the history of {@code log} begin {@code keep} revisions before its last; {@code empty} makes sinks. */
    static void compact(SegmentedLog log, long keep, Supplier<? extends Sink> empty) {
        var begin = log.last() - keep;
        if (begin > 0 && begin >= log.oldest()) {
            log.trim(state(log, begin, empty.get()));
        }
    }

    /** The state after {@code revision}. */
    private static Picture state(SegmentedLog log, long revision, Sink sink) {
        var from = log.oldest();
        for (var picture : log.pictures()) {
            if (picture <= revision) {
                from = picture;
            }
        }
        if (log.pictures().contains(from)) {
            sink.restore(log.picture(from));
        }
        try (var reader = log.read(from + 1)) {
            while (reader.hasNext()) {
                var commit = reader.next();
                if (commit.revision() > revision) {
                    break;
                }
                sink.apply(commit);
            }
        }
        return sink.freeze();
    }
}
