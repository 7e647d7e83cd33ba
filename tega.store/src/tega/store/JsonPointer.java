package tega.store;

import java.util.ArrayList;
import java.util.List;
import tega.api.TegaException;
import tega.api.Value;

/** RFC 6901. */
record JsonPointer(String text, List<String> tokens) {
    static JsonPointer parse(String text) {
        if (text.isEmpty()) {
            return new JsonPointer(text, List.of());
        }
        if (text.charAt(0) != '/') {
            throw malformed(text, "does not begin with '/'");
        }
        var tokens = new ArrayList<String>();
        for (var from = 1; from <= text.length(); ) {
            var slash = text.indexOf('/', from);
            var to = slash < 0 ? text.length() : slash;
            tokens.add(unescape(text, text.substring(from, to)));
            from = to + 1;
        }
        return new JsonPointer(text, List.copyOf(tokens));
    }

    private static String unescape(String text, String token) {
        for (var at = token.indexOf('~'); at >= 0; at = token.indexOf('~', at + 1)) {
            if (at + 1 == token.length() || (token.charAt(at + 1) != '0' && token.charAt(at + 1) != '1')) {
                throw malformed(text, "has a '~' that is neither '~0' nor '~1'");
            }
        }
        return token.replace("~1", "/").replace("~0", "~");
    }

    private static TegaException malformed(String text, String why) {
        return new TegaException.Invalid("the pointer " + Value.of(text) + " " + why + " (RFC 6901)");
    }

    /** Whether {@code that} is at or below this. */
    boolean covers(JsonPointer that) {
        return tokens.size() <= that.tokens.size()
                && that.tokens.subList(0, tokens.size()).equals(tokens);
    }

    @Override
    public String toString() {
        return text;
    }
}
