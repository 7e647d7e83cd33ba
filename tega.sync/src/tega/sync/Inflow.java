package tega.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.Commit;
import tega.api.Edit;
import tega.api.Path;
import tega.api.Source;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.spi.Foreign;
import tega.api.spi.Replication;
import tega.api.spi.Scheduler;

/**
 * One stream on its way in: some roots that have their home at, or beyond, one peer. It is there as long as the roots are, with a
 * link or without. All on the lane of the peer, but for what says otherwise.
 */
final class Inflow {
    /** So many pending commits are on their way to the home at once. */
    private static final int UPLOADS = 32;

    private final SyncNode node;
    private final Lane lane;
    private final String stream;
    private final Set<String> roots;
    private final Pending pending;
    private final Adoption adoption;
    private final Writes writes;
    private @Nullable Link link;
    private @Nullable Tree staging;
    private long stagedAt;
    private @Nullable Path stagedUpTo;
    private boolean mustResync;
    private boolean resyncing;
    private int failures;
    private long uploaded;
    private @Nullable Source merging;
    private Scheduler.@Nullable Task expiry;
    private volatile boolean online;
    private volatile long received;
    private volatile boolean live;
    private volatile int waiting;
    private volatile long needed;

    Inflow(SyncNode node, Lane lane, String stream, Set<String> roots) {
        this.node = node;
        this.lane = lane;
        this.stream = stream;
        this.roots = Streams.inOrder(roots);
        this.pending = new Pending(node, stream, this.roots);
        this.adoption = new Adoption(node, stream, this.roots, pending);
        this.writes = new Writes(node);
        this.needed = pending.read();
    }

    /** The revision of this server from which on the log must keep everything, for the sake of what is pending; any thread. */
    long needed() {
        return needed;
    }

    /** Looks for what is pending since before this server started; any thread. */
    void look() {
        lane.run(this::upload);
    }

    private void keep() {
        var first = pending.first();
        if (first == Long.MAX_VALUE || needed == Long.MAX_VALUE || first < needed) {
            if (needed != first) {
                needed = first;
                node.keep();
            }
        }
    }

    String stream() {
        return stream;
    }

    Set<String> roots() {
        return roots;
    }

    /** Whether writes go to the home at once; any thread. */
    boolean isOnline() {
        return online;
    }

    /** Whether it has caught up since the link is there; any thread. */
    boolean isLive() {
        return live;
    }

    /** The last revision of the peer that has come; any thread. */
    long received() {
        return received;
    }

    /** How many commits are pending, roughly; any thread. */
    int pendingCommits() {
        return waiting;
    }

    /** A link is there: says what it wants. */
    void attach(Link newLink) {
        link = newLink;
        live = false;
        resyncing = false;
        uploaded = 0;
        merging = null;
        stopExpiry();
        pending.drain();
        var position = position();
        received = position.revision();
        var frame = Frame.of("want")
                .with("stream", stream)
                .with("roots", Frame.texts(roots))
                .with("revision", position.revision())
                .with("mark", position.mark())
                .with("empty", isEmpty())
                .with("resync", mustResync);
        if (staging != null && stagedUpTo != null && !mustResync) {
            frame = frame.with("at", stagedAt).with("after", stagedUpTo.toValue());
        }
        newLink.send(frame);
        online = pending.isEmpty();
        upload();
    }

    private Source position() {
        return node.replication().standing().position(stream);
    }

    private boolean isEmpty() {
        var tree = node.replication().standing().durable();
        return roots.stream().allMatch(root -> tree.get(Path.of(root)) == null) || !pending.isEmpty();
    }

    /** The link is gone. Ephemeral nodes stay for their TTL. */
    void detach() {
        link = null;
        online = false;
        live = false;
        resyncing = false;
        writes.interrupted();
        stopExpiry();
        expiry = node.scheduler().after(node.options().ttl(), () -> lane.run(this::expire));
    }

    private void stopExpiry() {
        if (expiry != null) {
            expiry.cancel();
            expiry = null;
        }
    }

    private void expire() {
        if (link == null) {
            adoption.leases(List.of());
        }
    }

    /** A frame of the stream has come. */
    void received(Frame frame) {
        var from = link;
        if (from == null) {
            return;
        }
        try {
            switch (frame.op()) {
                case "commits" -> commits(frame);
                case "live" -> live(frame);
                case "picture" -> picture(frame);
                default -> throw new TegaException.Invalid("'" + frame.op() + "' is not known");
            }
            failures = 0;
        } catch (TegaException e) {
            failed(from, e);
            return;
        }
        from.send(Frame.of("ack").with("stream", stream).with("n", frame.number("n")));
        upload();
    }

    /** What cannot be taken over is asked for again, and in the end as a whole. */
    private void failed(Link from, TegaException e) {
        failures++;
        staging = null;
        stagedUpTo = null;
        mustResync |= failures > 1 && !(e instanceof TegaException.Unavailable);
        node.figures.failures.increment();
        node.note("'" + stream + "' could not be taken over: " + e.getMessage());
        from.close("'" + stream + "' could not be taken over here: " + e.getMessage());
    }

