package tega.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;

/**
 * The stay of this client at a server, by WebSocket: ephemeral nodes belong to it. Opened when it is first needed; closing it
 * removes them.
 */
final class RemoteSession implements WebSocket.Listener, AutoCloseable {
    private static final Duration OPENING = Duration.ofSeconds(10);
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<String> acknowledged = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final WebSocket socket;

    private RemoteSession(HttpClient client, URI address, String tegaId, @Nullable String token) {
        var builder = client.newWebSocketBuilder().connectTimeout(OPENING);
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        var url = address.toString().replaceFirst("^http", "ws");
        var target = URI.create((url.endsWith("/") ? url.substring(0, url.length() - 1) : url) + "/_pubsub");
        socket = await(builder.buildAsync(target, this), address);
        await(socket.sendText("SESSION " + tegaId + " local", true), address);
        await(acknowledged, address);
    }

    /** Opens one; {@code UNAVAILABLE} when the server takes none. */
    static RemoteSession open(HttpClient client, URI address, String tegaId, @Nullable String token) {
        return new RemoteSession(client, address, tegaId, token);
    }

    private static <T> T await(CompletionStage<T> stage, URI address) {
        try {
            return stage.toCompletableFuture().get(OPENING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | CompletionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof TegaException told) {
                throw told;
            }
            throw new TegaException.Unavailable("no session can be opened at " + address + ": " + cause, cause);
        } catch (TimeoutException e) {
            throw new TegaException.Unavailable("the server at " + address + " opens no session", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TegaException.Unavailable("opening the session was given up", e);
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            frame(text.toString());
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    private void frame(String frame) {
        if (frame.startsWith("SESSIONACK ")) {
            acknowledged.complete(frame.substring(11));
        } else if (frame.startsWith("ERROR ")) {
            acknowledged.completeExceptionally(new TegaException.Unavailable("the server said: " + frame.substring(6)));
        }
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        lost("it was closed with " + code + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        lost(error.toString());
    }

    private void lost(String why) {
        acknowledged.completeExceptionally(new TegaException.Unavailable("the session was lost: " + why));
        ended.complete(null);
    }

    /** Whether the server still knows it. */
    boolean isOpen() {
        return !ended.isDone();
    }

    @Override
    public void close() {
        try {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
            ended.get(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            socket.abort();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            socket.abort();
        }
    }
}
