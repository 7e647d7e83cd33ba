package tega.api;

/** Counts the steps of one match and ends it when there were too many. */
final class Budget {
    private final PathPattern pattern;
    private int left;

    Budget(int steps, PathPattern pattern) {
        this.left = steps;
        this.pattern = pattern;
    }

    void spend() {
        if (--left < 0) {
            throw exceeded();
        }
    }

    TegaException exceeded() {
        return new TegaException.LimitExceeded(
                "the pattern '" + pattern + "' takes too many steps to match; make it simpler");
    }

    /** {@code text}, every look at which costs a step: a backtracking expression looks again and again. */
    CharSequence watch(String text) {
        return new Watched(text);
    }

    private final class Watched implements CharSequence {
        private final String text;

        Watched(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            spend();
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
