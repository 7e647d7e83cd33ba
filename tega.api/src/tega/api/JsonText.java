package tega.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Compact JSON text of a value, for {@link Value#toString()}; reading and writing documents is the codec's work. */
final class JsonText {
    private static final int LONG = 8192;
    private static final String HEX = "0123456789abcdef";

    private JsonText() {}

    /** Where text goes that has become long. */
    private interface Flush {
        void flush(StringBuilder text);
    }

    static String of(Value value) {
        var out = new StringBuilder();
        write(value, out, text -> {});
        return out.toString();
    }

    /** The SHA-256 of the text in UTF-8. */
    static String digest(Value value) {
        var digest = sha256();
        Flush flush = text -> {
            digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
            text.setLength(0);
        };
        var out = new StringBuilder();
        write(value, out, flush);
        flush.flush(out);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void write(Value value, StringBuilder out, Flush flush) {
        if (value instanceof ObjectValue object) {
            var separator = '{';
            for (var member : object) {
                out.append(separator);
                quote(member.name(), out);
                out.append(':');
                write(member.value(), out, flush);
                separator = ',';
            }
            out.append(object.isEmpty() ? "{}" : "}");
        } else if (value instanceof ArrayValue array) {
            var separator = '[';
            for (var item : array) {
                out.append(separator);
                write(item, out, flush);
                separator = ',';
            }
            out.append(array.size() == 0 ? "[]" : "]");
        } else if (value instanceof StringValue string) {
            quote(string.text(), out);
        } else {
            out.append(value);
        }
        // Only here, between two tokens: never amid a pair of surrogates.
        if (out.length() > LONG) {
            flush.flush(out);
        }
    }

    static void quote(String text, StringBuilder out) {
        out.append('"');
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || isLoneSurrogate(text, i)) {
                        escape(c, out);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean isLoneSurrogate(String text, int at) {
        var c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }

    private static void escape(char c, StringBuilder out) {
        out.append("\\u");
        for (var shift = 12; shift >= 0; shift -= 4) {
            out.append(HEX.charAt((c >> shift) & 0xf));
        }
    }
}
