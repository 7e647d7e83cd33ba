package tega.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.ErrorCode;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcCall;
import tega.api.spi.Action;
import tega.api.spi.Scheduler;

/**
 * Calls and messages to and from one peer. A call has an id that stays the same from the first server to the last: where a
 * link comes back before the deadline it is asked again, and answered once. Messages are sent to who has said that somebody there
 * wants them, and never stored.
 */
final class Remote {
    /** So many calls may be on their way to a peer. */
    private static final int MOST_CALLS = 1000;

    private record Asked(String id, RpcCall call, long until, CompletableFuture<Value> answer, Scheduler.Task clock) {}

    private final SyncNode node;
    private final Peer peer;
    private final Map<String, Asked> asked = new ConcurrentHashMap<>();
    private volatile Set<Path> paths = Set.of();
    private volatile Set<String> owners = Set.of();
    private volatile List<PathPattern> interests = List.of();
    private String announced = "";

    Remote(SyncNode node, Peer peer) {
        this.node = node;
        this.peer = peer;
    }

    /** Whether somebody at, or beyond, the peer answers for {@code path}, or is {@code owner}; any thread. */
    boolean answers(Path path, @Nullable String owner) {
        return peer.link() != null && (paths.contains(path) || (owner != null && owners.contains(owner)));
    }

    Set<Path> paths() {
        return paths;
    }

    Set<String> owners() {
        return owners;
    }

    List<PathPattern> interests() {
        return interests;
    }

    /** How many calls wait for an answer of this peer; any thread. */
    int waiting() {
        return asked.size();
    }

    /** A link is there: tells what is here, and asks again what was asked and not answered. On the lane. */
    void attach() {
        announced = "";
        announce();
        asked.values().forEach(this::ask);
    }

    /** The link is gone. What is here and was there is not there any more. Whether somebody there listened. On the lane. */
    boolean detach() {
        var listened = !interests.isEmpty();
        paths = Set.of();
        owners = Set.of();
        interests = List.of();
        announced = "";
        return listened;
    }

    /** Tells the peer who answers and who listens on this side of the link, if that has changed. On the lane. */
    void announce() {
        var link = peer.link();
        if (link == null) {
            return;
        }
        var frame = Frame.of("reach").with("interests", Frame.texts(node.interests(peer)));
        if (peer.isUpper()) {
            frame = frame.with("paths", paths(node.paths(peer))).with("owners", Frame.texts(node.owners(peer)));
        }
        var text = frame.toString();
        if (!text.equals(announced)) {
            announced = text;
            link.send(frame);
        }
    }

    private static Value paths(Set<Path> paths) {
        var items = new ArrayList<Value>();
        paths.stream().sorted().forEach(path -> items.add(path.toValue()));
        return Value.array(items);
    }

    /** Passes a call to the peer; any thread. */
    CompletableFuture<Value> call(String id, RpcCall call) {
        var answer = new CompletableFuture<Value>();
        if (peer.link() == null || asked.size() >= MOST_CALLS) {
            answer.completeExceptionally(new TegaException.CallFailed(
                    ErrorCode.NOT_DELIVERED,
                    call.path(),
                    peer.link() == null
                            ? "the server that '" + call.path() + "' is reached through is out of reach"
                            : MOST_CALLS + " calls are on their way to '" + peer.id() + "', which is the limit"));
            return answer;
        }
        var until = node.scheduler().nanos() + call.remaining().toNanos();
        var clock = node.scheduler().after(call.remaining(), () -> late(id));
        var waiting = new Asked(id, call, until, answer, clock);
        asked.put(id, waiting);
        peer.lane().soon(() -> ask(waiting));
        Stages.then(answer, (value, failure) -> {
            clock.cancel();
            if (asked.remove(id, waiting) && answer.isCancelled()) {
                peer.lane().run(() -> cancel(id));
            }
        });
        return answer;
    }

    private void ask(Asked waiting) {
        var link = peer.link();
        var left = waiting.until() - node.scheduler().nanos();
        if (link != null && left > 0 && !waiting.answer().isDone()) {
            var call = waiting.call();
            link.send(Frame.of("call")
                    .with("id", waiting.id())
                    .with("path", call.path().toValue())
                    .with("by", call.by().author())
                    .with("tega_id", call.by().tegaId())
                    .with("args", Value.array(call.args()))
                    .with("kwargs", call.kwargs())
                    .with("deadline", Math.max(1, left / 1_000_000)));
        }
    }

    private void cancel(String id) {
        var link = peer.link();
        if (link != null) {
            link.send(Frame.of("cancel").with("id", id));
        }
    }

