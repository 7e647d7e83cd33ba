package tega.log;

import java.io.IOException;
import tega.api.TegaException;
import tega.api.spi.LogOptions;
import tega.api.spi.Scheduler;
import tega.api.spi.Storage;

/** Gives back the space of history that is not kept: what the options say, or exactly what somebody asks for. */
final class Disposal {
    private final Storage storage;
    private final Counters counters;
    private final Condition condition;
    private final Retention retention;

    Disposal(Storage storage, LogOptions options, Scheduler scheduler, Counters counters, Condition condition) {
        this.storage = storage;
        this.counters = counters;
        this.condition = condition;
        this.retention = new Retention(storage, options, scheduler);
    }

    /** At least everything needed for revisions from {@code revision} on stays. */
    void needed(long revision) {
        retention.needed(revision);
    }

    /** How much of the disk the files of {@code catalog} take. */
    long bytes(Catalog catalog) {
        try {
            return retention.bytes(catalog);
        } catch (IOException e) {
            throw new TegaException.Unavailable(
                    "cannot see how large " + storage.describe("") + " is (" + Reason.of(e) + ")", e);
        }
    }

    /** Removes what the options do not keep when {@code last} is the last revision; where that fails, later. */
    void retire(Shelf files, long last) {
        try {
            var begin = retention.begin(files.now(), last);
            if (begin >= 0) {
                files.retire(begin);
            }
            condition.hindered("");
        } catch (IOException e) {
            condition.hindered(sentence(e));
        }
    }

    /** Lets history begin with the picture of {@code revision}, to the commit; that is not in the newest segment. */
    void trim(Shelf files, long revision) {
        try {
            var remainder = Remainder.of(storage, files.now(), revision, counters);
            if (remainder.isPresent()) {
                files.begin(remainder.get());
            }
            files.retire(revision);
        } catch (IOException e) {
            throw new TegaException.Unavailable(sentence(e) + "; try again when that is mended", e);
        }
    }

    private String sentence(IOException e) {
        return "cannot remove old history from " + storage.describe("") + " (" + Reason.of(e) + ")";
    }
}
