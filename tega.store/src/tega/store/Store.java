package tega.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Identity;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.spi.Authorizer;
import tega.api.spi.CommitCodec;
import tega.api.spi.CommitLog;
import tega.api.spi.Picture;
import tega.api.spi.Recovery;
import tega.api.spi.Router;
import tega.api.spi.Scheduler;
import tega.api.spi.Sink;

/**
 * The database without its doors: the current state, what leads from one to the next, and everything that hears of it. As the
 * log's sink it publishes a commit when the log has taken it, never earlier.
 */
final class Store implements Sink, AutoCloseable {
    /** Where nobody decides, nobody may. */
    static final Authorizer NOBODY = Authorizer.of(() -> null);

    private final CommitLog log;
    private final CommitCodec codec;
    private final Scheduler scheduler;
    private final StoreOptions options;
    private final Intent.Circumstances here;
    private final Chronicle chronicle;
    private final Committer committer;
    private final Guards guards = new Guards();
    private final Dispatcher dispatcher;
    private final Listeners listeners;
    private final Archive archive;
    private final Deadlines deadlines;
    private final SessionDesk sessions;
    private final DraftDesk drafts;
    private final ArrayDeque<Prepared> expected = new ArrayDeque<>();
    private final Pruning pruning;
    private volatile State state = State.EMPTY;
    private volatile long leased;
    private volatile boolean closed;
    private volatile Authorizer authorizer = Authorizer.OPEN;
    private volatile @Nullable Router router;

    Store(CommitLog log, CommitCodec codec, Scheduler scheduler, RandomGenerator random, StoreOptions options) {
        this.log = log;
        this.codec = codec;
        this.scheduler = scheduler;
        this.options = options;
        this.here = new Intent.Circumstances(options.id(), new Measure(options.limits()));
        this.chronicle = new Chronicle(options.inMemory());
        this.committer = new Committer(this, log, guards, random.nextLong());
        this.archive = new Archive(this, log, codec);
        this.dispatcher = new Dispatcher(this);
        this.listeners = new Listeners(this);
        this.deadlines = new Deadlines(this);
        this.sessions = new SessionDesk(this);
        this.drafts = new DraftDesk(this, random);
        this.pruning = new Pruning(this);
    }

    /** Brings it up from the log, and undoes what was not confirmed when the server went down. */
    Recovery open() {
        var recovery = log.open(this);
        var lost = log.last();
        state = state.at(lost).withMemory(options.volatileRoots(), lost);
        for (var root : options.volatileRoots()) {
            if (state.durable().get(Path.of(root)) != null) {
                throw new TegaException.Invalid(
                        Path.of(root),
                        "the root '" + Path.of(root)
                                + "' is declared to be in memory only but has data on disk; delete it first, or do not "
                                + "declare it");
            }
        }
        deadlines.begin();
        dispatcher.begin(state.revision());
        sessions.begin(state.revision());
        noteMemory();
        for (var waiting : state.pending()) {
            deadlines.expire(waiting.revision());
        }
        return recovery;
    }

    /** Has the log know which roots are in memory only, before they are written to. */
    void noteMemory() {
        for (var root : new TreeSet<>(options.volatileRoots())) {
            if (!state.memory().noted().contains(root)) {
                committer.commit(Intent.volatility(self(), root));
            }
        }
    }

    State state() {
        return state;
    }

    /** The revision at which this run of the server began. */
    long born() {
        return state.memory().born();
    }

    /** The last revision at which an ephemeral node came, changed its owner or went. */
    long leased() {
        return leased;
    }

    CommitLog log() {
        return log;
    }

