package tega.transport.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tega.api.TegaException;

/** A path of a URL in which names in braces stand for one name each. */
final class Template {
    private final String text;
    private final List<String> parts;

    Template(String text) {
        this.text = text;
        this.parts = List.of(text.split("/", -1));
    }

    String text() {
        return text;
    }

    private static boolean isHole(String part) {
        return part.startsWith("{") && part.endsWith("}");
    }

    boolean matches(String path) {
        var names = path.split("/", -1);
        if (names.length != parts.size()) {
            return false;
        }
        for (var i = 0; i < names.length; i++) {
            var part = parts.get(i);
            if (isHole(part) ? names[i].isEmpty() : !part.equals(names[i])) {
                return false;
            }
        }
        return true;
    }

    /** What stands in each brace, decoded; {@code INVALID} when an escape is malformed. */
    Map<String, String> names(String path) {
        var names = path.split("/", -1);
        var found = new HashMap<String, String>();
        for (var i = 0; i < parts.size() && i < names.length; i++) {
            var part = parts.get(i);
            if (isHole(part)) {
                var name = Query.Percent.decode(names[i]);
                if (name.isEmpty()) {
                    throw new TegaException.Invalid("a name in " + text + " is empty");
                }
                found.put(part.substring(1, part.length() - 1), name);
            }
        }
        return found;
    }
}
