package tega.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.JsonCodec;

/**
 * One WebSocket that speaks tega.v2, until it ends. Requests find their answers by their id; any other frame goes to {@code
 * frames}, on the thread that reads: it must not wait. A connection that is silent though it was pinged is taken for lost.
 */
final class Connection implements WebSocket.Listener {
    /** How long what has to do with connecting may take. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String PROTOCOL = "tega.v2";
    private static final Duration BEAT = Duration.ofSeconds(15);
    private static final Duration CLOSING = Duration.ofSeconds(1);

    /** How a connection ended: with which code, 0 when there was none, and why. */
    record End(int code, String why) {}

    private final String where;
    private final JsonCodec json;
    private final Executor beats;
    private final BiConsumer<Connection, ObjectValue> frames;
    private final Map<Long, CompletableFuture<ObjectValue>> asked = new ConcurrentHashMap<>();
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);
    private volatile boolean heard = true;

    private Connection(
            HttpClient client,
            String base,
            @Nullable String token,
            JsonCodec json,
            Executor workers,
            BiConsumer<Connection, ObjectValue> frames) {
        this.where = base;
        this.json = json;
        this.frames = frames;
        this.beats = CompletableFuture.delayedExecutor(BEAT.toMillis(), TimeUnit.MILLISECONDS, workers);
        var builder = client.newWebSocketBuilder().connectTimeout(PATIENCE).subprotocols(PROTOCOL);
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        socket = await(builder.buildAsync(URI.create(base.replaceFirst("^http", "ws") + "/_pubsub"), this));
        beats.execute(this::beat);
    }

    /** Opens one; {@code UNAVAILABLE} when that cannot be. */
    static Connection open(
            HttpClient client,
            String base,
            @Nullable String token,
            JsonCodec json,
            Executor workers,
            BiConsumer<Connection, ObjectValue> frames) {
        return new Connection(client, base, token, json, workers, frames);
    }

    private <T> T await(CompletableFuture<T> stage) {
        return await(stage, where);
    }

    /** What comes of {@code stage}, as long as it takes to connect at most. */
    static <T> T await(CompletableFuture<T> stage, String where) {
        try {
            return stage.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof TegaException told) {
                throw told;
            }
            if (cause instanceof SSLException tls) {
                throw Problems.untrusted(URI.create(where), tls);
            }
            throw new TegaException.Unavailable("there is no session at " + where + ": " + cause, cause);
        } catch (TimeoutException e) {
            throw new TegaException.Unavailable("the server at " + where + " does not answer by WebSocket", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TegaException.Unavailable("waiting for the session at " + where + " was given up", e);
        }
    }

    /** Completed when it has ended. */
    CompletableFuture<End> end() {
        return end;
    }

    boolean isOpen() {
        return !end.isDone();
    }

    /** Sends a request and returns at once; the stage ends with the answer, {@code UNAVAILABLE} when the connection does before. */
    CompletableFuture<ObjectValue> ask(long id, String op, ObjectValue content) {
        var answer = new CompletableFuture<ObjectValue>();
        asked.put(id, answer);
        var unused = answer.whenComplete((value, failure) -> asked.remove(id, answer));
        if (end.isDone()) {
            answer.completeExceptionally(lost());
        } else {
            send(op, Value.of(id), content);
        }
        return answer;
    }

    /** Sends a frame, after those before it: the JDK wants one after the other. */
    synchronized void send(String op, Value id, ObjectValue content) {
        var frame = content.with("op", Value.of(op)).with("id", id).toString();
        sent = sent.thenCompose(before -> socket.sendText(frame, true));
        var unused = sent.whenComplete((value, failure) -> {
            if (failure != null) {
                ended(0, "it cannot be written to: " + failure.getMessage());
            }
        });
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        heard = true;
        text.append(part);
        if (last) {
            try {
                frame(Answers.object(json.readJson(text.toString())));
            } catch (TegaException e) {
                from.abort();
                ended(0, "it told what cannot be understood: " + e.getMessage());
            }
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    private void frame(ObjectValue frame) {
        var answer = frame.get("id") instanceof NumberValue number ? asked.get(number.longValue()) : null;
        var op = Answers.text(frame.get("op"));
        if (answer == null || op.equals("message") || op.equals("call")) {
            frames.accept(this, frame);
        } else if (op.equals("error")) {
            answer.completeExceptionally(error(frame));
        } else {
            answer.complete(frame);
        }
    }

    private static TegaException error(ObjectValue frame) {
        var code = frame.get("code") instanceof StringValue text ? text.text() : "";
        return Problems.exception(code, Answers.text(frame.get("detail")));
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
        heard = true;
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
        heard = true;
        from.request(1);
        return null;
    }

    /** Asks for a sign of life, now and then; without one since the last time it is lost, though nobody has said so. */
    private void beat() {
        if (end.isDone()) {
            return;
        }
        if (!heard) {
            socket.abort();
            ended(0, "nothing was heard of the server for " + BEAT.toSeconds() + " s");
            return;
        }
        heard = false;
        var unused =
                socket.sendPing(ByteBuffer.allocate(0)).whenComplete((value, failure) -> beats.execute(this::beat));
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        ended(code, reason.isEmpty() ? "it was closed with " + code : reason);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        ended(0, String.valueOf(error.getMessage()));
    }

    private void ended(int code, String why) {
        if (end.complete(new End(code, why))) {
            asked.values().forEach(answer -> answer.completeExceptionally(lost()));
        }
    }

    /** What whoever needs it is told when it has ended. */
    TegaException.Unavailable lost() {
        var how = end.getNow(new End(0, "not yet"));
        return new TegaException.Unavailable("the session at " + where + " was lost: " + how.why());
    }

    /** Ends it without a good-bye: what the server keeps for this client stays for its TTL. */
    void drop() {
        socket.abort();
        ended(0, "it was given up");
    }

    /** Says good-bye, and waits a little for the server to hear it. */
    void close() {
        try {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
            var unused = end.get(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            drop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            drop();
        }
    }
}
