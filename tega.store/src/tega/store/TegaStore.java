package tega.store;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;
import tega.api.Commit;
import tega.api.Confirmations;
import tega.api.Drafts;
import tega.api.History;
import tega.api.Identity;
import tega.api.PathPattern;
import tega.api.Snapshot;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Transaction;
import tega.api.Value;
import tega.api.Watch;
import tega.api.WatchRequest;
import tega.api.plugin.ChangeListener;
import tega.api.plugin.CommitGuard;
import tega.api.spi.Authorizer;
import tega.api.spi.CommitCodec;
import tega.api.spi.CommitLog;
import tega.api.spi.Inspectable;
import tega.api.spi.JsonCodec;
import tega.api.spi.LogProvider;
import tega.api.spi.Recovery;
import tega.api.spi.Registration;
import tega.api.spi.Replication;
import tega.api.spi.Scheduler;
import tega.api.spi.Session;
import tega.api.spi.Sessions;

/**
 * A database in this program, without OSGi and without a network.
 *
 * <pre>{@code
 * try (var db = TegaStore.open(folder)) {
 *     db.put(Path.of("config", "lan", "mtu"), Value.of(1500));
 * }
 * }</pre>
 *
 * The log, the codecs and the scheduler are found by {@link ServiceLoader}; an own set can be given instead. It is the database
 * of one session, whose {@code tega_id} is the server's id; {@link #sessions()} has more.
 */
public final class TegaStore implements Tega, AutoCloseable {
    private final Store store;
    private final Session session;
    private final Runnable end;
    private final Recovery recovery;

    private TegaStore(
            CommitLog log,
            CommitCodec codec,
            Scheduler scheduler,
            RandomGenerator random,
            StoreOptions options,
            Runnable end) {
        this.end = end;
        this.store = new Store(log, codec, scheduler, random, options);
        this.recovery = store.open();
        this.session = store.sessions().open(new Identity("tega", options.id()), Sessions.TTL);
    }

    /** Opens the database in {@code folder}, which is made if missing. */
    public static TegaStore open(Path folder) {
        return open(folder, StoreOptions.DEFAULT);
    }

    /** Opens the database in {@code folder}, which is made if missing. */
    public static TegaStore open(Path folder, StoreOptions options) {
        var scheduler = find(Scheduler.class, "tega.system");
        var codec = find(CommitCodec.class, "tega.json");
        var json = find(JsonCodec.class, "tega.json");
        var log = find(LogProvider.class, "tega.log").log(folder, options.log(), codec, json, scheduler);
        return started(log, codec, scheduler, new SecureRandom(), options, () -> {
            log.close();
            if (scheduler instanceof AutoCloseable threads) {
                close(threads);
            }
        });
    }

    /** Opens the database that {@code log} holds; the log is the caller's, to be closed after this. */
    public static TegaStore open(
            CommitLog log, CommitCodec codec, Scheduler scheduler, RandomGenerator random, StoreOptions options) {
        return started(log, codec, scheduler, random, options, () -> {});
    }

    private static TegaStore started(
            CommitLog log,
            CommitCodec codec,
            Scheduler scheduler,
            RandomGenerator random,
            StoreOptions options,
            Runnable end) {
        try {
            return new TegaStore(log, codec, scheduler, random, options, end);
        } catch (RuntimeException e) {
            end.run();
            throw e;
        }
    }

    private static <T> T find(Class<T> service, String where) {
        return ServiceLoader.load(service, TegaStore.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new TegaException.Unavailable(
                        "there is no " + service.getSimpleName() + " on the class path; put " + where + " there"));
    }

    private static void close(AutoCloseable threads) {
        try {
            threads.close();
        } catch (Exception e) {
            throw new TegaException.Internal("the scheduler did not end: " + e, e);
        }
    }

    /** How it came up. */
    public Recovery recovery() {
        return recovery;
    }

    /** Where others get the database on their own behalf. */
    public Sessions sessions() {
        return store.sessions();
    }

    /** Where it is kept equal with others. */
    public Replication replication() {
        return new StoreReplication(store);
    }

    /** Has {@code listener} hear of commits that touch {@code patterns}; {@code name} is for diagnosis. */
    public Registration listen(String name, List<PathPattern> patterns, ChangeListener listener) {
        var sight = new Sight(store.self().identity(), () -> Authorizer.OPEN);
        return store.listeners().add(name, sight, patterns, listener);
    }

    /** The same of what {@code by} may read. */
    public Registration listen(String name, Identity by, List<PathPattern> patterns, ChangeListener listener) {
        return store.listeners().add(name, new Sight(by, store::authorizer), patterns, listener);
    }

    /** Has {@code guard} asked about commits that touch {@code patterns}; {@code name} is for errors. */
    public Registration guard(String name, List<PathPattern> patterns, CommitGuard guard) {
        return store.guards().add(name, patterns, guard);
    }

    /** Who decides from now on what an identity may do; before the first call everybody may do everything. */
    public void authorize(Authorizer authorizer) {
        store.authorize(authorizer);
    }

    /** It does not decide any more: unless another does by now, every request is refused as {@code UNAVAILABLE}. */
    public void unauthorize(Authorizer authorizer) {
        store.unauthorize(authorizer);
    }

    /** From now on, until somebody decides, every request is refused as {@code UNAVAILABLE}. */
    public void authorizeNobody() {
        store.authorize(Store.NOBODY);
    }

    /** The parts that tell how they are: {@code store} and {@code watchers}. */
    public List<Inspectable> inspectables() {
        return List.of(new StoreFigures(store), store.listeners());
    }

    /** Ends it: no more commits, watches end, ephemeral nodes are gone; everything acknowledged is on disk. */
    @Override
    public void close() {
        store.close();
        end.run();
    }

    @Override
    public Identity identity() {
        return session.tega().identity();
    }

    @Override
    public String serverId() {
        return session.tega().serverId();
    }

    @Override
    public Optional<Value> get(tega.api.Path path) {
        return session.tega().get(path);
    }

    @Override
    public Optional<String> owner(tega.api.Path path) {
        return session.tega().owner(path);
    }

    @Override
    public Snapshot snapshot() {
        return session.tega().snapshot();
    }

    @Override
    public Transaction begin() {
        return session.tega().begin();
    }

    @Override
    public Drafts drafts() {
        return session.tega().drafts();
    }

    @Override
    public History history() {
        return session.tega().history();
    }

    @Override
    public Confirmations confirmations() {
        return session.tega().confirmations();
    }

    @Override
    public Watch watch(WatchRequest request) {
        return session.tega().watch(request);
    }

    @Override
    public Commit clear() {
        return session.tega().clear();
    }

    @Override
    public Commit put(tega.api.Path path, Value value) {
        return session.tega().put(path, value);
    }

    @Override
    public Commit merge(tega.api.Path path, Value patch) {
        return session.tega().merge(path, patch);
    }

    @Override
    public Commit delete(tega.api.Path path) {
        return session.tega().delete(path);
    }
}
