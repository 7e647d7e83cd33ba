package tega.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.WatchRequest;
import tega.api.spi.JsonCodec;

/**
 * Requests to one server, one after the other or at once. A failure is what the server says, as the same exception it was
 * there; {@code UNAVAILABLE} when the server was not reached; {@code UNKNOWN_OUTCOME} when the connection was lost after a
 * request that changes something was sent. Nothing is repeated.
 */
final class Rest {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(35);

    private final URI address;
    private final String base;
    private final String tegaId;
    private final @Nullable String token;
    private final @Nullable SSLContext tls;
    private final JsonCodec json;
    private final Workers workers = new Workers();
    private final RemoteSession session;
    private final Set<RemoteWatch> watches = ConcurrentHashMap.newKeySet();
    private @Nullable HttpClient client;

    Rest(URI address, String tegaId, @Nullable String token, @Nullable SSLContext tls, Duration ttl, JsonCodec json) {
        this.address = address;
        var text = address.toString();
        this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        this.tegaId = tegaId;
        this.token = token;
        this.tls = tls;
        this.json = json;
        this.session = new RemoteSession(this, tegaId, ttl, workers);
    }

    /** Where the server is. */
    URI address() {
        return address;
    }

    /** Made when first needed: it costs as much as all the rest of a start. */
    private synchronized HttpClient client() {
        if (client == null) {
            var builder =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
            if (tls != null) {
                builder.sslContext(tls);
            }
            client = builder.build();
        }
        return client;
    }

    /** A request for {@code target}: a path in the tree in its URL form, or one of the server's own. */
    Ask ask(String method, String target) {
        return new Ask(method, target);
    }

    /** A connection by WebSocket; {@code frames} is told what comes by it that answers nothing. */
    Connection connection(BiConsumer<Connection, ObjectValue> frames) {
        return Connection.open(client(), base, token, json, workers, frames);
    }

    /** What refused a WebSocket. */
    TegaException problem(HttpResponse<?> refusal) {
        return Problems.of(refusal, json, address);
    }

    /** What comes of {@code stage}, or {@code UNAVAILABLE} when that takes too long. */
    <T> T await(CompletableFuture<T> stage) {
        return Connection.await(stage, base);
    }

    /** The session that ephemeral nodes, subscriptions and answering calls need. */
    RemoteSession session() {
        return session;
    }

    /** Begins a watch that goes on where it was when its connection is lost, until it is closed. */
    RemoteWatch watch(WatchRequest request) {
        var watch = new RemoteWatch(this, workers, json, request, tegaId);
        watch.begin();
        watches.add(watch);
        return watch;
    }

    /** The watch was closed. */
    void forget(RemoteWatch watch) {
        watches.remove(watch);
    }

    /** Ends the session and all watches. */
    void leave() {
        watches.forEach(RemoteWatch::close);
        session.close();
        workers.close();
    }

    /** What a server answered: its body (null when empty), the revision it speaks of (-1 when it does not say), the node's tag and owner. */
    record Told(
            @Nullable Value value,
            long revision,
            @Nullable String tag,
            @Nullable String owner) {}

    /** An answer that goes on, or a problem. */
    private static final class Stream {
        private final Flow.@Nullable Publisher<List<ByteBuffer>> events;
        private final byte @Nullable [] problem;

        Stream(Flow.Publisher<List<ByteBuffer>> events) {
            this.events = events;
            this.problem = null;
        }

        Stream(byte[] problem) {
            this.events = null;
            this.problem = problem;
        }

        Flow.@Nullable Publisher<List<ByteBuffer>> events() {
            return events;
        }

        byte @Nullable [] problem() {
            return problem;
        }
    }

    /** A request being put together. */
    final class Ask {
        private final String method;
        private final String target;
        private final Map<String, String> query = new LinkedHashMap<>();
        private final Map<String, String> headers = new LinkedHashMap<>();
        private byte @Nullable [] body;
        private Duration patience = ANSWER;

        private Ask(String method, String target) {
            this.method = method;
            this.target = target;
            query.put("tega_id", tegaId);
        }

        /** Adds a parameter. */
        Ask with(String name, Object value) {
            query.put(name, String.valueOf(value));
            return this;
        }

        /** Waits so long for the answer, instead of a little longer than any call takes. */
        Ask within(Duration time) {
            patience = time;
            return this;
        }

        /** Adds a header; what is not ASCII is percent-encoded. */
        Ask header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        /** Sets the body. */
        Ask body(Value value, String type) {
            body = json.toJson(value);
            headers.put("Content-Type", type);
            return this;
        }

