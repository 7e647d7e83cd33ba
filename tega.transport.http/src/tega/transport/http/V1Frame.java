package tega.transport.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;

/** A frame of v1: words separated by one blank, and where there is a body, a newline and one line of JSON. */
record V1Frame(String command, List<String> words, @Nullable String body) {
    private static final int SHOWN = 60;

    /** The words after the command; {@code INVALID} when there is no command. */
    static V1Frame read(String text) {
        var end = text.indexOf('\n');
        var head = end < 0 ? text : text.substring(0, end);
        head = head.endsWith("\r") ? head.substring(0, head.length() - 1) : head;
        var words = new ArrayList<String>();
        for (var word : head.split(" ", -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        if (words.isEmpty()) {
            throw new TegaException.Invalid("the frame is empty");
        }
        return new V1Frame(words.get(0), words.subList(1, words.size()), end < 0 ? null : text.substring(end + 1));
    }

    /** The words from {@code from} to {@code to} as one: a path may hold blanks between quotes. */
    String joined(int from, int to) {
        return String.join(" ", words.subList(from, to));
    }

    String word(int index, String shape) {
        if (index >= words.size()) {
            throw malformed(shape);
        }
        return words.get(index);
    }

    String body(String shape) {
        if (body == null || body.isBlank()) {
            throw malformed(shape);
        }
        return body;
    }

    TegaException malformed(String shape) {
        var shown = joined(0, words.size());
        shown = command + (shown.isEmpty() ? "" : " " + shown);
        shown = shown.length() > SHOWN ? shown.substring(0, SHOWN) + "…" : shown;
        return new TegaException.Invalid("'" + shown + "' should be: " + shape);
    }
}
