package tega.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;

/**
 * One JSON text (RFC 8259) from its first byte to its last: whole values, or piece by piece for who knows what to expect.
 * Whatever breaks the grammar is {@code INVALID} with line, column and what was expected there; more than the allowed levels
 * are {@code LIMIT}.
 */
final class JsonScanner {
    /** No text nests deeper than this: neither reading nor writing may overflow a stack of 256 KiB. */
    static final int DEEPEST = 256;

    private static final int SHOWN = 30;
    /** So many digits fit a long whatever they are. */
    private static final int SURE_DIGITS = 18;

    /** What stands for itself in a string: all but quote, backslash and control characters; beyond ASCII needs decoding. */
    private static final boolean[] PLAIN = new boolean[256];

    static {
        Arrays.fill(PLAIN, ' ', 128, true);
        PLAIN['"'] = false;
        PLAIN['\\'] = false;
    }

    private final byte[] json;
    private final int from;
    private final int to;
    private final int depth;
    private final NameTable names;
    private int at;

    /** Reads the bytes from {@code from} to before {@code to}, which must be UTF-8, at most {@code depth} levels deep. */
    JsonScanner(byte[] json, int from, int to, int depth, NameTable names) {
        this.json = json;
        this.from = from;
        this.to = to;
        this.depth = depth;
        this.names = names;
        this.at = from;
        var bad = Utf8.firstInvalid(json, from, to);
        if (bad >= 0) {
            throw invalid(bad, "the text is not UTF-8");
        }
    }

    /** The value that is all of the text. */
    Value document() {
        var value = value(0);
        end();
        return value;
    }

    /** The end of the text. */
    void end() {
        if (next() >= 0) {
            throw expected("the end of the text after the value");
        }
    }

    /** The value that comes next, inside {@code level} collections. */
    Value value(int level) {
        var first = next();
        return switch (first) {
            case '"' -> Value.of(string());
            case '{' -> object(level + 1);
            case '[' -> array(level + 1);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> word();
        };
    }

    private ObjectValue object(int level) {
        checkDepth(level);
        at++;
        if (closes('}')) {
            return Value.object();
        }
        var members = ObjectValue.builder();
        do {
            next();
            var start = at;
            var name = name();
            var value = value(level);
            try {
                members.add(name, value);
            } catch (TegaException.Invalid twice) {
                throw invalid(
                        start, "the name " + shortened(Value.of(name).toString()) + " occurs twice in one object");
            }
        } while (more('}'));
        return members.build();
    }

    private Value array(int level) {
        checkDepth(level);
        at++;
        var items = new ArrayList<Value>();
        if (!closes(']')) {
            do {
                items.add(value(level));
            } while (more(']'));
        }
        return Value.array(items);
    }

    private void checkDepth(int level) {
        if (level > depth) {
            throw new TegaException.LimitExceeded(place(at) + ": the JSON is nested deeper than " + depth + " levels");
        }
    }

    /** The bracket that opens {@code what}. */
    void open(char bracket, String what) {
        if (next() != bracket) {
            throw expected(what);
        }
        at++;
    }

    /** Whether the collection just opened is empty; then its {@code bracket} is read too. */
    boolean closes(char bracket) {
        if (next() != bracket) {
            return false;
        }
        at++;
        return true;
    }

    /** After a member or an item: whether another follows; if not, the closing {@code bracket} is read. */
    boolean more(char bracket) {
        var next = next();
        if (next != ',' && next != bracket) {
            throw expected(bracket == '}' ? "',' or '}' after a member" : "',' or ']' after an item");
        }
        at++;
        return next == ',';
    }

    /** The name of a member and the colon after it. */
    String name() {
        var name = sharedString("a name in double quotes");
        if (next() != ':') {
            throw expected("':' after a name");
        }
        at++;
        return name;
    }

    /** A string of which equal ones are likely; {@code what} is expected. */
    String sharedString(String what) {
        if (next() != '"') {
            throw expected(what);
        }
        var start = at + 1;
        var hash = 0;
        for (var i = start; i < to; i++) {
            var c = json[i];
            if (c == '"') {
                at = i + 1;
                return names.ascii(json, start, i, hash);
            }
            if (!PLAIN[c & 0xff]) {
                break;
            }
            hash = 31 * hash + c;
        }
        return names.shared(string());
    }

    /** A string that nobody else has; {@code what} is expected. */
    String string(String what) {
        if (next() != '"') {
            throw expected(what);
        }
        return string();
    }

    private String string() {
        var start = at + 1;
        var i = start;
        while (i < to && PLAIN[json[i] & 0xff]) {
            i++;
        }
        if (i < to && json[i] == '"') {
            at = i + 1;
            return new String(json, start, i - start, StandardCharsets.ISO_8859_1);
        }
        while (i < to && (json[i] < 0 || PLAIN[json[i]])) {
            i++;
        }
        if (i < to && json[i] == '"') {
            at = i + 1;
            return new String(json, start, i - start, StandardCharsets.UTF_8);
        }
        return stringWithEscapes();
    }

