package tega.plugins.openwrt.uci;

/** A text that is not UCI, and where. */
public final class UciError extends Exception {
    private static final long serialVersionUID = 1;

    private final int line;
    private final int column;

    UciError(int line, int column, String sentence) {
        super(sentence);
        this.line = line;
        this.column = column;
    }

    /** The line, from 1. */
    public int line() {
        return line;
    }

    /** The byte in the line, from 1. */
    public int column() {
        return column;
    }

    /** The place and what is wrong there. */
    public String sentence() {
        return "line " + line + ", column " + column + ": " + getMessage();
    }
}
