package tega.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.Commit;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Scope;
import tega.api.StringValue;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.Convergence;
import tega.api.plugin.GlobalServer;
import tega.api.spi.Authorizer;
import tega.api.spi.Calls;
import tega.api.spi.Channels;
import tega.api.spi.CommitCodec;
import tega.api.spi.CommitLog;
import tega.api.spi.Foreign;
import tega.api.spi.Inspectable;
import tega.api.spi.JsonCodec;
import tega.api.spi.Peers;
import tega.api.spi.Registration;
import tega.api.spi.Replication;
import tega.api.spi.Router;
import tega.api.spi.Scheduler;
import tega.api.spi.Sessions;
import tega.api.spi.Wire;

/**
 * One server among others: knows which roots live where, has a peer for every neighbour, and sends writes to where they belong.
 *
 * <pre>{@code
 * var node = new SyncNode(SyncOptions.of("local1", Set.of("config"), Set.of("state1")), parts);
 * node.start(dialer);            // a local server; the global one has none
 * var ears = node.accept(who);   // for each connection that comes in
 * }</pre>
 *
 * Time, threads, chance and the network are injected, nothing waits: with a scheduler of one thread all of it runs on that.
 */
public final class SyncNode implements Router, Peers, Inspectable, AutoCloseable {
    /**
     * What it works with.
     *
     * @param tega the database, as somebody sees it who may see everything
     */
    public record Parts(
            Tega tega,
            Sessions sessions,
            Replication replication,
            CommitLog log,
            CommitCodec commits,
            JsonCodec json,
            Scheduler scheduler,
            RandomGenerator random,
            Authorizer authorizer,
            Calls calls,
            Channels channels) {}

    /** A change of the network takes so long to take effect; an answer before that says nothing about it. */
    private static final Duration SETTLE = Duration.ofSeconds(3);

    private static final System.Logger LOG = System.getLogger("tega.sync");

    final Figures figures = new Figures();
    private final SyncOptions options;
    private final Parts parts;
    private final Projection projection;
    private final Conflicts conflicts;
    private final Reports reports;
    private final Map<String, Peer> lowers = new ConcurrentSkipListMap<>();
    private final Map<String, String> authors = new HashMap<>();
    private final AtomicLong writeNumbers;
    private final List<Registration> routings;
    private final Answers answers;
    private final @Nullable Peer upper;
    private volatile Map<String, Inflow> homes = Map.of();
    private volatile boolean closed;
    private long kept = Long.MAX_VALUE;
    private volatile String noted = "";
    private @Nullable Uplink uplink;

    /** Not yet connected, but what is written to roots that live elsewhere goes through it from now on. */
    public SyncNode(SyncOptions options, Parts parts) {
        this.options = options;
        this.parts = parts;
        this.projection = new Projection(options.id(), parts.commits(), parts.json());
        this.conflicts = new Conflicts(this);
        this.reports = new Reports(this);
        this.writeNumbers =
                new AtomicLong((parts.replication().standing().snapshot().revision() << 20)
                        + (parts.random().nextInt() & 0xffff));
        this.upper = options.config().isEmpty() && options.operational().isEmpty() ? null : new Peer(this, "", true);
        if (upper != null && !options.config().isEmpty()) {
            claim(upper.add(Streams.down(options.id()), options.config()));
        }
        recall();
        keep();
        homes.values().forEach(Inflow::look);
        this.answers = new Answers(this, parts.calls());
        this.routings = List.of(
                parts.replication().route(this),
                parts.calls().route(answers),
                parts.channels().relay(new Relaying()));
    }

    /** The roots that servers below have sent up before. */
    private void recall() {
        var kept = replication().standing().snapshot();
        if (!(kept.get(Path.of(root(), "homes")).orElse(null) instanceof ObjectValue streams)) {
            return;
        }
        for (var member : streams) {
            if (member.value() instanceof ObjectValue told
                    && told.get("peer") instanceof StringValue peer
                    && told.get("roots") instanceof ArrayValue array) {
                var roots = new TreeSet<String>();
                array.forEach(item -> {
                    if (item instanceof StringValue name && !homes.containsKey(name.text())) {
                        roots.add(name.text());
                    }
                });
                if (!roots.isEmpty()) {
                    claim(lower(peer.text()).add(member.name(), roots));
                }
            }
        }
    }

