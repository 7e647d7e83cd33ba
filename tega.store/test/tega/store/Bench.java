package tega.store;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.NumberValue;
import tega.api.Path;
import tega.api.Value;
import tega.api.spi.CommitCodec;
import tega.api.spi.CommitLog;
import tega.api.spi.JsonCodec;
import tega.json.Commits;
import tega.json.Json;
import tega.log.FolderLogProvider;

/** A store with a clock in hand, on a log in memory or on the disk, that can be crashed and started again. */
final class Bench implements AutoCloseable {
    static final JsonCodec JSON = new Json();
    static final CommitCodec COMMITS = new Commits();

    final ManualScheduler clock = new ManualScheduler();
    final StoreOptions options;
    private final Supplier<CommitLog> logs;
    private final java.nio.file.@Nullable Path folder;
    private RecordingLog log;
    private StoreOptions next;
    TegaStore db;

    Bench() {
        this(options -> options);
    }

    Bench(UnaryOperator<StoreOptions> change) {
        this(change, new MemoryLog(COMMITS, JSON::readJson));
    }

    private Bench(UnaryOperator<StoreOptions> change, MemoryLog memory) {
        options = change.apply(StoreOptions.DEFAULT);
        next = options;
        folder = null;
        logs = () -> memory;
        log = new RecordingLog(memory);
        db = open();
    }

    private Bench(UnaryOperator<StoreOptions> change, java.nio.file.Path folder) {
        this.options = change.apply(StoreOptions.DEFAULT);
        this.next = options;
        this.folder = folder;
        this.logs = () -> new FolderLogProvider().log(folder, options.log(), COMMITS, JSON, clock);
        this.log = new RecordingLog(logs.get());
        this.db = open();
    }

    /** On a real disk, in a folder that goes with it. */
    static Bench onDisk(UnaryOperator<StoreOptions> change) throws IOException {
        return new Bench(change, Files.createTempDirectory("tega-store"));
    }

    private TegaStore open() {
        return TegaStore.open(log, COMMITS, clock, new SplittableRandom(1), next);
    }

    /** As if the power had been cut and was back; on a disk the log is closed before, for it holds a lock. */
    void crash() {
        crash(() -> {});
    }

    /** The same; it comes back with other options. */
    void crash(StoreOptions other) {
        crash(() -> next = other);
    }

    /** The same; {@code meanwhile} is done when it is down. */
    void crash(Runnable meanwhile) {
        if (folder != null) {
            log.close();
        }
        clock.powerCut();
        meanwhile.run();
        log = new RecordingLog(logs.get(), log);
        db = open();
    }

    /** Calls {@code witness} with every commit that the log has taken. */
    void onAppend(Consumer<Commit> witness) {
        log.witness = witness;
    }

    CommitLog log() {
        return log;
    }

    /** The log in memory. */
    MemoryLog memory() {
        return (MemoryLog) log.disk();
    }

    static Path path(String text) {
        return Path.parse(text);
    }

    static Value json(String text) {
        return JSON.readJson(text);
    }

    String get(String path) {
        return db.get(path(path)).map(Value::toString).orElse("absent");
    }

    long put(String path, String value) {
        return db.put(path(path), json(value)).revision();
    }

    /** A figure of diagnosis. */
    long figure(String subject, String name) {
        for (var part : db.inspectables()) {
            if (part.subject().equals(subject)) {
                return ((NumberValue) part.figures().get(name)).longValue();
            }
        }
        throw new AssertionError(subject);
    }

    @Override
    public void close() {
        db.close();
        if (folder != null) {
            log.close();
            delete(folder);
        }
    }

    private static void delete(java.nio.file.Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
