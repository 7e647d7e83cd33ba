package tega.shell;

/**
 * The text after a command's name, taken word by word. Words are separated by blanks; a part between double quotes keeps its
 * blanks, and a backslash takes the next character as it is. Both stay in the word: paths and YAML have their own use for them.
 */
final class Tail {
    private final String text;
    private int at;

    Tail(String text) {
        this.text = text;
        skipBlanks();
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    /** Whether there are no more words. */
    boolean isEmpty() {
        return at == text.length();
    }

    /** The next word, which stays where it is; empty at the end. */
    String peek() {
        return text.substring(at, end());
    }

    /** Takes the next word; empty at the end. */
    String word() {
        var end = end();
        var word = text.substring(at, end);
        at = end;
        skipBlanks();
        return word;
    }

    private int end() {
        var quoted = false;
        for (var i = at; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && Character.isWhitespace(c)) {
                return i;
            }
        }
        return text.length();
    }

    /** Takes all that is left, as it was typed. */
    String rest() {
        var rest = text.substring(at).stripTrailing();
        at = text.length();
        return rest;
    }

    /** {@code word} without the double or single quotes around it. */
    static String unquoted(String word) {
        if (word.length() >= 2) {
            var first = word.charAt(0);
            if ((first == '"' || first == '\'') && word.charAt(word.length() - 1) == first) {
                return word.substring(1, word.length() - 1);
            }
        }
        return word;
    }
}