    /** Has the log keep what is pending, until it is merged. */
    synchronized void keep() {
        var needed = Long.MAX_VALUE;
        for (var home : homes.values()) {
            needed = Math.min(needed, home.needed());
        }
        if (needed != kept) {
            kept = needed;
            parts.log().compact(needed);
        }
    }

    /** Connects to the server above, now and whenever the connection is lost. */
    public synchronized void start(Wire.Dialer dialer) {
        var above = upper == null ? new Peer(this, "", true) : upper;
        uplink = new Uplink(this, above, dialer);
        uplink.dial();
    }

    @Override
    public Wire.Listener accept(Identity identity) {
        return Link.accepted(this, identity);
    }

    String id() {
        return options.id();
    }

    /** The root where this server keeps what replication has to remember. */
    String root() {
        return "sync-" + options.id();
    }

    SyncOptions options() {
        return options;
    }

    Tega tega() {
        return parts.tega();
    }

    Sessions sessions() {
        return parts.sessions();
    }

    Replication replication() {
        return parts.replication();
    }

    CommitCodec commits() {
        return parts.commits();
    }

    JsonCodec json() {
        return parts.json();
    }

    Scheduler scheduler() {
        return parts.scheduler();
    }

    RandomGenerator random() {
        return parts.random();
    }

    Authorizer authorizer() {
        return parts.authorizer();
    }

    Projection projection() {
        return projection;
    }

    Conflicts conflicts() {
        return conflicts;
    }

    AtomicLong writeNumbers() {
        return writeNumbers;
    }

    boolean isClosed() {
        return closed;
    }

    /** The server below with this id, which has come in as {@code identity}. */
    Peer lower(String server, Identity identity) {
        synchronized (authors) {
            var author = authors.get(server);
            var known = lowers.get(server);
            if (server.equals(id()) || server.isEmpty()) {
                throw new TegaException.Invalid("a server cannot go by the id '" + server + "' here");
            }
            if (author != null && !author.equals(identity.author()) && known != null && known.link() != null) {
                throw new TegaException.Forbidden(
                        Path.EMPTY, "the id '" + server + "' is in use by another server; choose another");
            }
            authors.put(server, identity.author());
        }
        return lower(server);
    }

    private Peer lower(String server) {
        return lowers.computeIfAbsent(server, name -> new Peer(this, name, false));
    }

    /** The streams that this server offers to the one above: its own, and what comes from below. */
    Map<String, Set<String>> offers() {
        var offers = new TreeMap<String, Set<String>>();
        if (!options.operational().isEmpty()) {
            offers.put(Streams.up(id()), options.operational());
        }
        for (var lower : lowers.values()) {
            lower.inflows().values().forEach(inflow -> offers.put(inflow.stream(), inflow.roots()));
        }
        return offers;
    }

    /** Where {@code root} comes from, or null when it lives here. */
    @Nullable
    Inflow home(String root) {
        return homes.get(root);
    }

    @Override
    public boolean isAway(String root) {
        return homes.containsKey(root);
    }

    /** {@code CONFLICT} when {@code root} cannot come by {@code stream}. */
    void requireFree(String root, String stream) {
        var home = homes.get(root);
        var path = Path.of(root);
        if (home != null && !home.stream().equals(stream)) {
            throw new TegaException.Conflict(
                    path, "the root '" + path + "' comes from '" + home.stream() + "' already; choose another name");
        }
        if (options.operational().contains(root) || root.equals(root())) {
            throw new TegaException.Conflict(
                    path, "the root '" + path + "' lives at '" + id() + "'; choose another name");
        }
        if (options.notHere().contains(root)) {
            throw new TegaException.Conflict(path, "the root '" + path + "' is kept in memory only at '" + id() + "'");
        }
    }

