package tega.shell;

/**
 * What answers are written on.
 *
 * @param terminal whether a person sees it: then answers are set apart by an empty line, as v1 did
 * @param colour whether colours may be used
 * @param live whether what was written can be written over
 * @param width the columns there are
 * @param height the lines there are; 0: as many as are wanted
 */
record Screen(boolean terminal, boolean colour, boolean live, int width, int height) {
    /** A file, a pipe, or another program. */
    static final Screen PLAIN = new Screen(false, false, 100);

    /** One without an end, on which nothing can be written over. */
    Screen(boolean terminal, boolean colour, int width) {
        this(terminal, colour, false, width, 0);
    }

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
