package tega.access;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What of DER (X.690) it takes to write a certificate. There is no reading here. */
final class Der {
    private static final DateTimeFormatter SHORT = time("yyMMddHHmmss'Z'");
    private static final DateTimeFormatter LONG = time("yyyyMMddHHmmss'Z'");
    private static final int YEAR_OF_LONG_TIMES = 2050;

    private Der() {}

    private static DateTimeFormatter time(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    static byte[] tagged(int tag, byte[]... contents) {
        var length = 0;
        for (var content : contents) {
            length += content.length;
        }
        var out = new ByteArrayOutputStream(length + 4);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            var octets = (39 - Integer.numberOfLeadingZeros(length)) / 8;
            out.write(0x80 | octets);
            for (var shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
                out.write(length >> shift);
            }
        }
        for (var content : contents) {
            out.writeBytes(content);
        }
        return out.toByteArray();
    }

    static byte[] sequence(byte[]... contents) {
        return tagged(0x30, contents);
    }

    static byte[] set(byte[]... contents) {
        return tagged(0x31, contents);
    }

    static byte[] integer(BigInteger number) {
        return tagged(0x02, number.toByteArray());
    }

    static byte[] truth() {
        return tagged(0x01, new byte[] {(byte) 0xff});
    }

    static byte[] octets(byte[] octets) {
        return tagged(0x04, octets);
    }

    /** {@code unused} bits of the last byte do not count. */
    static byte[] bits(byte[] bytes, int unused) {
        return tagged(0x03, new byte[] {(byte) unused}, bytes);
    }

    static byte[] text(String text) {
        return tagged(0x0c, text.getBytes(StandardCharsets.UTF_8));
    }

    /** By RFC 5280, section 4.1.2.5: with two digits for the year as long as these can tell it. */
    static byte[] time(Instant time) {
        return time.atZone(ZoneOffset.UTC).getYear() < YEAR_OF_LONG_TIMES
                ? tagged(0x17, SHORT.format(time).getBytes(StandardCharsets.US_ASCII))
                : tagged(0x18, LONG.format(time).getBytes(StandardCharsets.US_ASCII));
    }

    /** An object identifier, dotted. */
    static byte[] oid(String dotted) {
        var arcs = dotted.split("\\.");
        var out = new ByteArrayOutputStream();
        out.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
        for (var i = 2; i < arcs.length; i++) {
            var arc = Integer.parseInt(arcs[i]);
            for (var shift = (31 - Integer.numberOfLeadingZeros(arc | 1)) / 7 * 7; shift > 0; shift -= 7) {
                out.write(0x80 | (arc >> shift & 0x7f));
            }
            out.write(arc & 0x7f);
        }
        return tagged(0x06, out.toByteArray());
    }
}