    /** From now on {@code roots} live at, or beyond, {@code peer}; remembered also across restarts. */
    Inflow claim(Peer peer, String stream, Set<String> roots) {
        var home = Value.object("peer", Value.of(peer.id()), "roots", Frame.texts(new TreeSet<>(roots)));
        var place = Path.of(root(), "homes", stream);
        if (tega().get(place).filter(home::equals).isEmpty()) {
            replication().commit(List.of(Foreign.write(self(), List.of(Edit.put(place, home)))));
        }
        var inflow = claim(peer.add(stream, roots));
        var above = upper();
        if (above != null) {
            above.lane().run(() -> above.offer(stream, roots));
        }
        return inflow;
    }

    private synchronized Inflow claim(Inflow inflow) {
        var all = new HashMap<>(homes);
        all.values().removeIf(other -> other.stream().equals(inflow.stream()));
        inflow.roots().forEach(root -> all.put(root, inflow));
        homes = Map.copyOf(all);
        return inflow;
    }

    Identity self() {
        return new Identity("tega", id());
    }

    @Nullable
    synchronized Peer upper() {
        return uplink == null ? upper : uplink.peer();
    }

    @Override
    public Optional<CompletionStage<Commit>> route(Foreign write, Replication.Standing base) {
        var flows = new HashSet<Inflow>();
        for (var edit : write.edits()) {
            var home = homes.get(edit.path().root());
            if (home != null) {
                flows.add(home);
            }
        }
        if (flows.size() != 1) {
            throw new TegaException.Invalid(
                    "one commit cannot write to roots that live at different servers; make several of it");
        }
        var home = flows.iterator().next();
        if (home.isOnline()) {
            return Optional.of(home.write(write, base));
        }
        for (var root : home.roots()) {
            if (options.rejecting().contains(root) && concerns(write, root)) {
                throw new TegaException.Unavailable("the server where '" + Path.of(root)
                        + "' lives is out of reach, and the root may not be written meanwhile");
            }
        }
        home.expectPending();
        return Optional.empty();
    }

    private static boolean concerns(Foreign write, String root) {
        return write.edits().stream().anyMatch(edit -> edit.path().root().equals(root));
    }

    /** Makes a commit where it belongs; the stage ends with the commit as this server has it. Does not wait for the network. */
    public CompletionStage<Commit> write(Foreign write) {
        var outcome = new CompletableFuture<Commit>();
        scheduler().background().execute(() -> {
            try {
                var away = write.edits().stream()
                        .anyMatch(edit -> isAway(edit.path().root()));
                if (away) {
                    var base = replication().standing();
                    check(write, base);
                    var elsewhere = route(write, base);
                    if (elsewhere.isPresent()) {
                        elsewhere.get().whenComplete((commit, failure) -> complete(outcome, commit, failure));
                        return;
                    }
                }
                outcome.complete(replication().commit(List.of(write)).get(0));
            } catch (RuntimeException e) {
                outcome.completeExceptionally(e);
            }
        });
        return outcome;
    }

    private static void complete(
            CompletableFuture<Commit> outcome, @Nullable Commit commit, @Nullable Throwable failure) {
        if (failure != null) {
            outcome.completeExceptionally(Errors.cause(failure));
        } else {
            outcome.complete(commit);
        }
    }

    /** What the write was made on must hold here, before it is said to hold further on. */
    private static void check(Foreign write, Replication.Standing base) {
        for (var condition : write.conditions()) {
            if (condition instanceof Foreign.Unchanged unchanged) {
                var stamp = base.snapshot().tree().stamp(unchanged.path());
                if (unchanged.present() ? stamp < 0 || stamp > unchanged.since() : stamp >= 0) {
                    throw new TegaException.Conflict(
                            unchanged.path(),
                            "'" + unchanged.path() + "' was changed by somebody else since it was read; try again");
                }
            }
        }
    }

