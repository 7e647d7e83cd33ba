package tega.json;

import java.util.function.Function;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;

/**
 * YAML for people: collections that hold collections in block style, the innermost in flow style, folded near {@value #WIDTH}
 * columns; texts of several lines as they are. Every line ends with a newline.
 */
final class YamlWriter {
    private static final int WIDTH = 100;
    private static final int STEP = 2;
    /** A name before a colon is at most 1024 characters long (YAML 1.2.2, section 7.4.2); longer ones get a question mark. */
    private static final int LONGEST_NAME = 1000;

    private final StringBuilder out = new StringBuilder();
    private int lineStart;

    private YamlWriter() {}

    static String of(Value value) {
        var yaml = new YamlWriter();
        if (yaml.isBlock(value, 0)) {
            yaml.block(value, 0, 0);
        } else {
            yaml.line(value, 0);
        }
        return yaml.out.toString();
    }

    /** Whether a value is a collection that is written in block style. */
    private boolean isBlock(Value value, int level) {
        if (level == JsonScanner.DEEPEST && (value instanceof ObjectValue || value instanceof ArrayValue)) {
            throw JsonWriter.tooDeep();
        }
        if (value instanceof ObjectValue object) {
            for (var member : object) {
                if (isLarge(member.value()) || member.name().length() > LONGEST_NAME / 6) {
                    return true;
                }
            }
        } else if (value instanceof ArrayValue array) {
            for (var item : array) {
                if (isLarge(item)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isLarge(Value value) {
        return value instanceof ObjectValue
                || value instanceof ArrayValue
                || (value instanceof StringValue string && isLines(string.text()));
    }

    /** The members or items in lines of their own; the first line is already indented. */
    private void block(Value value, int indent, int level) {
        var first = true;
        if (value instanceof ObjectValue object) {
            for (var member : object) {
                indent(first ? 0 : indent);
                first = false;
                var name = string(member.name());
                if (name.length() <= LONGEST_NAME) {
                    out.append(name).append(':');
                    entry(member.value(), indent, level, false);
                } else {
                    out.append("? ").append(name);
                    newLine();
                    indent(indent);
                    out.append(':');
                    entry(member.value(), indent, level, true);
                }
            }
        } else if (value instanceof ArrayValue array) {
            for (var item : array) {
                indent(first ? 0 : indent);
                first = false;
                out.append('-');
                entry(item, indent, level, true);
            }
        }
    }

    /** What follows the colon or the dash; a collection begins in the same line when {@code compact}. */
    private void entry(Value value, int indent, int level, boolean compact) {
        if (!isBlock(value, level + 1)) {
            out.append(' ');
            line(value, indent);
        } else if (compact) {
            out.append(' ');
            block(value, indent + STEP, level + 1);
        } else {
            // The dashes of an array stand under the first letter of its name, as v1's answers have them.
            var further = value instanceof ArrayValue ? indent : indent + STEP;
            newLine();
            indent(further);
            block(value, further, level + 1);
        }
    }

    /** A scalar or an innermost collection, to the end of the line, of which there can be several. */
    private void line(Value value, int indent) {
        if (value instanceof StringValue string && isLines(string.text())) {
            lines(string.text(), indent + STEP);
            return;
        }
        if (value instanceof ObjectValue object) {
            out.append('{');
            flow(object, indent + STEP, member -> string(member.name()) + ": " + scalar(member.value()));
            out.append('}');
        } else if (value instanceof ArrayValue array) {
            out.append('[');
            flow(array, indent + STEP, YamlWriter::scalar);
            out.append(']');
        } else {
            out.append(scalar(value));
        }
        newLine();
    }

    private <T> void flow(Iterable<T> parts, int indent, Function<T, String> toText) {
        var first = true;
        for (var part : parts) {
            var text = toText.apply(part);
            if (!first) {
                out.append(',');
                if (out.length() - lineStart + text.length() + 2 > WIDTH) {
                    newLine();
                    indent(indent);
                } else {
                    out.append(' ');
                }
            }
            out.append(text);
            first = false;
        }
    }

    private static String scalar(Value value) {
        return value instanceof StringValue string ? string(string.text()) : value.toString();
    }

    private static String string(String text) {
        return PlainText.is(text) ? text : quoted(text);
    }

    /** A JSON string, with what YAML does not take as it is (section 5.1) or shows as nothing escaped too. */
    private static String quoted(String text) {
        var json = Value.of(text).toString();
        var quoted = new StringBuilder(json.length());
        for (var i = 0; i < json.length(); i++) {
            var c = json.charAt(i);
            if (isPrintable(c)) {
                quoted.append(c);
            } else {
                quoted.append(String.format("\\u%04x", (int) c));
            }
        }
        return quoted.toString();
    }

    private static boolean isPrintable(char c) {
        return (c >= ' ' && c < 0x7f) || (c > 0xa0 && c < 0xfffe && c != 0x2028 && c != 0x2029 && c != 0xfeff);
    }

    /** Whether a text is written line by line: it has lines, begins with a visible character, and hides nothing. */
    private static boolean isLines(String text) {
        if (text.indexOf('\n') < 0
                || text.charAt(0) <= ' '
                || Value.of(text).toString().contains("\\u")) {
            return false;
        }
        var previous = 'x';
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '\n' ? previous == ' ' || previous == '\t' : c != '\t' && !isPrintable(c)) {
                return false;
            }
            previous = c;
        }
        return previous != ' ' && previous != '\t';
    }

    /** The literal style (section 8.1.2). */
    private void lines(String text, int indent) {
        var body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        out.append('|').append(body.length() == text.length() ? "-" : body.endsWith("\n") ? "+" : "");
        newLine();
        for (var line : body.split("\n", -1)) {
            indent(line.isEmpty() ? 0 : indent);
            out.append(line);
            newLine();
        }
    }

    private void newLine() {
        out.append('\n');
        lineStart = out.length();
    }

    private void indent(int columns) {
        out.append(" ".repeat(columns));
    }
}
