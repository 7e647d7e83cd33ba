package tega.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A line cut into a command's name, what follows it, and the filters its answer goes through ({@code get a | grep x}).
 *
 * @param name the first word, without the scope {@code tega:}
 * @param tail what follows, as it was typed
 */
record CommandLine(String name, String tail) {
    private static final Pattern FIRST = Pattern.compile("(?:tega:)?([^\\s|]+)(.*)", Pattern.DOTALL);
    private static final Pattern CALL = Pattern.compile("[^\\s({\\[]+\\(.*\\)", Pattern.DOTALL);

    /** Cuts a line that is not blank. */
    static CommandLine of(String line) {
        var matcher = FIRST.matcher(line.strip());
        return matcher.matches() ? new CommandLine(matcher.group(1), matcher.group(2)) : new CommandLine(line, "");
    }

    /** Whether a line is of the form {@code path(args, k=v)}. */
    static boolean isCall(String line) {
        return CALL.matcher(line.strip()).matches();
    }

    /** The parts of {@code text} between separators that are outside quotes, brackets and braces. */
    static List<String> split(String text, char separator) {
        var parts = new ArrayList<String>();
        var from = 0;
        var depth = 0;
        var quote = '\0';
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (quote != '\0') {
                if (c == '\\' && quote == '"') {
                    i++;
                } else if (c == quote) {
                    quote = '\0';
                }
            } else if (c == '\\') {
                i++;
            } else if (c == '"' || (c == '\'' && opens(text, i))) {
                quote = c;
            } else if (c == '[' || c == '{' || c == '(') {
                depth++;
            } else if (c == ']' || c == '}' || c == ')') {
                depth = Math.max(0, depth - 1);
            } else if (c == separator && depth == 0) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    /** An apostrophe inside a word ({@code it's}) opens nothing. */
    private static boolean opens(String text, int at) {
        return at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
    }
}
