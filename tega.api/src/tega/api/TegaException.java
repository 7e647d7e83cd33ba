package tega.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one family of errors. Each carries a stable {@link #code() code} and one sentence for a person: what was wrong,
 * where, and what to do. Callers branch on the type or the code, never on the text.
 */
public abstract sealed class TegaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient @Nullable Path path;

    private TegaException(ErrorCode code, @Nullable Path path, String message, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message), cause);
        this.code = code;
        this.path = path;
    }

    /** The stable code. */
    public final ErrorCode code() {
        return code;
    }

    /** The path the error is about, or null when it is about no single path. */
    public final @Nullable Path path() {
        return path;
    }

    /** The sentence for a person; never null. */
    @Override
    public final String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** {@code CODE: sentence}, the line the shell prints. */
    public final String line() {
        return code + ": " + getMessage();
    }

    /** See {@link ErrorCode#NOT_FOUND}. */
    public static final class NotFound extends TegaException {
        private static final long serialVersionUID = 1L;

        /** About no single path. */
        public NotFound(String message) {
            super(ErrorCode.NOT_FOUND, null, message, null);
        }

        /** About {@code path}. */
        public NotFound(Path path, String message) {
            super(ErrorCode.NOT_FOUND, path, message, null);
        }
    }

    /** See {@link ErrorCode#CONFLICT}. */
    public static final class Conflict extends TegaException {
        private static final long serialVersionUID = 1L;

        /** About {@code path}, or about no single one. */
        public Conflict(@Nullable Path path, String message) {
            super(ErrorCode.CONFLICT, path, message, null);
        }
    }

    /** See {@link ErrorCode#PRECONDITION}. */
    public static final class Precondition extends TegaException {
        private static final long serialVersionUID = 1L;

        /** About {@code path}. */
        public Precondition(Path path, String message) {
            super(ErrorCode.PRECONDITION, path, message, null);
        }
    }

    /** See {@link ErrorCode#INVALID}. */
    public static final class Invalid extends TegaException {
        private static final long serialVersionUID = 1L;

        /** About no single path. */
        public Invalid(String message) {
            super(ErrorCode.INVALID, null, message, null);
        }

        /** About {@code path}. */
        public Invalid(Path path, String message) {
            super(ErrorCode.INVALID, path, message, null);
        }
    }

    /** See {@link ErrorCode#LIMIT}. */
    public static final class LimitExceeded extends TegaException {
        private static final long serialVersionUID = 1L;

        /** About no single path. */
        public LimitExceeded(String message) {
            super(ErrorCode.LIMIT, null, message, null);
        }

        /** About {@code path}. */
        public LimitExceeded(Path path, String message) {
            super(ErrorCode.LIMIT, path, message, null);
        }
    }

    /** See {@link ErrorCode#VETOED}. */
    public static final class Vetoed extends TegaException {
        private static final long serialVersionUID = 1L;

        /** About {@code path}. */
        public Vetoed(Path path, String message) {
            super(ErrorCode.VETOED, path, message, null);
        }
    }

    /** See {@link ErrorCode#UNAUTHENTICATED}. */
    public static final class Unauthenticated extends TegaException {
        private static final long serialVersionUID = 1L;

        /** About no single path. */
        public Unauthenticated(String message) {
            super(ErrorCode.UNAUTHENTICATED, null, message, null);
        }
    }

    /** See {@link ErrorCode#FORBIDDEN}. */
    public static final class Forbidden extends TegaException {
        private static final long serialVersionUID = 1L;

        /** About {@code path}. */
        public Forbidden(Path path, String message) {
            super(ErrorCode.FORBIDDEN, path, message, null);
        }
    }

    /** See {@link ErrorCode#UNAVAILABLE}. */
    public static final class Unavailable extends TegaException {
        private static final long serialVersionUID = 1L;

        /** About no single path. */
        public Unavailable(String message) {
            super(ErrorCode.UNAVAILABLE, null, message, null);
        }

        /** With what caused it. */
        public Unavailable(String message, Throwable cause) {
            super(ErrorCode.UNAVAILABLE, null, message, cause);
        }
    }

    /** See {@link ErrorCode#TIMEOUT}. */
    public static final class Timeout extends TegaException {
        private static final long serialVersionUID = 1L;

        /** About no single path. */
        public Timeout(String message) {
            super(ErrorCode.TIMEOUT, null, message, null);
        }
    }

    /** See {@link ErrorCode#UNKNOWN_OUTCOME}. */
    public static final class UnknownOutcome extends TegaException {
        private static final long serialVersionUID = 1L;

        /** With what caused it. */
        public UnknownOutcome(String message, Throwable cause) {
            super(ErrorCode.UNKNOWN_OUTCOME, null, message, cause);
        }
    }

    /** See {@link ErrorCode#DAMAGED}. */
    public static final class Damaged extends TegaException {
        private static final long serialVersionUID = 1L;

        /** About no single path. */
        public Damaged(String message) {
            super(ErrorCode.DAMAGED, null, message, null);
        }
    }

    /** See {@link ErrorCode#INTERNAL}. */
    public static final class Internal extends TegaException {
        private static final long serialVersionUID = 1L;

        /** With what caused it. */
        public Internal(String message, Throwable cause) {
            super(ErrorCode.INTERNAL, null, message, cause);
        }
    }

    /** See {@link ErrorCode#COMPACTED}. */
    public static final class Compacted extends TegaException {
        private static final long serialVersionUID = 1L;
        private final long oldest;

        /** {@code oldest} is the oldest revision still kept. */
        public Compacted(String message, long oldest) {
            super(ErrorCode.COMPACTED, null, message, null);
            this.oldest = oldest;
        }

        /** The oldest revision still kept. */
        public long oldest() {
            return oldest;
        }
    }

    /** The outcomes of a remote call that are not a result: NO_OWNER, NOT_DELIVERED, CALLEE_FAILED. */
    public static final class CallFailed extends TegaException {
        private static final long serialVersionUID = 1L;

        /** {@code code} is one of NO_OWNER, NOT_DELIVERED, CALLEE_FAILED; {@code path} is the RPC's. */
        public CallFailed(ErrorCode code, Path path, String message) {
            super(code, path, message, null);
            if (code != ErrorCode.NO_OWNER && code != ErrorCode.NOT_DELIVERED && code != ErrorCode.CALLEE_FAILED) {
                throw new IllegalArgumentException(code + " is not an outcome of a call");
            }
        }
    }
}
