package tega.transport.http;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import tega.api.ErrorCode;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;

/** The one place where errors become HTTP: a problem document (RFC 9457) with the stable code, and v1's status. */
final class Problem {
    private Problem() {}

    /** The status of a code, unless the table of the request says otherwise. */
    static int status(ErrorCode code) {
        return switch (code) {
            case NOT_FOUND, NO_OWNER -> 404;
            case CONFLICT -> 409;
            case PRECONDITION -> 412;
            case INVALID -> 400;
            case LIMIT -> 413;
            case VETOED -> 422;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case UNAVAILABLE -> 503;
            case COMPACTED -> 410;
            case TIMEOUT -> 504;
            case NOT_DELIVERED, CALLEE_FAILED -> 502;
            case UNKNOWN_OUTCOME, DAMAGED, INTERNAL -> 500;
        };
    }

    static Answer of(Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return of(failure.getCause());
        }
        if (failure instanceof Refusal refusal) {
            return refusal.answer();
        }
        return failure instanceof TegaException error ? of(error, status(error.code())) : of(unexpected(failure), 500);
    }

    static Answer of(TegaException error, int status) {
        var document = document(status, error.code(), error.path(), error.getMessage());
        if (error instanceof TegaException.Compacted compacted) {
            document = document.with("oldest", Value.of(compacted.oldest()));
        }
        return answer(status, document);
    }

    static Answer answer(int status, ErrorCode code, @Nullable Path path, String detail) {
        return answer(status, document(status, code, path, detail));
    }

    private static Answer answer(int status, ObjectValue document) {
        var answer = new Answer(status, Answer.PROBLEM, document.toString().getBytes(StandardCharsets.UTF_8));
        return switch (status) {
            case 401 -> answer.with(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"tega\"");
            case 503 -> answer.with(HttpHeader.RETRY_AFTER, "1");
            default -> answer;
        };
    }

    private static ObjectValue document(int status, ErrorCode code, @Nullable Path path, String detail) {
        var document = ObjectValue.builder()
                .put("type", Value.of("about:blank"))
                .put("title", Value.of(HttpStatus.getMessage(status)))
                .put("status", Value.of(status))
                .put("code", Value.of(code.name()))
                .put("detail", Value.of(detail));
        if (path != null) {
            document.put("path", path.toValue());
        }
        return document.build();
    }

    /** A defect: told to the log in full, to the client in a sentence. */
    static TegaException unexpected(Throwable failure) {
        if (failure instanceof TegaException known) {
            return known;
        }
        System.getLogger("tega.transport.http").log(System.Logger.Level.ERROR, "unexpected failure", failure);
        return new TegaException.Internal(
                "tega failed unexpectedly (" + failure + "); the log of the server tells more", failure);
    }
}
