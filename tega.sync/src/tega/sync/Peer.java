package tega.sync;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Source;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Action;

/**
 * A neighbour: the server above, or one below. It stays when its link goes, with the streams that come from it. Everything is on
 * its lane, but for what says otherwise.
 */
final class Peer {
    private final SyncNode node;
    private final Lane lane;
    private final boolean upper;
    private final Map<String, Inflow> inflows = new ConcurrentSkipListMap<>();
    private final Map<String, Outflow> outflows = new LinkedHashMap<>();
    private final Map<String, Set<String>> offered = new LinkedHashMap<>();
    private final Map<String, String> refusals = new ConcurrentSkipListMap<>();
    private final Uploads uploads;
    private final Remote remote;
    private volatile String id;
    private volatile @Nullable Link link;
    private volatile String parted = "";
    private volatile boolean welcome;
    private @Nullable Link arriving;
    private int executing;

    Peer(SyncNode node, String id, boolean upper) {
        this.node = node;
        this.id = id;
        this.upper = upper;
        this.lane = new Lane(node.scheduler().background(), this::failed);
        this.uploads = new Uploads(node, this);
        this.remote = new Remote(node, this);
    }

    private void failed(RuntimeException e) {
        var present = link;
        if (present != null) {
            present.failed(e);
        } else {
            node.note("the peer '" + id + "' failed: " + e);
        }
    }

    /** Its id; of the server above it is empty until it was reached once. Any thread. */
    String id() {
        return id;
    }

    void named(String name) {
        id = name;
    }

    boolean isUpper() {
        return upper;
    }

    Lane lane() {
        return lane;
    }

    /** Any thread. */
    @Nullable
    Link link() {
        return link;
    }

    /** Whether there was a link since this was asked last; any thread. */
    boolean wasWelcome() {
        var was = welcome;
        welcome = false;
        return was;
    }

    /** Why the last link ended; any thread. */
    String parted() {
        return parted;
    }

    /** Which roots were refused, and why; any thread. */
    Map<String, String> refusals() {
        return refusals;
    }

    /** Calls and messages; any thread. */
    Remote remote() {
        return remote;
    }

    /** The streams that come from it; any thread. */
    Map<String, Inflow> inflows() {
        return inflows;
    }

    /** A stream that comes from it. */
    Inflow add(String stream, Set<String> roots) {
        var inflow = new Inflow(node, lane, stream, roots);
        inflows.put(stream, inflow);
        return inflow;
    }

    /** A link is there, and the other side is known. Writes of the link before must have ended. */
    void attach(Link newLink) {
        var before = link;
        if (before != null && before != newLink) {
            before.close("another connection of '" + id + "' has come");
            detach(before, "another one has come");
        }
        if (!newLink.isOpen()) {
            return;
        }
        if (executing > 0) {
            arriving = newLink;
            return;
        }
        arriving = null;
        link = newLink;
        welcome = true;
        refusals.clear();
        if (!upper) {
            newLink.send(Frame.of("welcome").with("server", node.id()));
        }
        if (upper) {
            node.offers().forEach(this::offer);
        }
        inflows.values().forEach(inflow -> inflow.attach(newLink));
        remote.attach();
    }

    /** Offers a stream to the server above. */
    void offer(String stream, Set<String> roots) {
        var present = link;
        if (present != null && !roots.isEmpty()) {
            offered.put(stream, Streams.inOrder(roots));
            present.send(Frame.of("offer").with("stream", stream).with("roots", Frame.texts(new TreeSet<>(roots))));
        }
    }

    void detach(Link gone, String reason) {
        if (arriving == gone) {
            arriving = null;
        }
        if (link != gone) {
            return;
        }
        link = null;
        parted = reason;
        outflows.values().forEach(Outflow::close);
        outflows.clear();
        offered.clear();
        uploads.detach();
        inflows.values().forEach(Inflow::detach);
        node.reachChanged(this, remote.detach());
    }

    void received(Frame frame) {
        switch (frame.op()) {
            case "want" -> want(frame);
            case "offer" -> offered(frame);
            case "refuse" -> refused(frame);
            case "commits", "live", "picture" -> inflow(frame).received(frame);
            case "ack" -> {
                var flow = outflows.get(frame.text("stream"));
                if (flow != null) {
                    flow.acknowledge(frame.number("n"));
                }
            }
            case "status" -> node.reports().told(id, frame);
            case "write" -> write(frame);
            case "written" -> inflow(frame).answered(frame);
            case "merge" -> uploads.merge(frame, outflow(frame).roots());
            case "merged" -> inflow(frame).merged(frame);
            case "merging" -> inflow(frame).merging(frame);
            default -> remote.received(frame);
        }
    }

    private Inflow inflow(Frame frame) {
        var inflow = inflows.get(frame.text("stream"));
        if (inflow == null) {
            throw new TegaException.Invalid("the stream '" + frame.text("stream") + "' is not known here");
        }
        return inflow;
    }

    private Outflow outflow(Frame frame) {
        var outflow = outflows.get(frame.text("stream"));
        if (outflow == null) {
            throw new TegaException.Invalid("the stream '" + frame.text("stream") + "' is not sent from here");
        }
        return outflow;
    }

