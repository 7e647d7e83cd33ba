package tega.log;

/** Revisions in names of files: nineteen digits, so that names sort as revisions do. */
final class Digits {
    private static final int COUNT = 19;

    private Digits() {}

    static String of(long revision) {
        var digits = Long.toString(revision);
        return "0".repeat(COUNT - digits.length()) + digits;
    }

    /** The revision, or -1 when these are not nineteen digits. */
    static long parse(String digits) {
        if (digits.length() != COUNT) {
            return -1;
        }
        for (var i = 0; i < COUNT; i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return -1;
            }
        }
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
