package tega.api;

import java.util.ArrayList;
import java.util.HexFormat;

/** Reads the form of a path for people: names between dots, quoted like JSON strings or with single characters escaped. */
final class PathText {
    private final String text;
    private int at;

    PathText(String text) {
        this.text = text;
    }

    Path read() {
        if (text.isEmpty()) {
            return Path.EMPTY;
        }
        var names = new ArrayList<String>();
        names.add(name());
        while (at < text.length()) {
            at++;
            names.add(name());
        }
        return Path.of(names);
    }

    /** One name; afterwards {@link #at} is at a dot or at the end. */
    private String name() {
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        var name = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '.') {
            var c = text.charAt(at);
            if (c == '\\') {
                at++;
                if (at == text.length()) {
                    throw invalid("ends with a backslash");
                }
                c = text.charAt(at);
            }
            name.append(c);
            at++;
        }
        if (name.isEmpty()) {
            throw invalid("has an empty name (an empty name is written \"\")");
        }
        return name.toString();
    }

    private String quoted() {
        var name = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            var c = text.charAt(at);
            at++;
            name.append(c == '\\' ? escaped() : c);
        }
        if (at == text.length()) {
            throw invalid("has a quote that does not end");
        }
        at++;
        if (at < text.length() && text.charAt(at) != '.') {
            throw invalid("has text between a closing quote and the next dot");
        }
        return name.toString();
    }

    private char escaped() {
        if (at == text.length()) {
            throw invalid("has a quote that does not end");
        }
        var c = text.charAt(at);
        at++;
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> c;
        };
    }

    private char unicode() {
        if (at + 4 > text.length()) {
            throw invalid("has a \\u without four hexadecimal digits");
        }
        var code = 0;
        for (var end = at + 4; at < end; at++) {
            if (!HexFormat.isHexDigit(text.charAt(at))) {
                throw invalid("has a \\u without four hexadecimal digits");
            }
            code = (code << 4) | HexFormat.fromHexDigit(text.charAt(at));
        }
        return (char) code;
    }

    private TegaException invalid(String what) {
        return new TegaException.Invalid("the path '" + text + "' " + what);
    }
}
