package tega.launcher;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;

/** The server cannot start; the message is the one line that says what stands in the way. */
final class StartException extends Exception {
    StartException(String message) {
        super(message);
    }

    StartException(String what, Exception cause) {
        super(what + ": " + reason(cause), cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** What a file system exception says in words, not in its class name. */
    private static String reason(Exception cause) {
        if (cause instanceof FileAlreadyExistsException) {
            return "a file of that name is in the way";
        }
        String reason = cause instanceof FileSystemException problem ? problem.getReason() : cause.getMessage();
        if (reason != null) {
            return reason;
        }
        return cause.getClass().getSimpleName().replace("Exception", "");
    }
}
