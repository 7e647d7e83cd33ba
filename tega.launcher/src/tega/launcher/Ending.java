package tega.launcher;

import java.util.concurrent.atomic.AtomicInteger;

/** How the process will end: with 0, unless something was told to be wrong. The first one told is the one shown. */
final class Ending {
    /** A system property by which a run of shell commands tells that one of them failed. */
    private static final String COMMANDS = "tega.exit";

    private final AtomicInteger code = new AtomicInteger();

    /** One line on stderr and, in the end, code 1; what follows from the first fault is not told. */
    void fail(String line) {
        if (code.compareAndSet(0, 1)) {
            System.err.println("tega: " + line.strip().replaceAll("\\s*[\\r\\n]+\\s*", " "));
        }
    }

    int code() {
        return code.get() == 0 ? Integer.getInteger(COMMANDS, 0) : code.get();
    }
}