    /** Tells whoever listens to the channel, if there are channels. */
    void publish(Path channel, Value message) {
        try {
            parts.channels().as(tega().identity()).publish(channel, message);
        } catch (TegaException e) {
            note("a message to '" + channel + "' was not taken: " + e.getMessage());
        }
    }

    Answers answers() {
        return answers;
    }

    /** The paths that are answered at, or below, this server, but not at {@code except} or below it. */
    Set<Path> paths(Peer except) {
        var paths = new TreeSet<>(parts.calls().paths());
        for (var lower : lowers.values()) {
            if (lower != except) {
                paths.addAll(lower.remote().paths());
            }
        }
        return paths;
    }

    /** The clients that answer calls at, or below, this server, but not at {@code except} or below it. */
    Set<String> owners(Peer except) {
        var owners = new TreeSet<>(parts.calls().owners());
        for (var lower : lowers.values()) {
            if (lower != except) {
                owners.addAll(lower.remote().owners());
            }
        }
        return owners;
    }

    /** What is listened to, with global scope, on all sides of this server but that of {@code except}. */
    Set<String> interests(Peer except) {
        var interests = new TreeSet<String>();
        for (var subscription : parts.channels().subscriptions()) {
            if (subscription.scope() == Scope.GLOBAL) {
                interests.add(subscription.channels().toString());
            }
        }
        for (var peer : allPeers()) {
            if (peer != except) {
                peer.remote().interests().forEach(pattern -> interests.add(pattern.toString()));
            }
        }
        return interests;
    }

    /** Tells the neighbours, if they have to know. */
    void announce() {
        for (var peer : allPeers()) {
            peer.lane().run(peer.remote()::announce);
        }
    }

    /** What is reached through {@code peer} has changed: the server above has to know, those below only who listens. */
    void reachChanged(Peer peer, boolean listeners) {
        for (var other : listeners ? allPeers() : uppers()) {
            if (other != peer) {
                other.lane().run(other.remote()::announce);
            }
        }
    }

    /** A message has come from {@code from}. */
    void heard(Path channel, String publisher, Value message, Peer from) {
        parts.channels().deliver(channel, publisher, message);
        pass(channel, publisher, message, from);
    }

    private void pass(Path channel, String publisher, Value message, @Nullable Peer from) {
        for (var peer : allPeers()) {
            if (peer != from) {
                peer.remote().publish(channel, publisher, message);
            }
        }
    }

    /** Passes on what is published here. */
    private final class Relaying implements Channels.Relay {
        @Override
        public void published(Path channel, String publisher, Value message) {
            pass(channel, publisher, message, null);
        }

        @Override
        public void changed() {
            announce();
        }
    }

    /** The server above was asked at {@code asked}, by this clock's nanoseconds, and has answered: what waits for that is confirmed. */
    void reached(long asked) {
        var confirmations = tega().confirmations();
        for (var waiting : confirmations.pending()) {
            var confirm = waiting.commit().confirm();
            var age = Duration.between(waiting.commit().time(), scheduler().now());
            var sinceAsked = Duration.ofNanos(scheduler().nanos() - asked);
            if (confirm != null && confirm.automatic() && age.minus(sinceAsked).compareTo(SETTLE) >= 0) {
                try {
                    confirmations.confirm(waiting.commit().revision());
                } catch (TegaException e) {
                    note("revision " + waiting.commit().revision() + " could not be confirmed: " + e.getMessage());
                }
            }
        }
    }

    /** Whether a commit waits for the server above to be reached. */
    boolean waitsForReach() {
        return tega().confirmations().pending().stream()
                .anyMatch(waiting -> waiting.commit().confirm() != null
                        && waiting.commit().confirm().automatic());
    }

    /** A stream has moved on. */
    void moved(Inflow inflow) {
        reports.moved();
    }

    /** Tells the server above about each stream that comes from it. */
    void tellAbove(Function<Inflow, Frame> telling) {
        var above = upper();
        if (above != null) {
            above.lane().run(() -> {
                var link = above.link();
                if (link != null) {
                    above.inflows().values().forEach(inflow -> link.send(telling.apply(inflow)));
                }
            });
        }
    }