    CommitCodec codec() {
        return codec;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    StoreOptions options() {
        return options;
    }

    Measure measure() {
        return here.measure();
    }

    Chronicle chronicle() {
        return chronicle;
    }

    Archive archive() {
        return archive;
    }

    Committer committer() {
        return committer;
    }

    Guards guards() {
        return guards;
    }

    Pruning pruning() {
        return pruning;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    Listeners listeners() {
        return listeners;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    SessionDesk sessions() {
        return sessions;
    }

    DraftDesk drafts() {
        return drafts;
    }

    Authorizer authorizer() {
        return authorizer;
    }

    /** Who decides from now on. */
    synchronized void authorize(Authorizer newAuthorizer) {
        authorizer = newAuthorizer;
    }

    /** Until there is one again nobody may do anything; nothing happens when another has taken its place. */
    @SuppressWarnings("ReferenceEquality") // this very one
    synchronized void unauthorize(Authorizer gone) {
        if (authorizer == gone) {
            authorizer = NOBODY;
        }
    }

    /** The server itself as the one who acts. */
    Intent.Actor self() {
        return new Intent.Actor(new Identity("tega", options.id()), null);
    }

    boolean isClosed() {
        return closed;
    }

    /** Throws {@code UNAVAILABLE} when it is closed. */
    void requireOpen() {
        if (closed) {
            throw new TegaException.Unavailable("the database is closed");
        }
    }

    /** The oldest revision whose state can be told. */
    long oldest() {
        return Math.max(log.oldest(), state.cleared());
    }

    Commit commit(Intent intent) {
        var ask = router;
        if (ask != null && Detour.isPossible(intent, ask)) {
            var elsewhere = new Detour(this, ask).commit(intent);
            if (elsewhere != null) {
                return elsewhere;
            }
        }
        return committer.commit(intent);
    }

    /** Who is asked about the commits of sessions, or nobody. */
    void route(@Nullable Router newRouter) {
        router = newRouter;
    }

    @Nullable
    Router router() {
        return router;
    }

    /** What is to be committed, on the state the commit before it makes. */
    Prepared prepare(Intent intent, State on, long revision, List<String> remarks) {
        return intent.prepare(on, revision, scheduler.now(), here, remarks, false);
    }

    /** What would be committed, for guards and previews to look at. */
    Prepared rehearse(Intent intent, State on, long revision) {
        return intent.prepare(on, revision, scheduler.now(), here, List.of(), true);
    }

    /** What the log is about to be given, so that what was prepared is not computed again. */
    void expect(List<Prepared> prepared) {
        expected.clear();
        expected.addAll(prepared);
    }

    /** Publishes what the log has taken. */
    @Override
    @SuppressWarnings("ReferenceEquality") // what was not touched is the very same
    public void apply(Commit commit) {
        var before = state;
        var entry = entry(commit, before);
        if (entry.after().leases() != before.leases() || hasEphemeral(commit)) {
            leased = entry.revision();
        }
        if (commit.kind() == CommitKind.CLEAR) {
            chronicle.clear();
            archive.clear();
            chronicle.add(new Chronicle.Entry(entry.commit(), State.EMPTY, entry.after(), 0));
        } else {
            chronicle.add(entry);
        }
        state = entry.after();
        deadlines.applied(entry);
        dispatcher.dispatch(entry);
        pruning.applied();
    }

    private static boolean hasEphemeral(Commit commit) {
        for (var edit : commit.edits()) {
            if (edit.ephemeral()) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("ReferenceEquality") // only the very same will do
    private Chronicle.Entry entry(Commit commit, State before) {
        var prepared = expected.poll();
        if (prepared != null && prepared.commit() == commit && prepared.before() == before) {
            return new Chronicle.Entry(commit, before, prepared.after(), prepared.bytes());
        }
        expected.clear();
        return replayed(commit, before);
    }

    /** A commit that comes from the log: its versions follow from its edits. */
    static Chronicle.Entry replayed(Commit commit, State before) {
        var workspace = new Workspace(before, commit.revision(), null);
        if (commit.kind() != CommitKind.CLEAR) {
            commit.edits().forEach(workspace::replay);
        }
        var whole = new Commit(
                commit.revision(),
                commit.time(),
                commit.by(),
                commit.origin(),
                commit.kind(),
                commit.message(),
                commit.refersTo(),
                commit.edits(),
                commit.notes(),
                commit.confirm(),
                commit.kind() == CommitKind.CLEAR ? Map.of() : workspace.versions(),
                commit.sources());
        return new Chronicle.Entry(whole, before, workspace.finish(whole), 0);
    }

    @Override
    public void restore(Picture picture) {
        chronicle.clear();
        state = new StateChunks(codec).read(picture);
    }

    @Override
    public Picture freeze() {
        return new StateChunks(codec).picture(state);
    }

    /** Replaces the state by an equal one; only the committer's leader may. */
    void amend(State equal) {
        state = equal;
    }

    /** No more commits; watchers end; what is given to the log stays in it. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            committer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        deadlines.close();
        drafts.close();
        sessions.close();
        listeners.close();
        dispatcher.close();
    }

    /** How long something that could not be written waits for its next try. */
    static final Duration RETRY = Duration.ofSeconds(1);
}
