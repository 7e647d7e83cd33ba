package tega.shell;

import org.jspecify.annotations.Nullable;

/** Where lines come from: a person at a terminal, a pipe, a script. */
interface Lines {
    /** What is thrown when a person gives up the line they are typing (Ctrl-C). */
    final class GivenUp extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean empty;

        /** {@code empty} when nothing had been typed. */
        GivenUp(boolean empty) {
            super("the line was given up", null, false, false);
            this.empty = empty;
        }

        /** Whether nothing had been typed. */
        boolean empty() {
            return empty;
        }
    }

    /** The next command, or null when there are no more. */
    @Nullable
    String command(String prompt) throws GivenUp;

    /** The next line of a value, or null when there are no more. */
    @Nullable
    String value() throws GivenUp;

    /** No lines at all: for a command that comes alone. */
    Lines NONE = new Lines() {
        @Override
        public @Nullable String command(String prompt) {
            return null;
        }

        @Override
        public @Nullable String value() {
            return null;
        }
    };
}