    private void late(String id) {
        var waiting = asked.remove(id);
        if (waiting != null) {
            peer.lane().run(() -> cancel(id));
            waiting.answer()
                    .completeExceptionally(new TegaException.Timeout("the RPC '"
                            + waiting.call().path() + "' was not answered within "
                            + waiting.call().remaining().toMillis() + " ms; whether it was carried out is not known"));
        }
    }

    /** A frame that is not about a stream. On the lane. */
    void received(Frame frame) {
        switch (frame.op()) {
            case "reach" -> reach(frame);
            case "call" -> called(frame);
            case "cancel" -> node.answers().cancel(frame.text("id"));
            case "result" -> {
                var waiting = answered(frame);
                if (waiting != null) {
                    var value = frame.head().get("value");
                    waiting.answer().complete(value == null ? Value.NULL : value);
                }
            }
            case "error" -> {
                var waiting = answered(frame);
                if (waiting != null) {
                    waiting.answer().completeExceptionally(Errors.of(frame.text("code"), frame));
                }
            }
            case "message" -> message(frame);
            default -> throw new TegaException.Invalid("'" + frame.op() + "' is not known");
        }
    }

    private @Nullable Asked answered(Frame frame) {
        var waiting = asked.remove(frame.text("id"));
        if (waiting == null) {
            node.figures.lateReplies.increment();
        }
        return waiting;
    }

    private void reach(Frame frame) {
        var newPaths = new TreeSet<Path>();
        if (frame.head().get("paths") instanceof ArrayValue array) {
            array.forEach(item -> newPaths.add(Path.from(item)));
        }
        paths = Collections.unmodifiableSet(newPaths);
        owners = Streams.inOrder(frame.texts("owners"));
        var listened = interests;
        interests = frame.texts("interests").stream().map(PathPattern::parse).toList();
        node.reachChanged(peer, !texts(interests).equals(texts(listened)));
    }

    private static List<String> texts(List<PathPattern> patterns) {
        return patterns.stream().map(PathPattern::toString).toList();
    }

    /** Whatever becomes of it is this call's outcome, never the link's. */
    private void called(Frame frame) {
        var id = frame.text("id");
        var by = new Identity(frame.text("by"), frame.text("tega_id"));
        var args = new ArrayList<Value>();
        if (frame.head().get("args") instanceof ArrayValue array) {
            array.forEach(args::add);
        }
        var kwargs = frame.head().get("kwargs") instanceof ObjectValue object ? object : Value.object();
        CompletableFuture<Value> answer;
        try {
            var told = frame.head().get("path");
            var path = told == null ? Path.EMPTY : Path.from(told);
            require(Action.CALL, path);
            answer = node.answers()
                    .answer(id, new RpcCall(path, by, args, kwargs, Duration.ofMillis(frame.number("deadline"))), peer);
        } catch (TegaException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        Stages.then(answer, (value, failure) -> peer.lane().soon(() -> reply(id, value, failure)));
    }

    private void reply(String id, @Nullable Value value, @Nullable Throwable failure) {
        var link = peer.link();
        if (link != null) {
            var frame = failure == null && value != null
                    ? Frame.of("result").with("value", value)
                    : Errors.into(Frame.of("error"), failure == null ? new IllegalStateException("nothing") : failure);
            link.send(frame.with("id", id));
        }
    }

    private void require(Action action, Path path) {
        var link = peer.link();
        var identity = link == null ? null : link.identity();
        if (identity != null) {
            node.authorizer().require(identity, action, path);
        }
    }

    /** Somebody on this side has published; sent when somebody on the other side listens. Any thread. */
    void publish(Path channel, String publisher, Value message) {
        for (var interest : interests) {
            if (interest.matches(channel)) {
                peer.lane().soon(() -> {
                    var link = peer.link();
                    if (link != null) {
                        link.send(Frame.of("message")
                                .with("channel", channel.toValue())
                                .with("publisher", publisher)
                                .with("message", message));
                    }
                });
                return;
            }
        }
    }

    private void message(Frame frame) {
        var told = frame.head().get("channel");
        var channel = told == null ? Path.EMPTY : Path.from(told);
        var message = frame.head().get("message");
        try {
            require(Action.PUBLISH, channel);
            node.heard(channel, frame.text("publisher"), message == null ? Value.NULL : message, peer);
        } catch (TegaException e) {
            node.note("a message of '" + peer.id() + "' to '" + channel + "' was not taken: " + e.getMessage());
        }
    }
}
