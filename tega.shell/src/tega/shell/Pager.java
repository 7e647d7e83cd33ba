package tega.shell;

import java.util.function.IntSupplier;

/** Stops when the screen is full, and goes on when the person says so: for one answer at a time. */
final class Pager implements Surface {
    private static final String MORE = "-- more (space: a page, enter: a line, q: enough) --";

    /** Where keys come from. */
    @FunctionalInterface
    interface Keys {
        /** The next key, or -1 when there are no more or the person gave up. */
        int read();
    }

    private final Surface under;
    private final Keys keys;
    private final IntSupplier width;
    private final IntSupplier height;
    private int left;
    private boolean enough;

    /** Of a screen {@code width} columns wide and {@code height} lines high, at that moment. */
    Pager(Surface under, Keys keys, IntSupplier width, IntSupplier height) {
        this.under = under;
        this.keys = keys;
        this.width = width;
        this.height = height;
        begin();
    }

    /** A new answer begins. */
    void begin() {
        left = height.getAsInt() - 1;
        enough = false;
    }

    @Override
    public void line(String text) {
        text.lines().forEach(this::one);
        if (text.isEmpty()) {
            one(text);
        }
    }

    private void one(String line) {
        var columns = Math.max(1, width.getAsInt());
        var rows = Math.max(1, (line.length() + columns - 1) / columns);
        if (!enough && height.getAsInt() > 1 && left < rows) {
            ask(rows);
        }
        if (!enough) {
            left -= rows;
            under.line(line);
        }
    }

    private void ask(int rows) {
        under.sketch(MORE);
        var key = keys.read();
        under.sketch("");
        switch (key) {
            case -1, 'q', 'Q', 3, 4 -> enough = true;
            case '\r', '\n', 'j' -> left = rows;
            default -> left = Math.max(rows, height.getAsInt() - 1);
        }
    }

    @Override
    public void sketch(String text) {
        under.sketch(text);
    }

    @Override
    public Surface live() {
        return under;
    }
}
