package tega.plugins.openwrt.uci;

/**
 * The words of a UCI text, one line after the other. A quoted piece or a backslash at the end of a line draws in the next one.
 *
 * <p>The router's own reader ends a word by writing over the byte after it. Where that byte is a semicolon and the word had
 * neither quotes nor backslashes, the rest of the line is lost; after other words the semicolon separates two commands. This
 * reader does the same, so that both see the same configuration.
 */
final class UciWords {
    private final String text;
    private int at;
    private int end;
    private int next;
    private int word;

    /** @param text one char for each byte */
    UciWords(String text) {
        this.text = text;
    }

    /** Goes to the next line that nothing has drawn in; false after the last. */
    boolean line() {
        if (next >= text.length()) {
            return false;
        }
        fetch();
        blanks();
        return true;
    }

    private void fetch() {
        at = next;
        var feed = text.indexOf('\n', at);
        end = feed < 0 ? text.length() : feed + 1;
        next = end;
    }

    /** The byte here, 0 at the end of the line. */
    private char here() {
        return at < end ? text.charAt(at) : 0;
    }

    /** What C's isspace says. */
    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private void blanks() {
        while (isSpace(here())) {
            at++;
        }
    }

    /** The keyword here, which only spaces and tabs end; "" at the end of the line or before a comment. */
    String keyword() throws UciError {
        while (here() == ' ' || here() == '\t') {
            at++;
        }
        word = at;
        while (at < end && here() != ' ' && here() != '\t') {
            at++;
        }
        var keyword = text.substring(word, at);
        return keyword.startsWith("#") ? "" : keyword;
    }

    /** Goes past the byte that ended the keyword; nothing may follow a keyword at the very end of the text. */
    void afterKeyword(String keyword) throws UciError {
        if (at >= end) {
            throw error(at, "nothing follows '" + keyword + "'");
        }
        at++;
    }

    /** The next argument of the command, "" when there is none. */
    String argument() throws UciError {
        blanks();
        if (here() == 0) {
            return "";
        }
        word = at;
        if (here() == ';') {
            at++;
            return "";
        }
        var argument = new StringBuilder();
        var plain = true;
        do {
            switch (here()) {
                case '\'', '"' -> {
                    quoted(argument);
                    plain = false;
                }
                case '\\' -> {
                    plain = false;
                    escaped(argument);
                }
                case '#', 0 -> {
                    end = at;
                    return argument.toString();
                }
                case ';' -> {
                    if (plain) {
                        end = at;
                    }
                    return argument.toString();
                }
                default -> argument.append(text.charAt(at++));
            }
        } while (here() != 0 && !isSpace(here()));
        if (here() != 0) {
            at++;
        }
        return argument.toString();
    }

    private void quoted(StringBuilder argument) throws UciError {
        var from = at;
        var quote = here();
        at++;
        while (here() != quote) {
            if (here() == 0) {
                if (next >= text.length()) {
                    at = end;
                    throw error(from, "the quote " + quote + " that begins here is never closed");
                }
                fetch();
            } else if (here() == '\\' && quote == '"') {
                escaped(argument);
            } else {
                argument.append(text.charAt(at++));
            }
        }
        at++;
    }

    /** A backslash takes the byte after it as it is, and the end of a line away. */
    private void escaped(StringBuilder argument) {
        at++;
        if (here() == 0 || here() == '\n' || (here() == '\r' && at + 2 == end && text.charAt(at + 1) == '\n')) {
            fetch();
        } else {
            argument.append(text.charAt(at++));
        }
    }

    /** Complains of the word that was read last. */
    UciError error(String sentence) {
        return error(word, sentence);
    }

    /** Complains of what stands at {@code offset}. */
    UciError error(int offset, String sentence) {
        var line = 1;
        var start = 0;
        for (var feed = text.indexOf('\n'); feed >= 0 && feed < offset; feed = text.indexOf('\n', start)) {
            line++;
            start = feed + 1;
        }
        return new UciError(line, offset - start + 1, sentence);
    }
}
