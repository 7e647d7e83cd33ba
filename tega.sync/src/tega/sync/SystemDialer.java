package tega.sync;

import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tega.api.spi.Peers;
import tega.api.spi.Wire;

/** Reaches the server above by WebSocket, through an HTTP proxy (CONNECT, RFC 9110) where there is one. */
public final class SystemDialer implements Wire.Dialer {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final long MOST_WAITING = 64L << 20;

    /** The largest commit and what is around it. */
    private static final int LONGEST = 24 << 20;

    private final URI address;
    private final Supplier<@Nullable String> token;
    private final HttpClient client;

    /**
     * For the server at {@code address} ({@code ws} or {@code wss}); {@code token} is asked before each connection.
     *
     * @param tls null: what Java trusts
     * @param proxy null: that of the system properties {@code http.proxyHost} and {@code https.proxyHost}, if any
     */
    public SystemDialer(
            URI address,
            Supplier<@Nullable String> token,
            @Nullable SSLContext tls,
            @Nullable InetSocketAddress proxy,
            Executor executor) {
        this.address = address;
        this.token = token;
        var builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .executor(executor)
                .proxy(proxy == null ? ProxySelector.getDefault() : ProxySelector.of(proxy));
        this.client = (tls == null ? builder : builder.sslContext(tls)).build();
    }

    @Override
    public void dial(Wire.Listener listener) {
        var request = client.newWebSocketBuilder().subprotocols(Peers.PROTOCOL).connectTimeout(CONNECT);
        var shown = token.get();
        if (shown != null) {
            request.header("Authorization", "Bearer " + shown);
        }
        var line = new Line(listener);
        Stages.then(request.buildAsync(address.resolve("/_pubsub"), line), (socket, failure) -> {
            if (failure != null) {
                line.end(reason(failure));
            } else if (socket != null && !Peers.PROTOCOL.equals(socket.getSubprotocol())) {
                socket.abort();
                line.end("the server at " + address + " does not speak " + Peers.PROTOCOL);
            }
        });
    }

    private String reason(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return "no server answers at " + address + " (" + cause + ")";
    }

    /** One connection. */
    private static final class Line implements Wire, WebSocket.Listener {
        private final Wire.Listener listener;
        private final StringBuilder arriving = new StringBuilder();
        private final ArrayDeque<String> waiting = new ArrayDeque<>();
        private @Nullable WebSocket socket;
        private boolean sending;
        private boolean ended;
        private long chars;

        Line(Wire.Listener listener) {
            this.listener = listener;
        }

        @Override
        public void onOpen(WebSocket opened) {
            synchronized (this) {
                socket = opened;
            }
            listener.opened(this);
            opened.request(1);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            if (arriving.length() + data.length() > LONGEST) {
                end("the other server sends a frame of more than " + LONGEST + " characters");
                return null;
            }
            arriving.append(data);
            if (last) {
                var frame = arriving.toString();
                arriving.setLength(0);
                if (arriving.capacity() > 1 << 20) {
                    arriving.trimToSize();
                }
                listener.received(frame);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            end("the other server ended the connection (" + code + " " + reason + ")");
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            end("the connection was lost (" + error + ")");
        }

        @Override
        public void send(String frame) {
            synchronized (this) {
                if (ended) {
                    return;
                }
                waiting.add(frame);
                chars += frame.length();
                if (chars <= MOST_WAITING) {
                    if (sending) {
                        return;
                    }
                    sending = true;
                }
            }
            if (isOverfull()) {
                end("the other server takes nothing of what is sent");
            } else {
                next();
            }
        }

        private synchronized boolean isOverfull() {
            return chars > MOST_WAITING;
        }

        /** The socket takes one text at a time. */
        private void next() {
            WebSocket to;
            String frame;
            synchronized (this) {
                frame = waiting.poll();
                to = socket;
                if (frame == null || to == null || ended) {
                    sending = false;
                    return;
                }
                chars -= frame.length();
            }
            Stages.then(to.sendText(frame, true), (same, failure) -> {
                if (failure != null) {
                    end("the connection was lost (" + failure + ")");
                } else {
                    next();
                }
            });
        }

        @Override
        public void close(String reason) {
            end(reason);
        }

        /** The other side sees the connection end; whether it takes a farewell is not waited for. */
        private void end(String reason) {
            WebSocket from;
            synchronized (this) {
                if (ended) {
                    return;
                }
                ended = true;
                waiting.clear();
                from = socket;
            }
            if (from != null) {
                from.abort();
            }
            listener.closed(reason);
        }
    }
}
