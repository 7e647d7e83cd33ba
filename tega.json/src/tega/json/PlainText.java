package tega.json;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which strings stand in YAML without quotes, as a value and as a name, in block and in flow style. Fewer than could: also what
 * a reader of another schema or of YAML 1.1 takes for a number, a date or a truth is quoted.
 */
final class PlainText {
    private static final Set<String> WORDS = Set.of("null", "true", "false", "yes", "no", "on", "off");
    private static final Pattern NUMBER_OR_DATE =
            Pattern.compile("[0-9][0-9_.,:+\\-eETtZz ]*|0[xX][0-9a-fA-F_]*|0[oObB][0-7_]*");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final String FIRST = "_/$";
    private static final String INSIDE = "_-./+@=$%()~^&*!;<>|\\?'\"`#: ";

    private PlainText() {}

    static boolean is(String text) {
        if (text.isEmpty() || !hasPlainCharacters(text) || WORDS.contains(text.toLowerCase(Locale.ROOT))) {
            return false;
        }
        return !NUMBER_OR_DATE.matcher(text).matches() || ADDRESS.matcher(text).matches();
    }

    private static boolean hasPlainCharacters(String text) {
        var previous = '\0';
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (!isWord(c) && (i == 0 ? FIRST : INSIDE).indexOf(c) < 0) {
                return false;
            }
            // A blank ends the text after a colon and before a hash; two in a row are hard to see.
            if ((previous == ' ' && (c == ' ' || c == '#')) || (previous == ':' && c == ' ')) {
                return false;
            }
            previous = c;
        }
        return previous != ' ' && previous != ':';
    }

    /** A letter or digit outside the planes of surrogates. */
    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) && !Character.isSurrogate(c);
    }
}
