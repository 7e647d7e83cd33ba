package tega.sync;

import org.jspecify.annotations.Nullable;
import tega.api.ErrorCode;
import tega.api.Path;
import tega.api.TegaException;

/** Errors on their way between servers: the code, the sentence and the path; they are at the other end what they were. */
final class Errors {
    private Errors() {}

    /** Adds an error to a frame. */
    static Frame into(Frame frame, Throwable failure) {
        var error = cause(failure);
        var with = frame.with("code", error.code().name()).with("detail", error.getMessage());
        var path = error.path();
        return path == null ? with : with.with("path", path.toValue());
    }

    /** What is wrong, taken out of what it is wrapped in. */
    static TegaException cause(Throwable failure) {
        var cause = failure instanceof TegaException || failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof TegaException known
                ? known
                : new TegaException.Internal("it failed: " + cause.getMessage(), cause);
    }

    /** The error that a frame tells of. */
    static TegaException of(String code, Frame frame) {
        var told = frame.head().get("path");
        var path = told == null ? null : Path.from(told);
        var detail = frame.textOrNull("detail");
        return of(ErrorCode.valueOf(code), path, detail == null ? code : detail);
    }

    static TegaException of(ErrorCode code, @Nullable Path path, String detail) {
        var where = path == null ? Path.EMPTY : path;
        return switch (code) {
            case NOT_FOUND -> new TegaException.NotFound(where, detail);
            case CONFLICT -> new TegaException.Conflict(path, detail);
            case PRECONDITION -> new TegaException.Precondition(where, detail);
            case INVALID -> new TegaException.Invalid(where, detail);
            case LIMIT -> new TegaException.LimitExceeded(detail);
            case VETOED -> new TegaException.Vetoed(where, detail);
            case UNAUTHENTICATED -> new TegaException.Unauthenticated(detail);
            case FORBIDDEN -> new TegaException.Forbidden(where, detail);
            case UNAVAILABLE, COMPACTED -> new TegaException.Unavailable(detail);
            case TIMEOUT -> new TegaException.Timeout(detail);
            case NO_OWNER, NOT_DELIVERED, CALLEE_FAILED -> new TegaException.CallFailed(code, where, detail);
            case UNKNOWN_OUTCOME -> new TegaException.UnknownOutcome(detail, new IllegalStateException(detail));
            case DAMAGED -> new TegaException.Damaged(detail);
            case INTERNAL -> new TegaException.Internal(detail, new IllegalStateException(detail));
        };
    }
}
