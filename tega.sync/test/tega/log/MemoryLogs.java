package tega.log;

import tega.api.spi.CommitLog;
import tega.api.spi.LogOptions;
import tega.api.spi.Scheduler;
import tega.api.spi.Storage;
import tega.json.Commits;
import tega.json.Json;

/** The log of the product on a storage of the test's. */
public final class MemoryLogs {
    private MemoryLogs() {}

    /** The log on {@code storage}; not yet open. */
    public static CommitLog on(Storage storage, LogOptions options, Scheduler scheduler) {
        return new SegmentedLog(storage, options, new Commits(), new Json(), scheduler);
    }
}
