package tega.store;

import java.time.Duration;
import java.util.Set;
import tega.api.Limits;
import tega.api.spi.LogOptions;

/**
 * How a database behaves.
 *
 * @param id the id of the server, the origin of its commits
 * @param limits what it takes
 * @param history of each root so many versions before the current one can be read, if the log keeps as many
 * @param inMemory so many of the newest commits are kept in memory, with the states between them
 * @param volatileRoots roots kept in memory only
 * @param draftIdle a draft that nobody has used for so long is dropped
 * @param log how the log behaves, where the database opens its own
 */
public record StoreOptions(
        String id,
        Limits limits,
        int history,
        int inMemory,
        Set<String> volatileRoots,
        Duration draftIdle,
        LogOptions log) {
    /** A server {@code tega} with everything as usual. */
    public static final StoreOptions DEFAULT = new StoreOptions(
            "tega", Limits.DEFAULT, Integer.MAX_VALUE, 1000, Set.of(), Duration.ofMinutes(10), LogOptions.DEFAULT);

    /** The set is copied. */
    public StoreOptions {
        volatileRoots = Set.copyOf(volatileRoots);
    }

    /** The same for another server. */
    public StoreOptions id(String newId) {
        return new StoreOptions(newId, limits, history, inMemory, volatileRoots, draftIdle, log);
    }

    /** The same with other limits. */
    public StoreOptions limits(Limits newLimits) {
        return new StoreOptions(id, newLimits, history, inMemory, volatileRoots, draftIdle, log);
    }

    /** The same with another length of history. */
    public StoreOptions history(int versions) {
        return new StoreOptions(id, limits, versions, inMemory, volatileRoots, draftIdle, log);
    }

    /** The same with so many commits in memory. */
    public StoreOptions inMemory(int commits) {
        return new StoreOptions(id, limits, history, commits, volatileRoots, draftIdle, log);
    }

    /** The same with these roots in memory only. */
    public StoreOptions volatileRoots(Set<String> roots) {
        return new StoreOptions(id, limits, history, inMemory, roots, draftIdle, log);
    }

    /** The same with drafts that live for so long. */
    public StoreOptions draftIdle(Duration idle) {
        return new StoreOptions(id, limits, history, inMemory, volatileRoots, idle, log);
    }

    /** The same with another log. */
    public StoreOptions log(LogOptions newLog) {
        return new StoreOptions(id, limits, history, inMemory, volatileRoots, draftIdle, newLog);
    }
}
