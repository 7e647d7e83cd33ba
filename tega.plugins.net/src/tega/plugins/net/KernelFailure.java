package tega.plugins.net;

import java.io.IOException;

/** A step that the machine refused, or a look at the machine that failed. */
public final class KernelFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final String command;

    KernelFailure(String command, String message) {
        super(message);
        this.command = command;
    }

    /** What was refused, for people: where and what. */
    public String command() {
        return command;
    }
}
