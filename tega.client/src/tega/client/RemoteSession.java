package tega.client;

import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Scope;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcHandler;
import tega.api.spi.Registration;
import tega.api.spi.Subscriber;

/**
 * The stay of this client at a server: ephemeral nodes, subscriptions and the calls it answers belong to it. It begins when it
 * is first needed. When its connection is lost it opens another one, as long as there is something to keep, and has back what it
 * had; until then what needs it is {@code UNAVAILABLE}. It ends with a good-bye, when another client takes the name, or when its
 * token is no longer worth anything.
 */
final class RemoteSession implements AutoCloseable {
    private static final Duration STEADY = Duration.ofSeconds(10);
    private static final int TAKEN = 4409;
    private static final int TOKEN_GONE = 4401;

    private record Subscription(ObjectValue what, Subscriber subscriber) {}

    private final Rest rest;
    private final String tegaId;
    private final long ttl;
    private final Workers workers;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Subscription> subscriptions = new ConcurrentSkipListMap<>();
    private final Leases leases;
    private final Handlers handlers;
    private final AtomicBoolean returning = new AtomicBoolean();
    private volatile @Nullable Connection connection;
    private volatile @Nullable TegaException over;
    private final AtomicInteger failures = new AtomicInteger();
    private boolean been;

    RemoteSession(Rest rest, String tegaId, Duration ttl, Workers workers) {
        this.rest = rest;
        this.tegaId = tegaId;
        this.ttl = ttl.toSeconds();
        this.workers = workers;
        this.leases = new Leases(rest);
        this.handlers = new Handlers(workers);
    }

    /** Its connection when it is open at this moment, else null. */
    @Nullable
    Connection present() {
        var open = connection;
        return open != null && open.isOpen() ? open : null;
    }

    /** Its connection, opened unless it is: one thread does so and the others wait for it. */
    Connection ready() {
        var open = present();
        return open == null ? opened() : open;
    }

    private synchronized Connection opened() {
        var ended = over;
        if (ended != null) {
            throw ended;
        }
        var open = present();
        return open == null ? connect() : open;
    }

    private Connection connect() {
        Connection made;
        try {
            made = rest.connection(this::frame);
        } catch (TegaException e) {
            throw refused(e);
        }
        try {
            var who = Value.object("tega_id", Value.of(tegaId), "ttl", Value.of(ttl));
            rest.await(made.ask(ids.incrementAndGet(), "session", who));
            for (var subscription : subscriptions.entrySet()) {
                again(made, subscription.getKey(), subscription.getValue());
            }
            if (been) {
                leases.restore();
            }
        } catch (TegaException e) {
            made.drop();
            throw e;
        }
        been = true;
        connection = made;
        var since = System.nanoTime();
        var unused = made.end().thenAcceptAsync(end -> lost(end, System.nanoTime() - since), workers);
        if (over != null) {
            made.close(); // the client was closed meanwhile
        }
        return made;
    }

    /** A handshake that is refused tells no more than a number; a request for something harmless tells why. */
    private TegaException refused(TegaException why) {
        if (!(why.getCause() instanceof WebSocketHandshakeException handshake)) {
            return why;
        }
        var status = handshake.getResponse().statusCode();
        if (status == 401 || status == 403) {
            try {
                var unused = rest.ask("GET", "/_tag").tell();
            } catch (TegaException told) {
                return told;
            }
            return new TegaException.Forbidden(
                    Path.EMPTY, "the server at " + rest.address() + " takes no session of '" + tegaId + "'");
        }
        return rest.problem(handshake.getResponse());
    }

    private void again(Connection made, long id, Subscription subscription) {
        try {
            rest.await(made.ask(id, "subscribe", subscription.what()));
        } catch (TegaException.Unavailable e) {
            throw e;
        } catch (TegaException e) {
            if (subscriptions.remove(id) != null) {
                subscription.subscriber().lost(e.getMessage());
            }
        }
    }

    private void lost(Connection.End end, long nanos) {
        handlers.cancelAll();
        // A server that takes connections and drops them at once is not stormed.
        failures.updateAndGet(before -> nanos > STEADY.toNanos() ? 0 : before + 1);
        switch (end.code()) {
            case TAKEN ->
                finish(new TegaException.Conflict(
                        null,
                        "another client goes by '" + tegaId + "' at " + rest.address()
                                + " now, so this one's session has ended"));
            case TOKEN_GONE -> finish(new TegaException.Unauthenticated(end.why()));
            default -> comeBack();
        }
    }

    /** Opens a connection a little later, and again until there is one, if there is anything to keep. */
    private void comeBack() {
        var kept = !subscriptions.isEmpty() || !leases.isEmpty() || !handlers.isEmpty();
        if (kept && over == null && returning.compareAndSet(false, true)) {
            workers.after(Workers.pause(failures.get()), this::tryAgain);
        }
    }

    private void tryAgain() {
        returning.set(false);
        try {
            ready();
        } catch (TegaException.Unavailable | TegaException.UnknownOutcome | TegaException.Timeout e) {
            failures.incrementAndGet();
            comeBack();
        } catch (TegaException e) {
            finish(e);
        }
    }

