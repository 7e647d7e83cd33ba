package tega.sync;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Edit;
import tega.api.Path;
import tega.api.Source;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;
import tega.api.Watch;
import tega.api.WatchEvent;
import tega.api.WatchRequest;

/**
 * One stream on its way out: the commits of this server that concern some roots, from where the receiver is, or a picture of these
 * roots where that is no longer kept or the receiver has another history. At most {@link #WINDOW} frames are under way. All on
 * the lane of the peer.
 */
final class Outflow {
    static final int WINDOW = 8;
    private static final int MOST_COMMITS = 256;
    private static final int FRAME_CHARS = 64 << 10;

    private final SyncNode node;
    private final Link link;
    private final String stream;
    private final Set<String> roots;
    private final AtomicBoolean woken = new AtomicBoolean();
    private @Nullable Watch watch;
    private @Nullable Leaves picture;
    private long pictured;
    private String pictureMark = "";
    private boolean pictureBegins;
    private long at;
    private long inventoryAt;
    private Map<Path, Edit.Put> inventory = new LinkedHashMap<>();
    private boolean owesInventory;
    private long sent;
    private long acknowledged;
    private boolean closed;

    Outflow(SyncNode node, Link link, String stream, Set<String> roots) {
        this.node = node;
        this.link = link;
        this.stream = stream;
        this.roots = Streams.inOrder(roots);
    }

    Set<String> roots() {
        return roots;
    }

    /** Begins where the receiver says it is. */
    void start(Source position, boolean empty, boolean resync, long resumed, @Nullable Path after) {
        takeInventory();
        if (resumed > 0 && after != null && !resync && resume(resumed, after)) {
            node.figures.resumed.increment();
        } else if (!resync && isKnown(position, empty)) {
            at = position.revision();
            open(at);
        } else {
            beginPicture();
        }
        pump();
    }

    /** Whether the receiver has this very history up to there, and all that follows is kept. */
    private boolean isKnown(Source position, boolean empty) {
        var history = node.tega().history();
        try {
            if (position.revision() == 0) {
                return empty && history.oldest() == 0;
            }
            return position.revision() >= history.oldest()
                    && position.revision() <= node.tega().snapshot().revision()
                    && node.projection()
                            .mark(history.commit(position.revision()), roots)
                            .equals(position.mark());
        } catch (TegaException.Compacted | TegaException.NotFound e) {
            return false;
        }
    }

    private void takeInventory() {
        var standing = node.replication().standing();
        inventoryAt = standing.snapshot().revision();
        inventory = new LinkedHashMap<>();
        for (var root : roots) {
            standing.leases(Path.of(root)).forEach((path, owner) -> {
                var value = standing.snapshot().tree().get(path);
                if (value != null) {
                    inventory.put(path, new Edit.Put(path, value, owner));
                }
            });
        }
        owesInventory = true;
    }

    private void open(long since) {
        closeWatch();
        var opened = node.tega().watch(WatchRequest.of(Path.EMPTY).from(since));
        watch = opened;
        opened.onReady(this::wake);
    }

    /** On any thread. */
    private void wake() {
        if (woken.compareAndSet(false, true)) {
            link.run(() -> {
                woken.set(false);
                pump();
            });
        }
    }

    private void beginPicture() {
        var standing = node.replication().standing();
        begin(standing.snapshot().revision(), standing.durable(), null);
        pictureBegins = true;
        node.figures.pictures.increment();
    }

    private boolean resume(long revision, Path after) {
        try {
            begin(revision, node.tega().history().at(revision).tree(), after);
            return true;
        } catch (TegaException.Compacted | TegaException.NotFound e) {
            return false;
        }
    }

    /** What is durable is the same at the last durable commit, which is what can be looked up later. */
    private void begin(long revision, Tree tree, @Nullable Path after) {
        closeWatch();
        picture = Leaves.of(tree, roots, after);
        pictured = revision;
        pictureMark = "";
        var log = node.tega().history().log(Path.EMPTY, revision, 1);
        at = log.isEmpty() ? 0 : log.get(0).revision();
        pictureMark = log.isEmpty() ? "" : node.projection().mark(log.get(0), roots);
        pictureBegins = false;
    }

    void acknowledge(long number) {
        acknowledged = Math.max(acknowledged, number);
        pump();
    }

    /** Sends what there is, as long as there is room. */
    private void pump() {
        while (!closed && sent - acknowledged < WINDOW) {
            if (picture != null ? !sendPicture() : !sendCommits()) {
                return;
            }
        }
    }

    private boolean sendPicture() {
        var leaves = picture;
        if (leaves == null) {
            return false;
        }
        var lines = new ArrayList<String>();
        var chars = 0;
        while (leaves.hasNext() && chars < FRAME_CHARS) {
            var leaf = leaves.next();
            var line = Value.array(leaf.path().toValue(), leaf.value()).toString();
            lines.add(line);
            chars += line.length();
        }
        var last = !leaves.hasNext();
        send(Frame.of("picture")
                .with("at", pictured)
                .with("revision", at)
                .with("mark", pictureMark)
                .with("first", pictureBegins)
                .with("last", last)
                .lines(lines));
        pictureBegins = false;
        if (last) {
            picture = null;
            open(pictured);
        }
        return true;
    }

    private void send(Frame frame) {
        sent++;
        link.send(frame.with("stream", stream).with("n", sent));
    }

    /** Whether it sent something. */
    private boolean sendCommits() {
        var open = watch;
        if (open == null) {
            return false;
        }
        var lines = new ArrayList<String>();
        var chars = 0;
        var stays = true;
        while (stays && lines.size() < MOST_COMMITS && chars < FRAME_CHARS && !isDue(open)) {
            var event = open.poll().orElse(null);
            if (event == null) {
                break;
            }
            if (event instanceof WatchEvent.Changed changed) {
                var line = line(changed.change().commit());
                if (line != null) {
                    lines.add(line);
                    chars += line.length();
                }
            } else if (event instanceof WatchEvent.Compacted) {
                takeInventory();
                beginPicture();
                stays = false;
            } else if (event instanceof WatchEvent.Slow slow) {
                open(slow.resume());
                stays = false;
            }
        }
        if (!lines.isEmpty()) {
            send(Frame.of("commits").lines(lines));
            return true;
        }
        if (stays && owesInventory && open.revision() >= inventoryAt) {
            sendInventory();
            return true;
        }
        return !stays;
    }

    /** Whether the inventory belongs before whatever comes next. */
    private boolean isDue(Watch open) {
        return owesInventory && open.revision() >= inventoryAt;
    }

    private @Nullable String line(Commit commit) {
        if (commit.kind() == CommitKind.LEASE && commit.refersTo() == commit.revision() && commit.refersTo() != 0) {
            if (commit.revision() > inventoryAt) {
                takeInventory();
            }
            return null;
        }
        return node.projection().line(commit, roots, commit.revision() > inventoryAt);
    }

    private void sendInventory() {
        owesInventory = false;
        var lines = new ArrayList<String>();
        for (var put : inventory.values()) {
            lines.add(node.projection().lease(put.path(), put.value(), String.valueOf(put.owner())));
        }
        inventory = Map.of();
        var home = roots.stream().noneMatch(node::isAway);
        send(Frame.of("live").with("revision", inventoryAt).with("home", home).lines(lines));
    }

    private void closeWatch() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    void close() {
        closed = true;
        closeWatch();
        picture = null;
    }

    /** For diagnosis: how many frames wait to be acknowledged. */
    long underway() {
        return sent - acknowledged;
    }

    List<String> sortedRoots() {
        return roots.stream().sorted().toList();
    }
}
