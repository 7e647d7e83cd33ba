package tega.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Value;
import tega.api.spi.Authorizer;
import tega.api.spi.CommitLog;
import tega.api.spi.Foreign;
import tega.api.spi.LogOptions;
import tega.api.spi.Scheduler;
import tega.api.spi.Storage;
import tega.json.Commits;
import tega.json.Json;
import tega.log.MemoryLogs;
import tega.messaging.LocalChannels;
import tega.rpc.LocalCalls;
import tega.store.StoreOptions;
import tega.store.TegaStore;

/** A server of the tests: store, log and sync on the one clock, a disk in memory, and the network in memory. */
class Station implements Net.Server {
    static final Json JSON = new Json();

    private final String name;
    private final Clock clock;
    private final Net net;
    private final @Nullable String above;
    SyncOptions options;
    LogOptions logOptions = LogOptions.DEFAULT;
    StoreOptions storeOptions;
    MemoryStorage disk = new MemoryStorage();
    CommitLog log;
    TegaStore db;
    LocalCalls calls;
    LocalChannels channels;

    @Nullable
    SyncNode node;

    private int starts;

    Station(Clock clock, Net net, String name, @Nullable String above, Set<String> config, Set<String> operational) {
        this.name = name;
        this.clock = clock;
        this.net = net;
        this.above = above;
        this.options = SyncOptions.of(name, config, operational);
        this.storeOptions = StoreOptions.DEFAULT.id(name);
        net.add(this);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable SyncNode node() {
        return node;
    }

    Station with(UnaryOperator<SyncOptions> change) {
        options = change.apply(options);
        return this;
    }

    /** What it knows time by. */
    Scheduler time() {
        return clock;
    }

    /** Where its log is. */
    Storage storage() {
        return disk;
    }

    /** Comes up, from its disk. */
    Station start() {
        starts++;
        var time = time();
        log = MemoryLogs.on(storage(), logOptions, time);
        var random = new SplittableRandom(name.hashCode() * 31L + starts);
        db = TegaStore.open(log, new Commits(), time, random, storeOptions);
        calls = new LocalCalls(db::get, time, Authorizer.OPEN);
        channels = new LocalChannels(Authorizer.OPEN);
        node = new SyncNode(
                options,
                new SyncNode.Parts(
                        db,
                        db.sessions(),
                        db.replication(),
                        log,
                        new Commits(),
                        JSON,
                        time,
                        random,
                        Authorizer.OPEN,
                        calls,
                        channels));
        if (above != null) {
            node.start(net.dialer(name, above));
        }
        return this;
    }

    /** Goes down as by {@code kill -9}. */
    void kill() {
        var dead = node;
        node = null;
        net.cut(name);
        if (dead != null) {
            dead.close();
        }
        db.close();
        log.close();
    }

    long put(String path, String value) {
        return db.put(Path.parse(path), JSON.readJson(value)).revision();
    }

    String get(String path) {
        return db.get(Path.parse(path)).map(Value::toString).orElse("absent");
    }

    /** Writes without waiting for the network. */
    CompletableFuture<Commit> write(String by, Edit... edits) {
        return node.write(Foreign.write(new Identity(by, by), List.of(edits))).toCompletableFuture();
    }

    static Edit edit(String path, String value) {
        return Edit.put(Path.parse(path), JSON.readJson(value));
    }

    /** All commits it has, oldest first. */
    List<Commit> commits(String root) {
        var commits =
                new ArrayList<>(db.history().log(Path.of(root), db.snapshot().revision(), 100_000));
        java.util.Collections.reverse(commits);
        return commits;
    }
}