    private String stringWithEscapes() {
        var start = at;
        var text = new StringBuilder();
        var run = ++at;
        while (true) {
            var c = peek();
            if (c < 0) {
                throw invalid(start, "the string that begins here does not end");
            } else if (c < ' ') {
                throw invalid(
                        at, String.format("the control character U+%04X in a string is written as \\u%04x", c, c));
            } else if (c != '"' && c != '\\') {
                at++;
                continue;
            }
            text.append(new String(json, run, at - run, StandardCharsets.UTF_8));
            at++;
            if (c == '"') {
                return text.toString();
            }
            text.append(escape());
            run = at;
        }
    }

    private char escape() {
        var c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> (char) c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> {
                at--;
                throw expected("one of \"\\/bfnrtu after a backslash");
            }
        };
    }

    private char unicode() {
        var code = 0;
        for (var end = at + 4; at < end; at++) {
            var c = peek();
            var digit = c < 0 || c >= 128 ? -1 : Character.digit((char) c, 16);
            if (digit < 0) {
                throw expected("four hexadecimal digits after \\u");
            }
            code = (code << 4) | digit;
        }
        return (char) code;
    }

    /** An integer of 64 bits; {@code what} is expected. */
    long integer(String what) {
        var start = next();
        if (start != '-' && !isDigit(start)) {
            throw expected(what);
        }
        var begin = at;
        var number = number();
        if (!number.isLong() && !number.toString().matches("-?[0-9]+")) {
            throw invalid(begin, "expected " + what);
        }
        return number.longValue();
    }

    private NumberValue number() {
        var start = at;
        var i = json[start] == '-' ? start + 1 : start;
        var digits = i;
        var number = 0L;
        while (i < to && i - digits < SURE_DIGITS && json[i] >= '0' && json[i] <= '9') {
            number = number * 10 + (json[i] - '0');
            i++;
        }
        var size = i - digits;
        var ends = i == to || !(isDigit(json[i]) || json[i] == '.' || isLetter(json[i]));
        if (ends && size > 0 && (json[digits] != '0' || (size == 1 && digits == start))) {
            at = i;
            return Value.of(digits > start ? -number : number);
        }
        return literal();
    }

    /** A number that is kept as its text. */
    private NumberValue literal() {
        var start = at;
        if (peek() == '-') {
            at++;
        }
        if (peek() == 'I') {
            throw invalid(start, "-Infinity is not a JSON number");
        }
        var integer = at;
        digits();
        if (json[integer] == '0' && at > integer + 1) {
            throw invalid(start, "a number does not begin with a zero before other digits");
        }
        if (peek() == '.') {
            at++;
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits();
        }
        if (isLetter(peek())) {
            throw expected("the end of the number");
        }
        return NumberValue.parse(new String(json, start, at - start, StandardCharsets.ISO_8859_1));
    }

    private void digits() {
        if (!isDigit(peek())) {
            throw expected("a digit");
        }
        while (isDigit(peek())) {
            at++;
        }
    }

    private Value word() {
        var start = at;
        while (isLetter(peek())) {
            at++;
        }
        var word = new String(json, start, at - start, StandardCharsets.ISO_8859_1);
        return switch (word) {
            case "true" -> Value.of(true);
            case "false" -> Value.of(false);
            case "null" -> Value.NULL;
            case "NaN", "Infinity" -> throw invalid(start, word + " is not a JSON number");
            case "" -> throw expected("a value");
            default ->
                throw invalid(
                        start,
                        "expected a value but found '" + shortened(word) + "'; a string stands in double quotes");
        };
    }

    /** The first byte that is not blank, or -1 at the end. */
    private int next() {
        while (at < to && json[at] <= ' ' && isBlank(json[at])) {
            at++;
        }
        return peek();
    }

    /** The byte here, or -1 at the end. */
    private int peek() {
        return at < to ? json[at] & 0xff : -1;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** {@code what} was expected here. */
    TegaException.Invalid expected(String what) {
        return invalid(at, "expected " + what + " but " + (at < to ? "found " + character() : "the text ends"));
    }

    private String character() {
        var rest = new String(json, at, Math.min(4, to - at), StandardCharsets.UTF_8);
        var c = rest.codePointAt(0);
        return c < ' ' || c == 0x7f || c == 0xfeff ? String.format("U+%04X", c) : "'" + Character.toString(c) + "'";
    }

    private TegaException.Invalid invalid(int where, String what) {
        return new TegaException.Invalid(place(where) + ": " + what);
    }

    /** Line and column, counted in characters from 1. */
    private String place(int where) {
        var line = 1;
        var column = 1;
        for (var i = from; i < where; i++) {
            if (json[i] == '\n' || (json[i] == '\r' && (i + 1 == to || json[i + 1] != '\n'))) {
                line++;
                column = 1;
            } else if ((json[i] & 0xc0) != 0x80) {
                column++;
            }
        }
        return "line " + line + ", column " + column;
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
