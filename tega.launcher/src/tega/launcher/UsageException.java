package tega.launcher;

/** The command line cannot be understood; the message is the one line for the person who typed it. */
final class UsageException extends Exception {
    UsageException(String message) {
        super(message);
    }
}
