package tega.client;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tega.api.ErrorCode;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.spi.JsonCodec;

/** A server's problem documents (RFC 9457) as the exceptions they were there. */
final class Problems {
    private Problems() {}

    /** The exception; {@code UNAVAILABLE} when the answer is not one of tega's. */
    static TegaException of(int status, byte[] body, JsonCodec json, URI address) {
        try {
            if (json.readJson(body) instanceof ObjectValue document
                    && document.get("code") instanceof StringValue code
                    && document.get("detail") instanceof StringValue detail) {
                return exception(ErrorCode.valueOf(code.text()), detail.text(), path(document), oldest(document));
            }
        } catch (TegaException | IllegalArgumentException e) {
            // no document of tega's
        }
        var text = new String(body, StandardCharsets.UTF_8).strip();
        return new TegaException.Unavailable(
                "what answers at " + address + " is no tega server, or one behind a proxy: status " + status
                        + (text.isEmpty() ? "" : ", " + text.lines().findFirst().orElse("")));
    }

    /** What refused a WebSocket, as an exception. */
    static TegaException of(HttpResponse<?> refusal, JsonCodec json, URI address) {
        var body = refusal.body() instanceof String text ? text : "";
        return of(refusal.statusCode(), body.getBytes(StandardCharsets.UTF_8), json, address);
    }

    /** There is no TLS between the two: {@code UNAVAILABLE}, with what may be the matter. */
    static TegaException untrusted(URI address, SSLException cause) {
        return new TegaException.Unavailable(
                "no TLS with " + address + " ("
                        + String.valueOf(cause.getMessage()).replaceAll("\\s+", " ")
                        + "): does it speak TLS, is the certificate for this name, and is its authority believed (--cacert)?",
                cause);
    }

    /** The exception of this code; {@code UNAVAILABLE} when there is no such code. */
    static TegaException exception(String code, String detail) {
        try {
            return exception(ErrorCode.valueOf(code), detail, null, 0);
        } catch (IllegalArgumentException e) {
            return new TegaException.Unavailable(detail);
        }
    }

    private static @Nullable Path path(ObjectValue document) {
        var path = document.get("path");
        return path == null ? null : Path.from(path);
    }

    private static long oldest(ObjectValue document) {
        return document.get("oldest") instanceof NumberValue oldest ? oldest.longValue() : 0;
    }

    private static TegaException exception(ErrorCode code, String detail, @Nullable Path path, long oldest) {
        return switch (code) {
            case NOT_FOUND ->
                path == null ? new TegaException.NotFound(detail) : new TegaException.NotFound(path, detail);
            case CONFLICT -> new TegaException.Conflict(path, detail);
            case PRECONDITION -> new TegaException.Precondition(orTop(path), detail);
            case INVALID -> path == null ? new TegaException.Invalid(detail) : new TegaException.Invalid(path, detail);
            case LIMIT ->
                path == null ? new TegaException.LimitExceeded(detail) : new TegaException.LimitExceeded(path, detail);
            case VETOED -> new TegaException.Vetoed(orTop(path), detail);
            case UNAUTHENTICATED -> new TegaException.Unauthenticated(detail);
            case FORBIDDEN -> new TegaException.Forbidden(orTop(path), detail);
            case UNAVAILABLE -> new TegaException.Unavailable(detail);
            case COMPACTED -> new TegaException.Compacted(detail, oldest);
            case TIMEOUT -> new TegaException.Timeout(detail);
            case NO_OWNER, NOT_DELIVERED, CALLEE_FAILED -> new TegaException.CallFailed(code, orTop(path), detail);
            case UNKNOWN_OUTCOME -> new TegaException.UnknownOutcome(detail, atTheServer(detail));
            case DAMAGED -> new TegaException.Damaged(detail);
            case INTERNAL -> new TegaException.Internal(detail, atTheServer(detail));
        };
    }

    private static Path orTop(@Nullable Path path) {
        return path == null ? Path.EMPTY : path;
    }

    /** The cause is on another machine; this stands for it. */
    private static Throwable atTheServer(String detail) {
        return new IllegalStateException("at the server: " + detail);
    }
}
