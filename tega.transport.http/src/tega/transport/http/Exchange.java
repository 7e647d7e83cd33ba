package tega.transport.http;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import tega.api.Extent;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Action;

/** One request, read whole, with who is asking. */
final class Exchange {
    private final Request request;
    private final String target;
    private final Query query;
    private final byte[] body;
    private final Caller caller;
    private final Identity identity;
    private final Parts parts;
    private final Clients clients;

    Exchange(Request request, String target, Query query, byte[] body, Caller caller, Parts parts, Clients clients) {
        this.request = request;
        this.caller = caller;
        this.target = target;
        this.query = query;
        this.body = body;
        this.parts = parts;
        this.clients = clients;
        this.identity = query.text("tega_id").map(caller::identity).orElseGet(caller::identity);
    }

    Query query() {
        return query;
    }

    Parts parts() {
        return parts;
    }

    Caller caller() {
        return caller;
    }

    /** {@code FORBIDDEN} unless the caller may tend the server. */
    void requireAdmin() {
        parts.authorizer().require(identity, Action.ADMIN, Path.EMPTY);
    }

    /** {@code FORBIDDEN} unless the caller may read something, whatever it is. */
    void requireReader() {
        requireReader(Path.EMPTY);
    }

    /** {@code FORBIDDEN} unless the caller may read something at or below {@code path}. */
    void requireReader(Path path) {
        if (parts.authorizer().extent(identity, Action.READ, path) == Extent.NONE) {
            parts.authorizer().require(identity, Action.READ, path);
        }
    }

    Identity identity() {
        return identity;
    }

    /** The path of the URL as it was sent. */
    String target() {
        return target;
    }

    /** The path in the tree that the URL names. */
    Path path() {
        return Path.fromUrl(target);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    /** The database as the caller may use it: that of its session, when it is connected. */
    Tega tega() {
        return clients.tega(identity);
    }

    /** For what is ephemeral. */
    void requireConnected(Path path) {
        clients.requireConnected(identity, path);
    }

    boolean hasBody() {
        return body.length > 0;
    }

    byte[] body() {
        return body;
    }

    /** The body as a value: JSON, unless it says that it is YAML. */
    Value value() {
        if (body.length == 0) {
            throw new TegaException.Invalid("the body is empty; it must be one JSON value");
        }
        return isYaml(mediaType())
                ? parts.json().readYaml(utf8(body))
                : parts.json().readJson(body);
    }

    private static String utf8(byte[] text) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(text))
                    .toString();
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new TegaException.Invalid("the body is not UTF-8");
        }
    }

    /** The media type of the body without its parameters, in lower case; empty when it has none. */
    String mediaType() {
        var type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (type == null) {
            return "";
        }
        var semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(java.util.Locale.ROOT);
    }

    private static boolean isYaml(String type) {
        return type.equals("application/yaml") || type.equals("application/x-yaml") || type.equals("text/yaml");
    }

    /** Whether the client asks for YAML before JSON. */
    boolean wantsYaml() {
        var accept = request.getHeaders().get(HttpHeader.ACCEPT);
        if (accept == null || !accept.contains("yaml")) {
            return false;
        }
        for (var range : accept.split(",", -1)) {
            var type = range.split(";", -1)[0].strip().toLowerCase(java.util.Locale.ROOT);
            if (isYaml(type)) {
                return true;
            }
            if (type.equals("application/json") || type.equals("*/*") || type.equals("application/*")) {
                return false;
            }
        }
        return false;
    }

    /** A value in the form the client wants. */
    Answer show(Value value) {
        return wantsYaml()
                ? new Answer(200, Answer.YAML, parts.json().toYaml(value).getBytes(StandardCharsets.UTF_8))
                : Answer.json(parts.json().toJson(value));
    }
}
