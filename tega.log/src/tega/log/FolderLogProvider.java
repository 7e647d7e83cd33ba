package tega.log;

import java.nio.file.Path;
import tega.api.spi.CommitCodec;
import tega.api.spi.CommitLog;
import tega.api.spi.JsonCodec;
import tega.api.spi.LogOptions;
import tega.api.spi.LogProvider;
import tega.api.spi.Scheduler;

/** The commit log in the folder {@code log} of a data folder of this machine. */
public final class FolderLogProvider implements LogProvider {
    /** Where in the data folder the log is. */
    static final String FOLDER = "log";

    /** For the service loader. */
    public FolderLogProvider() {}

    @Override
    public CommitLog log(Path folder, LogOptions options, CommitCodec commits, JsonCodec json, Scheduler scheduler) {
        return new SegmentedLog(new FolderStorage(folder.resolve(FOLDER)), options, commits, json, scheduler);
    }
}
