package tega.json;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.BooleanValue;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;

/**
 * Compact JSON in UTF-8, the bytes of {@link Value#toString()}: into a stream by way of a small buffer, or into memory. Lone
 * surrogates are written as escapes. Not safe for use by several threads.
 */
final class JsonWriter {
    private static final int CHUNK = 8192;
    private static final int SMALL = 256;
    /** The most bytes a character takes: {@code \}{@code u0000}. */
    private static final int WIDEST = 6;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final boolean[] PLAIN = new boolean[128];

    static {
        Arrays.fill(PLAIN, ' ', PLAIN.length, true);
        PLAIN['"'] = false;
        PLAIN['\\'] = false;
    }

    private final @Nullable OutputStream out;
    private byte[] buffer;
    private int size;

    /** Into memory. */
    JsonWriter() {
        this.out = null;
        this.buffer = new byte[SMALL];
    }

    /** Into {@code out}, which is neither flushed nor closed. */
    JsonWriter(OutputStream out) {
        this.out = out;
        this.buffer = new byte[CHUNK];
    }

    /** The compact JSON of a value. */
    static byte[] toBytes(Value value) {
        var writer = new JsonWriter();
        try {
            writer.value(value);
        } catch (IOException e) {
            throw new TegaException.Internal("memory could not be written", e);
        }
        return writer.bytes();
    }

    /** What was written to memory. */
    byte[] bytes() {
        return Arrays.copyOf(buffer, size);
    }

    /** Hands what is left in the buffer to the stream. */
    void finish() throws IOException {
        if (out != null) {
            out.write(buffer, 0, size);
            size = 0;
        }
    }

    /** Writes a value; {@code LIMIT} when it nests so deep that it could not be read back. */
    void value(Value value) throws IOException {
        value(value, 0);
    }

    private void value(Value value, int level) throws IOException {
        if (value instanceof StringValue string) {
            string(string.text());
        } else if (value instanceof NumberValue number) {
            if (number.isLong()) {
                number(number.longValue());
            } else {
                ascii(number.toString());
            }
        } else if (value instanceof ObjectValue object) {
            object(object, level + 1);
        } else if (value instanceof ArrayValue array) {
            array(array, level + 1);
        } else if (value == Value.NULL) {
            bytes(NULL);
        } else {
            bytes(((BooleanValue) value).truth() ? TRUE : FALSE);
        }
    }

    private void object(ObjectValue object, int level) throws IOException {
        checkDepth(level);
        var separator = '{';
        for (var member : object) {
            one(separator);
            string(member.name());
            one(':');
            value(member.value(), level);
            separator = ',';
        }
        if (separator == '{') {
            one('{');
        }
        one('}');
    }

    private void array(ArrayValue array, int level) throws IOException {
        checkDepth(level);
        one('[');
        for (var i = 0; i < array.size(); i++) {
            if (i > 0) {
                one(',');
            }
            value(array.get(i), level);
        }
        one(']');
    }

    private static void checkDepth(int level) {
        if (level > JsonScanner.DEEPEST) {
            throw tooDeep();
        }
    }

    /** For all that write: deeper could not be read back. */
    static TegaException tooDeep() {
        return new TegaException.LimitExceeded(
                "a value nested deeper than " + JsonScanner.DEEPEST + " levels cannot be written");
    }

    /** Writes a string in quotes. */
    void string(String text) throws IOException {
        one('"');
        var at = 0;
        while (at < text.length()) {
            room(WIDEST);
            var end = Math.min(text.length(), at + (buffer.length - size) / WIDEST);
            while (at < end) {
                var c = text.charAt(at);
                if (c < 0x80) {
                    if (PLAIN[c]) {
                        buffer[size++] = (byte) c;
                    } else {
                        escape(c);
                    }
                } else if (c < 0x800) {
                    buffer[size++] = (byte) (0xc0 | (c >> 6));
                    buffer[size++] = (byte) (0x80 | (c & 0x3f));
                } else if (!Character.isSurrogate(c)) {
                    buffer[size++] = (byte) (0xe0 | (c >> 12));
                    buffer[size++] = (byte) (0x80 | ((c >> 6) & 0x3f));
                    buffer[size++] = (byte) (0x80 | (c & 0x3f));
                } else if (surrogates(text, at)) {
                    at++;
                }
                at++;
            }
        }
        one('"');
    }

    /** Writes a pair as one character of four bytes, or a lone surrogate as an escape; whether it was a pair. */
    private boolean surrogates(String text, int at) {
        var code = text.codePointAt(at);
        if (code < 0x10000) {
            unicode((char) code);
            return false;
        }
        buffer[size++] = (byte) (0xf0 | (code >> 18));
        buffer[size++] = (byte) (0x80 | ((code >> 12) & 0x3f));
        buffer[size++] = (byte) (0x80 | ((code >> 6) & 0x3f));
        buffer[size++] = (byte) (0x80 | (code & 0x3f));
        return true;
    }

    private void escape(char c) {
        var letter =
                switch (c) {
                    case '"', '\\' -> c;
                    case '\n' -> 'n';
                    case '\r' -> 'r';
                    case '\t' -> 't';
                    default -> '\0';
                };
        if (letter == '\0') {
            unicode(c);
        } else {
            buffer[size++] = '\\';
            buffer[size++] = (byte) letter;
        }
    }

    private void unicode(char c) {
        buffer[size++] = '\\';
        buffer[size++] = 'u';
        for (var shift = 12; shift >= 0; shift -= 4) {
            buffer[size++] = HEX[(c >> shift) & 0xf];
        }
    }

    /** Writes an integer. */
    void number(long number) throws IOException {
        if (number <= 0) {
            ascii(Long.toString(number)); // also the one whose negation does not fit
            return;
        }
        room(20);
        var digits = 0;
        for (var rest = number; rest > 0; rest /= 10) {
            digits++;
        }
        size += digits;
        var rest = number;
        for (var at = size - 1; rest > 0; at--) {
            buffer[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** Writes text that is ASCII and no string. */
    void ascii(String text) throws IOException {
        for (var i = 0; i < text.length(); i++) {
            one(text.charAt(i));
        }
    }

    private void bytes(byte[] bytes) throws IOException {
        room(bytes.length);
        System.arraycopy(bytes, 0, buffer, size, bytes.length);
        size += bytes.length;
    }

    /** Writes one character of ASCII. */
    void one(char c) throws IOException {
        if (size == buffer.length) {
            room(1);
        }
        buffer[size++] = (byte) c;
    }

    /** Makes room for a few bytes, at most {@value #SMALL}. */
    private void room(int bytes) throws IOException {
        if (buffer.length - size >= bytes) {
            return;
        }
        if (out != null) {
            finish();
        } else if (size > Integer.MAX_VALUE - CHUNK) {
            throw new TegaException.LimitExceeded("a value of more than 2 GiB of JSON cannot be kept in memory");
        } else {
            buffer = Arrays.copyOf(buffer, (int) Math.min(Integer.MAX_VALUE - 8L, size * 2L));
        }
    }
}