    private void commits(Frame frame) {
        var told = new ArrayList<Projection.Told>(frame.lines().size());
        for (var line : frame.lines()) {
            told.add(node.projection().read(line));
        }
        for (var each : told) {
            for (var edit : each.commit().edits()) {
                if (!roots.contains(edit.path().root())) {
                    throw new TegaException.Invalid("'" + edit.path() + "' is not of '" + stream + "'");
                }
            }
        }
        var made = adoption.commits(told);
        node.figures.adopted.add(made.size());
        made.forEach(writes::made);
        if (!told.isEmpty()) {
            received = told.get(told.size() - 1).commit().revision();
        }
        node.moved(this);
    }

    private void live(Frame frame) {
        var edits = new ArrayList<Edit>();
        frame.lines().forEach(line -> edits.add(node.projection().edit(line)));
        adoption.leases(edits);
        received = Math.max(received, frame.number("revision"));
        live = true;
        if (frame.is("home")) {
            writes.settled();
        }
        node.moved(this);
    }

    private void picture(Frame frame) {
        if (frame.is("first") || staging == null || stagedAt != frame.number("at")) {
            if (!frame.is("first")) {
                throw new TegaException.Invalid("a picture begins in the middle");
            }
            staging = Tree.EMPTY;
            stagedAt = frame.number("at");
        }
        var tree = staging;
        for (var line : frame.lines()) {
            if (!(node.json().readJson(line) instanceof ArrayValue leaf) || leaf.size() != 2) {
                throw new TegaException.Invalid("a leaf is an array of two");
            }
            var path = Path.from(leaf.get(0));
            if (path.isEmpty() || !roots.contains(path.root())) {
                throw new TegaException.Invalid("'" + path + "' is not of '" + stream + "'");
            }
            tree = tree.put(path, leaf.get(1), stagedAt);
            stagedUpTo = path;
        }
        staging = tree;
        if (frame.is("last")) {
            adoption.picture(tree, new Source(stream, frame.number("revision"), frame.text("mark")));
            staging = null;
            stagedUpTo = null;
            mustResync = false;
            resyncing = false;
            received = stagedAt;
            node.moved(this);
        }
    }

    /** Sends what is pending, in order; each is told to be merged when it is. */
    private void upload() {
        pending.drain();
        keep();
        waiting = pending.size();
        var to = link;
        if (to == null) {
            return;
        }
        var known = merging;
        if (known != null) {
            send(to, known);
        }
        online = pending.isEmpty();
        waiting = pending.size();
        if (pending.isEmpty() && pending.isShadowLost() && !resyncing && live) {
            resyncing = true;
            mustResync = true;
            to.send(Frame.of("want")
                    .with("stream", stream)
                    .with("roots", Frame.texts(roots))
                    .with("revision", 0)
                    .with("mark", "")
                    .with("resync", true));
        }
    }

    private void send(Link to, Source known) {
        var underway = 0;
        for (var write : pending.writes()) {
            if (++underway > UPLOADS) {
                break;
            }
            if (write.commit().revision() > uploaded) {
                uploaded = write.commit().revision();
                var frame = Uploads.frame(node, stream, roots, write);
                to.send(known.revision() >= uploaded && !isOurs(known) ? frame.with("instead", known.mark()) : frame);
            }
        }
    }

    /** Whether what the home has merged last was made in this history, and not in one that a backup has taken the place of. */
    private boolean isOurs(Source known) {
        try {
            return node.projection()
                    .mark(node.tega().history().commit(known.revision()), roots)
                    .equals(known.mark());
        } catch (TegaException.NotFound e) {
            return false;
        } catch (TegaException.Compacted e) {
            return true;
        }
    }

    /** The home tells up to where it has merged what was pending. */
    void merging(Frame frame) {
        merging = new Source(pending.name(), frame.number("n"), frame.text("mark"));
        upload();
    }

    /** The home has merged what was pending up to a revision of this server. */
    void merged(Frame frame) {
        if (frame.number("revision") == 0) {
            adoption.merged(frame.number("n"));
        }
        if (frame.number("conflicts", 0) > 0) {
            node.conflicts().lost(stream, frame.number("n"), frame.number("conflicts"));
        }
        upload();
    }

    /** An answer to a write. */
    void answered(Frame frame) {
        writes.answered(frame);
    }

    /** Looks soon for a write that was left to be pending; any thread. */
    void expectPending() {
        node.scheduler().after(Duration.ofMillis(50), () -> lane.run(this::upload));
        node.scheduler().after(Duration.ofSeconds(2), () -> lane.run(this::upload));
    }

    /** Sends a write to the home; any thread. */
    CompletionStage<Commit> write(Foreign write, Replication.Standing base) {
        var outcome = new CompletableFuture<Commit>();
        var number = writes.begin(outcome);
        var since = base.position(stream).revision();
        lane.run(() -> {
            var to = link;
            if (to == null) {
                writes.fail(
                        number,
                        new TegaException.Unavailable(
                                "the server where the root lives went out of reach; nothing was changed, try again"));
            } else {
                to.send(Requests.frame(node, stream, number, write, since));
            }
        });
        return outcome;
    }

    /** The states of the stream's trouble, for people; null when there is none. */
    @Nullable
    String trouble() {
        return waiting == 0 ? null : waiting + " commits of this server to '" + stream + "' wait to be merged";
    }
}
