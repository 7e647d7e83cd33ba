package tega.shell;

/**
 * What answers are written on.
 *
 * @param terminal whether a person sees it: then answers are set apart by an empty line, as v1 did
 * @param colour whether colours may be used
 * @param width the columns there are
 */
record Screen(boolean terminal, boolean colour, int width) {
    /** A file, a pipe, or another program. */
    static final Screen PLAIN = new Screen(false, false, 100);

    /** {@code text} in red: something is wrong or gone. */
    String red(String text) {
        return paint("31", text);
    }

    /** {@code text} in green: something is new or well. */
    String green(String text) {
        return paint("32", text);
    }

    /** {@code text} in bold: a heading. */
    String bold(String text) {
        return paint("1", text);
    }

    private String paint(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