    private void finish(TegaException why) {
        over = why;
        handlers.cancelAll();
        subscriptions.values().forEach(subscription -> subscription.subscriber().lost(why.getMessage()));
        subscriptions.clear();
    }

    private void frame(Connection from, ObjectValue frame) {
        var id = Answers.present(frame.get("id"));
        switch (Answers.text(frame.get("op"))) {
            case "call" -> handlers.call(frame, (op, content) -> from.send(op, id, content));
            case "cancel" -> handlers.cancel(id);
            case "message" -> {
                var subscription = id instanceof NumberValue number ? subscriptions.get(number.longValue()) : null;
                if (subscription != null) {
                    subscription
                            .subscriber()
                            .message(
                                    Path.from(Answers.present(frame.get("channel"))),
                                    Answers.text(frame.get("publisher")),
                                    Answers.present(frame.get("message")));
                }
            }
            default -> {
                // an answer that came too late, or what a later release tells
            }
        }
    }

    /** Publishes; how many heard it there. */
    int publish(Path channel, Value message) {
        var open = ready();
        var content = Value.object("channel", channel.toValue(), "message", message);
        try {
            var answer = rest.await(open.ask(ids.incrementAndGet(), "publish", content));
            return (int) Answers.number(answer.get("hearers"));
        } catch (TegaException.Unavailable e) {
            throw open.isOpen() ? e : new TegaException.UnknownOutcome(e.getMessage() + "; it may have been heard", e);
        }
    }

    /** Subscribes until closed. */
    Registration subscribe(PathPattern channels, Scope scope, Subscriber subscriber) {
        var what = Value.object("scope", Value.of(scope.wireName()));
        if (channels.isExact()) {
            what = what.with("channel", channels.prefix().toValue());
        } else {
            var regex = channels.parts().stream().anyMatch(PathPattern.Part.Regex.class::isInstance);
            what = what.with("pattern", Value.of(channels.toString())).with("regex", Value.of(regex));
        }
        var open = ready();
        var id = ids.incrementAndGet();
        subscriptions.put(id, new Subscription(what, subscriber)); // the first message may come at once
        try {
            rest.await(open.ask(id, "subscribe", what));
        } catch (TegaException e) {
            subscriptions.remove(id);
            throw e;
        }
        return () -> unsubscribe(id);
    }

    private void unsubscribe(long id) {
        var open = present();
        if (subscriptions.remove(id) != null && open != null) {
            try {
                rest.await(open.ask(id, "unsubscribe", Value.object()));
            } catch (TegaException.Unavailable e) {
                return; // it ended with the connection
            }
        }
    }

    /** Calls by {@code open}; as {@link tega.api.Rpc#call}. */
    CompletionStage<Value> call(Connection open, Path path, List<Value> args, ObjectValue kwargs, Duration deadline) {
        var id = ids.incrementAndGet();
        var content = Value.object("path", path.toValue(), "args", Value.array(args))
                .with("kwargs", kwargs)
                .with("deadline", Value.of(Math.max(1, deadline.toMillis())));
        var answer = open.ask(id, "call", content);
        var result = new CompletableFuture<Value>();
        var unusedAnswer = answer.whenCompleteAsync(
                (frame, failure) -> {
                    if (failure == null) {
                        result.complete(Answers.present(frame.get("value")));
                    } else {
                        result.completeExceptionally(outcome(path, failure));
                    }
                },
                workers);
        var unusedResult = result.whenComplete((value, failure) -> {
            if (result.isCancelled() && !answer.isDone()) {
                open.send("cancel", Value.of(id), Value.object());
            }
        });
        return result;
    }

    /** A call that was under way when the connection was lost may have been answered. */
    private static Throwable outcome(Path path, Throwable failure) {
        return failure instanceof TegaException.Unavailable
                ? new TegaException.UnknownOutcome(
                        "whether '" + path + "' was done is not known: " + failure.getMessage(), failure)
                : failure;
    }

    /** Answers the calls of {@code path} until closed. */
    Registration serve(Path path, RpcHandler handler) {
        if (tegaId.indexOf('.') >= 0 || tegaId.indexOf('%') >= 0) {
            throw new TegaException.Invalid(
                    "'" + tegaId + "' cannot answer calls: the tega_id of who does has neither dots nor percent signs");
        }
        if (path.isEmpty()) {
            throw new TegaException.Invalid("the whole database cannot be called; name a path");
        }
        var unused = ready();
        handlers.add(path, handler);
        try {
            leases.put(path, Value.of("%" + tegaId + "." + path.last() + "%"));
        } catch (TegaException e) {
            handlers.remove(path);
            throw e;
        }
        var served = new AtomicBoolean(true);
        return () -> {
            if (served.getAndSet(false)) {
                try {
                    leases.remove(path);
                } finally {
                    handlers.remove(path);
                }
            }
        };
    }

    /** The ephemeral nodes that are kept. */
    Leases leases() {
        return leases;
    }

    @Override
    public void close() {
        over = new TegaException.Unavailable("this client has been closed; make another one");
        subscriptions.clear();
        handlers.cancelAll();
        var open = present();
        if (open != null) {
            open.close();
        }
    }
}
