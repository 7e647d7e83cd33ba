package tega.plugins.net;

import java.util.List;

/**
 * How an application ended.
 *
 * @param state how
 * @param ops the steps that were gone, and with {@link State#ROLLED_BACK} meant to be gone
 * @param undone the steps back
 * @param command what failed, "" when nothing did
 * @param message why
 */
public record Outcome(State state, List<Op> ops, List<Op> undone, String command, String message) {
    /** What is there now. */
    public enum State {
        /** What was wanted, and it was there before. */
        UNCHANGED,
        /** What was wanted. */
        APPLIED,
        /** What was there before. */
        ROLLED_BACK,
        /** Neither; what is missing is told. */
        FAILED
    }

    /** The lists are copied. */
    public Outcome {
        ops = List.copyOf(ops);
        undone = List.copyOf(undone);
    }

    /** Whether what was wanted is there. */
    public boolean good() {
        return state == State.UNCHANGED || state == State.APPLIED;
    }
}
