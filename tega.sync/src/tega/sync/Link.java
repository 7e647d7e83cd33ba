package tega.sync;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tega.api.Identity;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Scheduler;
import tega.api.spi.Wire;

/**
 * One connection to a peer, from its first frame to its end. The server that dialled says hello, the other one welcome; after
 * that the peer's parts speak. Whoever hears nothing for too long gives it up.
 */
final class Link implements Wire.Listener {
    static final int VERSION = 1;

    /** So many frames wait to be looked at, at most. */
    private static final int MOST_WAITING = 10_000;

    /** And so many characters of them: two of the largest frames, and some. */
    private static final int MOST_CHARS = 64 << 20;

    private final SyncNode node;
    private final @Nullable Identity identity;
    private final Runnable ended;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong waitingChars = new AtomicLong();
    private volatile Lane lane;
    private volatile @Nullable Peer peer;
    private volatile @Nullable Wire wire;
    private volatile boolean open;
    private long heard;
    private long asked;
    private boolean answered = true;
    private boolean welcomed;
    private final Map<Long, Runnable> questions = new HashMap<>();
    private long number;
    private Scheduler.@Nullable Task tick;

    private Link(SyncNode node, @Nullable Identity identity, @Nullable Peer peer, Runnable ended) {
        this.node = node;
        this.identity = identity;
        this.peer = peer;
        this.ended = ended;
        this.lane = peer == null ? new Lane(node.scheduler().background(), this::failed) : peer.lane();
    }

    /** A connection that came in from somebody who is {@code identity}. */
    static Link accepted(SyncNode node, Identity identity) {
        return new Link(node, identity, null, () -> {});
    }

    /** A connection that this server is about to make to {@code upper}; {@code ended} is run when it has ended or failed. */
    static Link dialled(SyncNode node, Peer upper, Runnable ended) {
        return new Link(node, null, upper, ended);
    }

    /** Who is at the other end, when it has come in. */
    @Nullable
    Identity identity() {
        return identity;
    }

    boolean isDialled() {
        return identity == null;
    }

    boolean isOpen() {
        return open;
    }

    void run(Runnable task) {
        lane.run(task);
    }

    /** A task of this link's failed: the link cannot be trusted any more. */
    void failed(RuntimeException e) {
        node.note("a link failed: " + e);
        close("something went wrong at the other server: " + Errors.cause(e).getMessage());
    }

    @Override
    public void opened(Wire newWire) {
        wire = newWire;
        open = true;
        node.figures.links.increment();
        lane.run(() -> {
            heard = node.scheduler().nanos();
            if (isDialled()) {
                send(Frame.of("hello").with("version", VERSION).with("server", node.id()));
            }
            tick();
        });
    }

    @Override
    public void received(String text) {
        node.figures.framesIn.increment();
        if (waiting.incrementAndGet() > MOST_WAITING) {
            close("more than " + MOST_WAITING + " frames wait here");
            return;
        }
        if (waitingChars.addAndGet(text.length()) > MOST_CHARS) {
            close("more than " + MOST_CHARS + " characters wait here");
            return;
        }
        // What brings commits may wait for the disk, which the threads of the server's door should not.
        if (isDialled() || text.indexOf('\n') < 0) {
            lane.soon(() -> heard(text));
        } else {
            lane.run(() -> heard(text));
        }
    }

    private void heard(String text) {
        waiting.decrementAndGet();
        waitingChars.addAndGet(-text.length());
        if (open) {
            heard = node.scheduler().nanos();
            answered = true;
            take(text);
        }
    }

    private void take(String text) {
        try {
            var frame = Frame.read(text, node.json());
            switch (frame.op()) {
                case "hello" -> hello(frame);
                case "welcome" -> welcome(frame);
                case "ping" ->
                    send(frame.head().has("n") ? Frame.of("pong").with("n", frame.number("n")) : Frame.of("pong"));
                case "pong" -> pong(frame);
                default -> pass(frame);
            }
        } catch (TegaException e) {
            close("a frame was not understood: " + e.getMessage());
        }
    }

    /** The answer to a numbered question tells of that question alone, not of the heart-beat's. */
    private void pong(Frame frame) {
        if (!frame.head().has("n")) {
            node.reached(asked);
            return;
        }
        var waiting = questions.remove(frame.number("n"));
        if (waiting != null) {
            waiting.run();
        }
    }

    private void hello(Frame frame) {
        var from = identity;
        if (from == null || welcomed) {
            throw new TegaException.Invalid("hello is said once, by the server that connects");
        }
        if (frame.number("version") != VERSION) {
            throw new TegaException.Invalid(
                    "version " + frame.number("version") + " is not spoken here, but " + VERSION);
        }
        welcomed = true;
        var server = frame.text("server");
        var lower = node.lower(server, from);
        peer = lower;
        lane = lower.lane();
        lane.run(() -> lower.attach(this));
    }

    private void welcome(Frame frame) {
        var upper = peer;
        if (!isDialled() || upper == null || welcomed) {
            throw new TegaException.Invalid("welcome is the answer to hello");
        }
        welcomed = true;
        upper.named(frame.text("server"));
        upper.attach(this);
    }

    private void pass(Frame frame) {
        var known = peer;
        if (known == null || !welcomed || known.link() != this) {
            throw new TegaException.Invalid("'" + frame.op() + "' came before hello");
        }
        known.received(frame);
    }

    /** Sends a frame; nothing happens when the connection has ended. */
    void send(Frame frame) {
        var to = wire;
        if (to != null && open) {
            node.figures.framesOut.increment();
            to.send(frame.toString());
        }
    }

    /** Ends it. */
    void close(String reason) {
        var to = wire;
        if (to != null) {
            to.close(reason);
        }
        closed(reason);
    }

    @Override
    public void closed(String reason) {
        lane.run(() -> end(reason));
    }

    private boolean over;

    private void end(String reason) {
        if (over) {
            return;
        }
        over = true;
        open = false;
        if (tick != null) {
            tick.cancel();
        }
        var known = peer;
        if (known != null) {
            known.detach(this, reason);
        }
        ended.run();
    }

    private void tick() {
        if (over) {
            return;
        }
        var now = node.scheduler().nanos();
        var timing = node.options().timing();
        if (isDialled()) {
            var since = welcomed ? asked : heard;
            if (!(answered && welcomed) && now - since >= timing.patience().toNanos()) {
                close("nothing was heard for " + timing.patience().toSeconds() + " s");
                return;
            }
            if (answered && (isDue(now, timing.ping()) || node.waitsForReach())) {
                ask();
            }
        } else if (now - heard >= timing.silence().toNanos()) {
            close("nothing was heard for " + timing.silence().toSeconds() + " s");
            return;
        }
        tick = node.scheduler().after(timing.patience(), () -> lane.run(this::tick));
    }

    private boolean isDue(long now, Duration pause) {
        return now - asked >= pause.toNanos() && now - heard >= pause.toNanos();
    }

    /** Asks whether the other side is there. */
    void ask() {
        if (open && welcomed) {
            asked = node.scheduler().nanos();
            answered = false;
            send(Frame.of("ping"));
        }
    }

    /** Asks the same for somebody who wants to know: {@code answer} is run when this very question is answered. On the lane. */
    void ask(Runnable answer) {
        if (questions.size() < MOST_WAITING) {
            questions.put(++number, answer);
            send(Frame.of("ping").with("n", number));
        }
    }

    /** For people. */
    Value describe() {
        return Value.of(identity == null ? "up" : identity.author());
    }
}
