package tega.store;

import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import tega.api.Path;
import tega.api.Value;
import tega.api.spi.CommitCodec;
import tega.api.spi.JsonCodec;
import tega.json.Commits;
import tega.json.Json;

/** A store on a log in memory, with a clock in hand, that can be crashed and started again. */
final class Bench implements AutoCloseable {
    static final JsonCodec JSON = new Json();
    static final CommitCodec COMMITS = new Commits();

    final ManualScheduler clock = new ManualScheduler();
    final MemoryLog log = new MemoryLog(COMMITS, JSON::readJson);
    StoreOptions options;
    TegaStore db;

    Bench() {
        this(options -> options);
    }

    Bench(UnaryOperator<StoreOptions> change) {
        options = change.apply(StoreOptions.DEFAULT);
        db = open();
    }

    private TegaStore open() {
        return TegaStore.open(log, COMMITS, clock, new SplittableRandom(1), options);
    }

    /** As if the power had been cut and was back. */
    void crash() {
        db = open();
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

    @Override
    public void close() {
        db.close();
    }
}
