package tega.plugins.openwrt.uci;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Bytes as text and back without a loss. What is UTF-8 is read as that; a byte that is not becomes the lone surrogate U+DC00
 * plus the byte, which no UTF-8 text holds.
 */
final class Octets {
    private static final int BASE = 0xDC00;

    private Octets() {}

    /** The text of {@code latin}, a string of one char for each byte. */
    static String text(String latin) {
        var bytes = latin.getBytes(StandardCharsets.ISO_8859_1);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return escaped(bytes);
        }
    }

    private static String escaped(byte[] bytes) {
        var text = new StringBuilder();
        for (var i = 0; i < bytes.length; ) {
            var length = sequence(bytes, i);
            if (length == 0) {
                text.append((char) (BASE + (bytes[i++] & 0xff)));
            } else {
                text.append(new String(bytes, i, length, StandardCharsets.UTF_8));
                i += length;
            }
        }
        return text.toString();
    }

    /** How long the character is that begins at {@code at}, 0 when none does. */
    private static int sequence(byte[] bytes, int at) {
        for (var length = 1; length <= 4 && at + length <= bytes.length; length++) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, length));
                return length;
            } catch (CharacterCodingException e) {
                // Not with this many bytes.
            }
        }
        return 0;
    }

    /** The bytes of {@code text}. */
    static byte[] of(String text) {
        var bytes = new ByteArrayOutputStream(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (c >= BASE + 0x80 && c <= BASE + 0xff) {
                bytes.write(c - BASE);
            } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }
}
