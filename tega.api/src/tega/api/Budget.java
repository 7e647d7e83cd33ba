package tega.api;

/** Counts the steps of a match or a search and ends it when there were too many. */
final class Budget {
    private final PathPattern pattern;
    private int left;

    Budget(int steps, PathPattern pattern) {
        this.left = steps;
        this.pattern = pattern;
    }

    void spend() {
        if (--left < 0) {
            throw new TegaException.LimitExceeded(
                    "the pattern '" + pattern + "' takes too many steps to match; make it simpler");
        }
    }
}