    Reports reports() {
        return reports;
    }

    /** Where plugins say what became of config roots. */
    public Convergence reporting() {
        return reports;
    }

    /** Where plugins ask after the server above. */
    public GlobalServer above() {
        return new Reach(this);
    }

    /** For each server below and each root of it: intended, received, applied and rejected. */
    public ObjectValue convergence() {
        return reports.toValue();
    }

    /** For the log, and for people who ask. */
    void note(String sentence) {
        noted = sentence;
        LOG.log(System.Logger.Level.INFO, sentence);
    }

    /** The neighbours, by their ids, as far as they are known. */
    public ObjectValue peers() {
        var peers = new LinkedHashMap<String, Value>();
        var above = upper();
        if (above != null) {
            peers.put(above.id().isEmpty() ? "(above)" : above.id(), above.describe());
        }
        lowers.forEach((id, peer) -> peers.put(id, peer.describe()));
        var value = Value.object();
        for (var peer : peers.entrySet()) {
            value = value.with(peer.getKey(), peer.getValue());
        }
        return value;
    }

    private Collection<Peer> uppers() {
        var above = upper();
        return above == null ? List.of() : List.of(above);
    }

    Collection<Peer> allPeers() {
        var all = new ArrayList<Peer>(lowers.values());
        var above = upper();
        if (above != null) {
            all.add(above);
        }
        return all;
    }

    /** The conflicts that nobody has looked at, by their ids. */
    public ObjectValue conflictList() {
        return conflicts.list();
    }

    /**
     * Takes a conflict off the list; when {@code take}, what was lost is written after all, by {@code by}. {@code NOT_FOUND} when
     * there is none of this id.
     */
    public Commit resolve(String id, boolean take, Identity by) {
        return conflicts.resolve(id, take, by);
    }

    /** Whether there is a server above this one. */
    boolean hasUpper() {
        return upper() != null;
    }

    /** Whether there is a link to the server above, and everything of it is here. */
    public boolean isConnected() {
        var above = upper();
        return above != null
                && above.link() != null
                && above.inflows().values().stream().allMatch(Inflow::isLive);
    }

    /** Ends the link to the server above and connects anew. */
    public void reconnect() {
        var above = upper();
        var link = above == null ? null : above.link();
        if (link != null) {
            link.close("asked to connect anew");
        }
    }

    @Override
    public String subject() {
        return "sync";
    }

    @Override
    public Optional<String> trouble() {
        for (var peer : allPeers()) {
            for (var refusal : peer.refusals().entrySet()) {
                return Optional.of("the root '" + Path.of(refusal.getKey()) + "' is not replicated with '" + peer.id()
                        + "': " + refusal.getValue());
            }
        }
        var above = upper();
        if (uplink != null
                && above != null
                && above.link() == null
                && uplink.downFor().compareTo(Duration.ofSeconds(30)) > 0) {
            return Optional.of(
                    "the server above is out of reach" + (above.parted().isEmpty() ? "" : ": " + above.parted()));
        }
        return Optional.empty();
    }

    @Override
    public ObjectValue figures() {
        var up = 0;
        for (var lower : lowers.values()) {
            up += lower.link() == null ? 0 : 1;
        }
        return figures.toValue()
                .with("peers_below", Value.of(up))
                .with("connected_above", Value.of(isConnected() ? 1 : 0))
                .with("conflicts", Value.of(conflicts.list().size()));
    }

    /** The last thing that was noted; for people. */
    public String noted() {
        return noted;
    }

    /** Ends all links. Writes to roots that live elsewhere are made here from now on, and are pending. */
    @Override
    public void close() {
        closed = true;
        routings.forEach(Registration::close);
        synchronized (this) {
            if (uplink != null) {
                uplink.close();
            }
        }
        for (var peer : allPeers()) {
            var link = peer.link();
            if (link != null) {
                link.close("the server stops");
            }
        }
    }
}
