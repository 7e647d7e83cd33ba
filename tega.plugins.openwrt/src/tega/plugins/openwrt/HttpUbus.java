package tega.plugins.openwrt;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.JsonCodec;

/**
 * The bus over HTTP: JSON-RPC to {@code /ubus}, as uhttpd with uhttpd-mod-ubus serves it. A session that has ended is begun
 * anew once for a call. The router takes 64 KiB of a request; a longer one is not sent.
 */
final class HttpUbus implements Ubus {
    private static final int LONGEST = 60_000;
    private static final String NOBODY = "0".repeat(32);
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final JsonCodec json;
    private final String user;
    private final Supplier<String> password;
    private final HttpClient http;
    private @Nullable URI uri;
    private String session = NOBODY;

    HttpUbus(JsonCodec json, String user, Supplier<String> password, HttpClient http) {
        this.json = json;
        this.user = user;
        this.password = password;
        this.http = http;
    }

    @Override
    public void login(String url) throws IOException {
        try {
            uri = URI.create(url.endsWith("/ubus") ? url : url.replaceAll("/+$", "") + "/ubus");
        } catch (IllegalArgumentException e) {
            throw new TegaException.Invalid("'" + url + "' is no address of a router: http://HOST or https://HOST");
        }
        session = NOBODY;
        var credentials = Value.object("username", Value.of(user), "password", Value.of(password.get()));
        ObjectValue answer;
        try {
            answer = once("session", "login", credentials);
        } catch (Refusal | ConnectException | HttpTimeoutException e) {
            throw e;
        } catch (IOException e) {
            answer = once("session", "login", credentials); // A connection of before it was restarted.
        }
        if (!(answer.get("ubus_rpc_session") instanceof StringValue id)) {
            throw new Refusal(Refusal.DENIED, "the router at " + url + " gave no session");
        }
        session = id.text();
    }

    @Override
    public ObjectValue call(String object, String method, ObjectValue args) throws IOException {
        try {
            return once(object, method, args);
        } catch (Refusal e) {
            if (e.status() != Refusal.DENIED || uri == null) {
                throw e;
            }
            var same = uri.toString();
            login(same);
            return once(object, method, args);
        }
    }

    @Override
    public AutoCloseable listen(String object, Listener listener) throws IOException {
        if (uri == null) {
            throw new IOException("nobody has logged in at the router yet");
        }
        return new EventStream(http, URI.create(uri + "/subscribe/" + object), session, json, listener);
    }

    private ObjectValue once(String object, String method, ObjectValue args) throws IOException {
        if (uri == null) {
            throw new IOException("nobody has logged in at the router yet");
        }
        var body = json.toJson(Value.object(Map.of(
                "jsonrpc", Value.of("2.0"),
                "id", Value.of(1),
                "method", Value.of("call"),
                "params", Value.array(Value.of(session), Value.of(object), Value.of(method), args))));
        if (body.length > LONGEST) {
            throw new IOException(
                    "a request of " + body.length + " bytes is longer than the router takes (" + LONGEST + ")");
        }
        var request = HttpRequest.newBuilder(uri)
                .timeout(DEADLINE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            var response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IOException("the router at " + uri + " answers HTTP " + response.statusCode());
            }
            return result(object + " " + method, response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the router was asked", e);
        }
    }

    private ObjectValue result(String what, byte[] body) throws IOException {
        Value value;
        try {
            value = json.readJson(body);
        } catch (TegaException e) {
            throw new IOException("the router answered no JSON but "
                    + new String(body, 0, Math.min(body.length, 60), StandardCharsets.UTF_8));
        }
        if (value instanceof ObjectValue object && object.get("error") instanceof ObjectValue error) {
            var code = error.get("code") instanceof NumberValue number ? number.longValue() : 0;
            throw new Refusal(code == -32002 ? Refusal.DENIED : Refusal.INVALID, what + ": " + error);
        }
        if (!(value instanceof ObjectValue object)
                || !(object.get("result") instanceof ArrayValue result)
                || result.size() == 0) {
            throw new IOException("the router answered without a result to " + what);
        }
        var status = result.get(0) instanceof NumberValue number ? (int) number.longValue() : Refusal.INVALID;
        if (status != 0) {
            throw new Refusal(status, what + " is refused by the router: " + meaning(status));
        }
        return result.size() > 1 && result.get(1) instanceof ObjectValue data ? data : Value.object();
    }

    private static String meaning(int status) {
        return switch (status) {
            case 1 -> "no such command";
            case Refusal.INVALID -> "an argument is not what it takes";
            case 3 -> "no such method";
            case Refusal.NOT_FOUND -> "there is no such thing";
            case Refusal.NO_DATA -> "there is nothing to do";
            case Refusal.DENIED -> "it may not be done by this user now";
            case 7 -> "it took too long";
            case 8 -> "it is not supported";
            default -> "status " + status;
        };
    }
}
