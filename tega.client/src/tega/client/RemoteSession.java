package tega.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.Scope;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.JsonCodec;
import tega.api.spi.Registration;
import tega.api.spi.Subscriber;

/**
 * The stay of this client at a server, by WebSocket in tega.v2: ephemeral nodes and subscriptions belong to it. Opened when it
 * is first needed; closing it removes them.
 */
final class RemoteSession implements WebSocket.Listener, AutoCloseable {
    private static final String PROTOCOL = "tega.v2";
    private static final Duration OPENING = Duration.ofSeconds(10);
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final URI address;
    private final JsonCodec json;
    private final StringBuilder text = new StringBuilder();
    private final Map<Long, CompletableFuture<ObjectValue>> asked = new ConcurrentHashMap<>();
    private final Map<Long, Subscriber> subscribers = new ConcurrentHashMap<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final WebSocket socket;
    private long last;

    private RemoteSession(HttpClient client, URI address, String tegaId, @Nullable String token, JsonCodec json) {
        this.address = address;
        this.json = json;
        var builder = client.newWebSocketBuilder().connectTimeout(OPENING).subprotocols(PROTOCOL);
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        var url = address.toString().replaceFirst("^http", "ws");
        var target = URI.create((url.endsWith("/") ? url.substring(0, url.length() - 1) : url) + "/_pubsub");
        socket = await(builder.buildAsync(target, this));
        ask(next(), "session", Value.object("tega_id", Value.of(tegaId)));
    }

    /** Opens one; {@code UNAVAILABLE} when the server takes none. */
    static RemoteSession open(HttpClient client, URI address, String tegaId, @Nullable String token, JsonCodec json) {
        return new RemoteSession(client, address, tegaId, token, json);
    }

    private <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(OPENING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | CompletionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof TegaException told) {
                throw told;
            }
            if (cause instanceof WebSocketHandshakeException refused) {
                throw Problems.of(refused.getResponse(), json, address);
            }
            if (cause instanceof SSLException tls) {
                throw Problems.untrusted(address, tls);
            }
            throw new TegaException.Unavailable("there is no session at " + address + ": " + cause, cause);
        } catch (TimeoutException e) {
            throw new TegaException.Unavailable("the server at " + address + " does not answer by WebSocket", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TegaException.Unavailable("waiting for the session was given up", e);
        }
    }

    private synchronized long next() {
        return ++last;
    }

    /** Sends a request and waits for what answers it. */
    private ObjectValue ask(long id, String op, ObjectValue content) {
        var answer = new CompletableFuture<ObjectValue>();
        asked.put(id, answer);
        if (ended.isDone()) {
            throw new TegaException.Unavailable(why());
        }
        try {
            send(content.with("op", Value.of(op)).with("id", Value.of(id)));
            return await(answer);
        } finally {
            asked.remove(id);
        }
    }

    /** One frame after the other, as the JDK wants it. */
    private synchronized void send(ObjectValue frame) {
        await(socket.sendText(frame.toString(), true));
    }

    /** Publishes; how many heard it there. */
    int publish(Path channel, Value message) {
        var answer = ask(next(), "publish", Value.object("channel", channel.toValue(), "message", message));
        return (int) Answers.number(answer.get("hearers"));
    }

    /** Subscribes until closed. */
    Registration subscribe(PathPattern channels, Scope scope, Subscriber subscriber) {
        var id = next();
        var what = Value.object("scope", Value.of(scope.wireName()));
        if (channels.isExact()) {
            what = what.with("channel", channels.prefix().toValue());
        } else {
            var regex = channels.parts().stream().anyMatch(PathPattern.Part.Regex.class::isInstance);
            what = what.with("pattern", Value.of(channels.toString())).with("regex", Value.of(regex));
        }
        subscribers.put(id, subscriber);
        try {
            ask(id, "subscribe", what);
        } catch (TegaException e) {
            subscribers.remove(id);
            throw e;
        }
        return () -> {
            if (subscribers.remove(id) != null && isOpen()) {
                ask(id, "unsubscribe", Value.object());
            }
        };
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            try {
                frame(Answers.object(json.readJson(text.toString())));
            } catch (TegaException e) {
                lost("it told what cannot be understood: " + e.getMessage());
            }
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    private void frame(ObjectValue frame) {
        var op = Answers.text(frame.get("op"));
        if (op.equals("call")) {
            // Whoever is connected is asked for what refers to its name; not waited for, this thread hears the answers.
            var refusal = Value.object("detail", Value.of("this client answers no calls"));
            var id = Answers.present(frame.get("id"));
            var unused = CompletableFuture.runAsync(
                    () -> send(refusal.with("op", Value.of("error")).with("id", id)));
            return;
        }
        if (!(frame.get("id") instanceof tega.api.NumberValue number)) {
            return;
        }
        var id = number.longValue();
        if (op.equals("message")) {
            var subscriber = subscribers.get(id);
            if (subscriber != null) {
                subscriber.message(
                        Path.from(Answers.present(frame.get("channel"))),
                        Answers.text(frame.get("publisher")),
                        Answers.present(frame.get("message")));
            }
            return;
        }
        var answer = asked.get(id);
        if (answer != null) {
            if (op.equals("error")) {
                answer.completeExceptionally(error(frame));
            } else {
                answer.complete(frame);
            }
        }
    }

    private static TegaException error(ObjectValue frame) {
        var code = frame.get("code") instanceof StringValue text ? text.text() : "";
        return Problems.exception(code, Answers.text(frame.get("detail")));
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        lost(reason.isEmpty() ? "it was closed with " + code : reason);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        lost(String.valueOf(error.getMessage()));
    }

    private void lost(String cause) {
        if (ended.complete(cause)) {
            var told = new TegaException.Unavailable(why());
            asked.values().forEach(answer -> answer.completeExceptionally(told));
            subscribers.values().forEach(subscriber -> subscriber.lost(why()));
            subscribers.clear();
        }
    }

    private String why() {
        return "the session at " + address + " was lost: " + ended.getNow("");
    }

    /** Whether the server still knows it. */
    boolean isOpen() {
        return !ended.isDone();
    }

    @Override
    public void close() {
        subscribers.clear();
        try {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
            var unused = ended.get(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            socket.abort();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            socket.abort();
        }
    }
}
