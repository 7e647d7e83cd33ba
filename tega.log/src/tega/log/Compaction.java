package tega.log;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import tega.api.TegaException;
import tega.api.spi.CommitCodec;
import tega.api.spi.JsonCodec;
import tega.api.spi.LogOptions;
import tega.api.spi.ReplicaProvider;
import tega.api.spi.Scheduler;

/** Writes a picture of the newest state and drops the history that is not to be kept. */
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

    /** Keeps what is needed for the last {@code keep} revisions. */
    boolean run(long keep) {
        if (!Files.isDirectory(data.resolve(FolderLogProvider.FOLDER))) {
            throw new TegaException.NotFound("there is no commit log in " + data + "; name the data folder with -d");
        }
        var usual = LogOptions.DEFAULT;
        var options = new LogOptions(usual.segmentBytes(), usual.pictureAfterBytes(), 0, keep, Duration.ZERO, 0);
        var replica = LogTool.found(ReplicaProvider.class).replica(commits);
        try (var log = new FolderLogProvider().log(data, options, commits, json, LogTool.found(Scheduler.class))) {
            log.open(replica);
            var before = log.oldest();
            log.snapshot();
            log.compact(Math.max(0, log.last() - keep));
            out.println(
                    "history begins at revision " + log.oldest() + " (was " + before + "); the last is " + log.last());
        }
        return true;
    }
}
