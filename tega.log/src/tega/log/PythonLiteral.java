package tega.log;

import java.util.ArrayList;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;

/**
 * Reads one Python literal as data: dict, list, tuple, str, int, float, True, False, None. Nothing is evaluated: names, calls and
 * operators are errors. Python 3 reference, section 2.4.
 */
final class PythonLiteral {
    private static final int DEEPEST = 200;
    private static final String DIGITS = "0123456789abcdef";

    private final String text;
    private int at;

    private PythonLiteral(String text) {
        this.text = text;
    }

    /** The value of {@code text}; {@code INVALID} with the column of what is no literal. */
    static Value read(String text) {
        var literal = new PythonLiteral(text);
        var value = literal.value(0);
        literal.blanks();
        if (literal.at < text.length()) {
            throw literal.invalid("the end of the line");
        }
        return value;
    }

    private Value value(int depth) {
        if (depth > DEEPEST) {
            throw new TegaException.LimitExceeded("more than " + DEEPEST + " levels of brackets");
        }
        blanks();
        var c = peek();
        return switch (c) {
            case '{' -> dict(depth);
            case '[' -> list(']', depth);
            case '(' -> list(')', depth);
            case '\'', '"' -> string();
            default -> (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' ? number() : word();
        };
    }

    private Value dict(int depth) {
        var object = ObjectValue.builder();
        at++;
        blanks();
        while (peek() != '}') {
            var name = value(depth + 1);
            if (name instanceof ObjectValue || name instanceof tega.api.ArrayValue) {
                throw invalid("a key that is a string or a number");
            }
            blanks();
            expect(':');
            object.put(name instanceof tega.api.StringValue string ? string.text() : name.toString(), value(depth + 1));
            separator('}');
        }
        at++;
        return object.build();
    }

    private Value list(char end, int depth) {
        var items = new ArrayList<Value>();
        at++;
        blanks();
        while (peek() != end) {
            items.add(value(depth + 1));
            separator(end);
        }
        at++;
        return Value.array(items);
    }

    private void separator(char end) {
        blanks();
        if (peek() == ',') {
            at++;
            blanks();
        } else if (peek() != end) {
            throw invalid("',' or '" + end + "'");
        }
    }

    private Value string() {
        var quote = text.charAt(at);
        var out = new StringBuilder();
        at++;
        while (peek() != quote) {
            var c = text.charAt(at++);
            if (c == '\\') {
                escape(out);
            } else {
                out.append(c);
            }
        }
        at++;
        return Value.of(out.toString());
    }

    private void escape(StringBuilder out) {
        var c = peek();
        at++;
        switch (c) {
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case 'r' -> out.append('\r');
            case 'a' -> out.append('\007');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'v' -> out.append('\013');
            case '\\', '\'', '"' -> out.append(c);
            case 'x' -> out.appendCodePoint(hex(2));
            case 'u' -> out.append((char) hex(4));
            case 'U' -> {
                var code = hex(8);
                if (code > Character.MAX_CODE_POINT) {
                    throw invalid("a code point");
                }
                out.appendCodePoint(code);
            }
            default -> {
                if (c >= '0' && c <= '7') {
                    at--;
                    out.append((char) octal());
                } else {
                    // an escape that Python does not know stands for itself
                    out.append('\\').append(c);
                }
            }
        }
    }

    private int hex(int count) {
        var code = 0L;
        for (var i = 0; i < count; i++) {
            var digit = DIGITS.indexOf(Character.toLowerCase(peek()));
            if (digit < 0) {
                throw invalid(count + " hexadecimal digits");
            }
            code = code * 16 + digit;
            at++;
        }
        return (int) Math.min(code, Integer.MAX_VALUE);
    }

    private int octal() {
        var code = 0;
        for (var i = 0; i < 3 && at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '7'; i++) {
            code = code * 8 + text.charAt(at++) - '0';
        }
        return code;
    }

    private Value number() {
        var from = at;
        while (at < text.length() && "+-.eE_0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        var digits = text.substring(from, at).replaceAll("(?<=[0-9])_(?=[0-9])", "");
        digits = digits.startsWith("+") ? digits.substring(1) : digits;
        // Python writes 1. and .5, JSON does not
        digits = digits.replaceFirst("^(-?)\\.", "$10.").replaceFirst("\\.(?=[eE]|$)", ".0");
        try {
            return NumberValue.parse(digits);
        } catch (TegaException.Invalid e) {
            at = from;
            throw invalid("a number");
        }
    }

    private Value word() {
        for (var known : new String[] {"True", "False", "None"}) {
            if (text.startsWith(known, at)) {
                at += known.length();
                return switch (known) {
                    case "True" -> Value.of(true);
                    case "False" -> Value.of(false);
                    default -> Value.NULL;
                };
            }
        }
        throw invalid("a literal");
    }

    private void blanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw invalid("more");
        }
        return text.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw invalid("'" + c + "'");
        }
        at++;
    }

    private TegaException invalid(String expected) {
        return new TegaException.Invalid("column " + (at + 1) + ": expected " + expected);
    }

    /** {@code value} as a Python literal on one line. */
    static void write(Value value, StringBuilder out) {
        if (value instanceof ObjectValue object) {
            var separator = "{";
            for (var member : object) {
                out.append(separator);
                quote(member.name(), out);
                out.append(": ");
                write(member.value(), out);
                separator = ", ";
            }
            out.append(object.isEmpty() ? "{}" : "}");
        } else if (value instanceof tega.api.ArrayValue array) {
            var separator = "[";
            for (var item : array) {
                out.append(separator);
                write(item, out);
                separator = ", ";
            }
            out.append(array.size() == 0 ? "[]" : "]");
        } else if (value instanceof tega.api.StringValue string) {
            quote(string.text(), out);
        } else if (value instanceof tega.api.BooleanValue truth) {
            out.append(truth.truth() ? "True" : "False");
        } else {
            out.append(value.equals(Value.NULL) ? "None" : value.toString());
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('\'');
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\'' -> out.append("\\'");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1))) {
                        out.append(c).append(text.charAt(++i));
                    } else if (c < ' '
                            || c == 0x7f
                            || c == 0x85
                            || c == 0x2028
                            || c == 0x2029
                            || Character.isSurrogate(c)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('\'');
    }
}