    /** The other side wants a stream, or wants it anew. */
    private void want(Frame frame) {
        var present = link;
        if (present == null) {
            return;
        }
        var stream = frame.text("stream");
        var roots = new TreeSet<>(frame.texts("roots"));
        if (upper) {
            roots.retainAll(offered.getOrDefault(stream, Set.of()));
        } else {
            if (!stream.equals(Streams.down(id))) {
                throw new TegaException.Invalid("'" + id + "' cannot have the stream '" + stream + "'");
            }
            roots.removeIf(root -> !mayHave(present, stream, root));
        }
        var before = outflows.remove(stream);
        if (before != null) {
            before.close();
        }
        if (roots.isEmpty()) {
            return;
        }
        var merged = node.replication().standing().position(Streams.pending(id, stream));
        present.send(Frame.of("merging")
                .with("stream", stream)
                .with("n", merged.revision())
                .with("mark", merged.mark()));
        var flow = new Outflow(node, present, stream, roots);
        outflows.put(stream, flow);
        var after = frame.head().get("after");
        flow.start(
                new Source(stream, frame.number("revision"), frame.text("mark")),
                frame.is("empty"),
                frame.is("resync"),
                frame.number("at", 0),
                after == null ? null : Path.from(after));
    }

    private boolean mayHave(Link present, String stream, String root) {
        var identity = present.identity();
        try {
            if (identity != null) {
                node.authorizer().require(identity, Action.READ, Path.of(root));
            }
            var home = node.home(root);
            if (root.equals(node.root()) || (home != null && inflows.containsValue(home))) {
                throw new TegaException.Invalid("the root '" + Path.of(root) + "' does not live here");
            }
            return true;
        } catch (TegaException e) {
            refuse(present, stream, root, e);
            return false;
        }
    }

    /** That nobody knows at the moment who may is no refusal: the link ends, and another one comes. */
    private void refuse(Link present, String stream, String root, TegaException reason) {
        if (reason instanceof TegaException.Unavailable) {
            throw reason;
        }
        refusals.put(root, reason.getMessage());
        present.send(
                Frame.of("refuse").with("stream", stream).with("root", root).with("detail", reason.getMessage()));
    }

    private void refused(Frame frame) {
        refusals.put(frame.text("root"), frame.text("detail"));
        node.note("'" + id + "' refuses the root '" + frame.text("root") + "': " + frame.text("detail"));
    }

    /** A server below sends roots up. */
    private void offered(Frame frame) {
        var present = link;
        if (present == null || upper) {
            throw new TegaException.Invalid("streams are offered upwards");
        }
        var stream = frame.text("stream");
        var roots = new TreeSet<String>();
        for (var root : frame.texts("roots")) {
            try {
                var identity = present.identity();
                if (identity != null) {
                    node.authorizer().require(identity, Action.WRITE, Path.of(root));
                }
                node.requireFree(root, stream);
                roots.add(root);
            } catch (TegaException e) {
                refuse(present, stream, root, e);
            }
        }
        if (roots.isEmpty()) {
            return;
        }
        var known = inflows.get(stream);
        if (known == null || !known.roots().equals(roots)) {
            known = node.claim(this, stream, roots);
        }
        known.attach(present);
    }

    /** {@code FORBIDDEN} when the other side may not write there. */
    void authorize(List<Path> paths) {
        var present = link;
        Identity identity = present == null ? null : present.identity();
        if (identity != null) {
            for (var path : paths) {
                node.authorizer().require(identity, Action.WRITE, path);
            }
        }
    }

    /** The other side wants a commit made here, or further on. */
    private void write(Frame frame) {
        var present = link;
        if (present == null) {
            return;
        }
        var roots = outflow(frame).roots();
        try {
            var write = Requests.read(node, id, roots, frame);
            var paths = new ArrayList<Path>();
            write.edits().forEach(edit -> paths.add(edit.path()));
            authorize(paths);
            node.figures.forwarded.increment();
            executing(() -> node.write(write), (commit, failure) -> {
                if (failure != null) {
                    present.send(Errors.into(answer(frame), failure));
                } else if (commit != null && commit.edits().isEmpty()) {
                    present.send(answer(frame).with("nothing", true));
                }
            });
        } catch (TegaException e) {
            present.send(Errors.into(answer(frame), e));
        }
    }

    /** Has something of this peer's made, and tells of it on the lane; no other link of the peer begins before that. */
    void executing(
            Supplier<CompletionStage<Commit>> making, BiConsumer<@Nullable Commit, @Nullable Throwable> outcome) {
        executing++;
        Stages.then(
                making.get(),
                (commit, failure) -> lane.run(() -> {
                    executing--;
                    outcome.accept(commit, failure);
                    var next = arriving;
                    if (executing == 0 && next != null) {
                        attach(next);
                    }
                }));
    }

    private static Frame answer(Frame frame) {
        return Frame.of("written").with("stream", frame.text("stream")).with("n", frame.number("n"));
    }

    /** For people. */
    Value describe() {
        var present = link;
        var value = Value.object("connected", Value.of(present != null), "direction", Value.of(upper ? "up" : "down"));
        if (present == null) {
            value = value.with("reason", Value.of(parted));
        }
        var streams = Value.object();
        for (var inflow : inflows.values()) {
            streams = streams.with(
                    inflow.stream(),
                    Value.object("received", Value.of(inflow.received()), "live", Value.of(inflow.isLive()))
                            .with("roots", Frame.texts(new TreeSet<>(inflow.roots())))
                            .with("pending", Value.of(inflow.pendingCommits())));
        }
        value = value.with("streams", streams);
        var refused = Value.object();
        for (var refusal : refusals.entrySet()) {
            refused = refused.with(refusal.getKey(), Value.of(refusal.getValue()));
        }
        return refused.isEmpty() ? value : value.with("refused", refused);
    }
}
