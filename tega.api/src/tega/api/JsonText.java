package tega.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Iterator;

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

    /** An object or array whose text is not complete. */
    private static final class Level {
        private final Iterator<?> rest;
        private final char end;
        private boolean begun;

        Level(Iterator<?> rest, char end) {
            this.rest = rest;
            this.end = end;
        }
    }

    /** Not by recursion: a value may be deeper than any stack. */
    private static void write(Value whole, StringBuilder out, Flush flush) {
        var levels = new ArrayDeque<Level>();
        begin(whole, out, levels);
        while (!levels.isEmpty()) {
            var level = levels.element();
            if (!level.rest.hasNext()) {
                out.append(level.end);
                levels.remove();
            } else {
                if (level.begun) {
                    out.append(',');
                }
                level.begun = true;
                var next = level.rest.next();
                if (next instanceof Member member) {
                    quote(member.name(), out);
                    out.append(':');
                    begin(member.value(), out, levels);
                } else {
                    begin((Value) next, out, levels);
                }
            }
            // Only here, between two tokens: never amid a pair of surrogates.
            if (out.length() > LONG) {
                flush.flush(out);
            }
        }
    }

    private static void begin(Value value, StringBuilder out, Deque<Level> levels) {
        if (value instanceof ObjectValue object) {
            out.append('{');
            levels.push(new Level(object.iterator(), '}'));
        } else if (value instanceof ArrayValue array) {
            out.append('[');
            levels.push(new Level(array.iterator(), ']'));
        } else if (value instanceof StringValue string) {
            quote(string.text(), out);
        } else {
            out.append(value);
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
