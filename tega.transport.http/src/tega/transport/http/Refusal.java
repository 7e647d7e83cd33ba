package tega.transport.http;

import tega.api.ErrorCode;

/** An error that only HTTP knows: wrong method, wrong media type, too many. Never leaves this bundle. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final ErrorCode code;
    private final String header;
    private final String value;

    /** {@code header} may be empty. */
    Refusal(int status, ErrorCode code, String message, String header, String value) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.header = header;
        this.value = value;
    }

    Refusal(int status, ErrorCode code, String message) {
        this(status, code, message, "", "");
    }

    Answer answer() {
        var answer = Problem.answer(status, code, null, String.valueOf(getMessage()));
        return header.isEmpty() ? answer : answer.with(header, value);
    }
}