        /** Sets the body. */
        Ask body(Value value) {
            return body(value, "application/json");
        }

        /** Sends it; the answer's value. */
        Value value() {
            return Answers.present(tell().value());
        }

        /** Sends it; the answer's object. */
        ObjectValue object() {
            return Answers.object(value());
        }

        /** Sends it; the answer's array. */
        ArrayValue array() {
            return Answers.array(value());
        }

        /** Sends it. */
        Told tell() {
            return told(send(request(true), BodyHandlers.ofByteArray()));
        }

        private Told told(HttpResponse<byte[]> response) {
            if (response.statusCode() >= 300) {
                throw Problems.of(response.statusCode(), response.body(), json, address);
            }
            return new Told(
                    response.body().length == 0 ? null : json.readJson(response.body()),
                    response.headers().firstValueAsLong("Tega-Revision").orElse(-1),
                    response.headers().firstValue("ETag").orElse(null),
                    response.headers()
                            .firstValue("Tega-Owner")
                            .map(owner -> URLDecoder.decode(owner, StandardCharsets.UTF_8))
                            .orElse(null));
        }

        /** Sends it without waiting; the answer's value. Cancelling it frees whoever waits, and no more. */
        CompletableFuture<Told> later() {
            return client().sendAsync(request(true), BodyHandlers.ofByteArray()).handle((response, failure) -> {
                if (failure != null) {
                    throw failed(failure instanceof CompletionException wrapped ? wrapped.getCause() : failure);
                }
                return told(response);
            });
        }

        /** Sends it and has {@code feed} told the stream that answers; the revision it begins at. */
        long events(Flow.Subscriber<List<ByteBuffer>> feed) {
            var response = send(
                    request(false),
                    head -> head.statusCode() == 200
                            ? BodySubscribers.mapping(BodySubscribers.ofPublisher(), Stream::new)
                            : BodySubscribers.mapping(BodySubscribers.ofByteArray(), Stream::new));
            var stream = response.body();
            if (stream.events() == null) {
                throw Problems.of(response.statusCode(), Objects.requireNonNull(stream.problem()), json, address);
            }
            stream.events().subscribe(feed);
            return response.headers().firstValueAsLong("Tega-Revision").orElse(0);
        }

        private HttpRequest request(boolean ends) {
            var request = HttpRequest.newBuilder(uri());
            if (ends) {
                request.timeout(patience);
            }
            headers.forEach(request::header);
            if (token != null) {
                request.header("Authorization", "Bearer " + token);
            }
            return request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                    .build();
        }

        private URI uri() {
            var uri = new StringBuilder(base).append(target);
            var separator = '?';
            for (var parameter : query.entrySet()) {
                uri.append(separator)
                        .append(parameter.getKey())
                        .append('=')
                        .append(URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8));
                separator = '&';
            }
            return URI.create(uri.toString());
        }

        private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
            try {
                return client().send(request, handler);
            } catch (IOException e) {
                throw failed(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw lost("was not waited for", e);
            }
        }

        /** Whether it happened before anything was sent. */
        private static boolean handshake(SSLException e) {
            return e instanceof SSLHandshakeException
                    || "Unsupported or unrecognized SSL message".equals(e.getMessage());
        }

        private TegaException failed(@Nullable Throwable failure) {
            if (failure instanceof ConnectException
                    || failure instanceof HttpConnectTimeoutException
                    || failure instanceof UnresolvedAddressException) {
                return new TegaException.Unavailable(
                        "no server answers at " + address + "; is it running there, and is that its port?", failure);
            }
            if (failure instanceof HttpTimeoutException) {
                return lost("did not answer within " + patience.toSeconds() + " s", failure);
            }
            if (failure instanceof SSLException e && handshake(e)) {
                return Problems.untrusted(address, e);
            }
            var why = failure == null ? "" : " (" + failure.getMessage() + ")";
            return lost("broke the connection" + why, Objects.requireNonNullElse(failure, new IOException()));
        }

        private TegaException lost(String what, Throwable cause) {
            if (method.equals("GET")) {
                return new TegaException.Unavailable("the server at " + address + " " + what, cause);
            }
            return new TegaException.UnknownOutcome(
                    "the server at " + address + " " + what + "; whether the change happened is not known", cause);
        }
    }

    /** A path as the URL of a request; {@code INVALID} when REST cannot name it. */
    static String url(Path path) {
        if (!path.isEmpty() && path.root().startsWith("_")) {
            throw new TegaException.Invalid(path, "a root may not begin with an underscore: '" + path.root() + "'");
        }
        return path.toUrl();
    }
}
