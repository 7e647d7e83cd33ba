package tega.json;

import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.Value;

/** JSON over several lines for people: one member or item a line, two blanks a level, empty collections on one line. */
final class PrettyJson {
    private static final String INDENT = "  ";

    private final StringBuilder out = new StringBuilder();

    private PrettyJson() {}

    static String of(Value value) {
        var text = new PrettyJson();
        text.write(value, 0);
        return text.out.toString();
    }

    private void write(Value value, int level) {
        if (level == JsonScanner.DEEPEST && (value instanceof ObjectValue || value instanceof ArrayValue)) {
            throw JsonWriter.tooDeep();
        }
        if (value instanceof ObjectValue object && !object.isEmpty()) {
            var separator = '{';
            for (var member : object) {
                line(separator, level + 1);
                out.append(Value.of(member.name())).append(": ");
                write(member.value(), level + 1);
                separator = ',';
            }
            line('\0', level);
            out.append('}');
        } else if (value instanceof ArrayValue array && array.size() > 0) {
            var separator = '[';
            for (var item : array) {
                line(separator, level + 1);
                write(item, level + 1);
                separator = ',';
            }
            line('\0', level);
            out.append(']');
        } else {
            out.append(value);
        }
    }

    private void line(char separator, int level) {
        if (separator != '\0') {
            out.append(separator);
        }
        out.append('\n').append(INDENT.repeat(level));
    }
}
