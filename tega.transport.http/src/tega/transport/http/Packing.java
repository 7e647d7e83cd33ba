package tega.transport.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import tega.api.ErrorCode;
import tega.api.TegaException;

/** Bodies packed with gzip (RFC 9110, section 8.4.1), in both directions. */
final class Packing {
    /** Below this the client's work is worth more than the bytes. */
    private static final int WORTH = 8 << 10;

    private Packing() {}

    /** Whether the client would rather have an answer of so many bytes packed. */
    static boolean isWanted(Request request, int bytes) {
        if (bytes < WORTH) {
            return false;
        }
        var accepted = request.getHeaders().get(HttpHeader.ACCEPT_ENCODING);
        return accepted != null && accepted.contains("gzip") && !accepted.contains("gzip;q=0");
    }

    static byte[] packed(byte[] body) {
        var out = new ByteArrayOutputStream(body.length / 4);
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The body as it was before it was packed, if it was; at most {@code most} bytes. */
    static byte[] unpacked(Request request, byte[] body, int most) {
        var coding = request.getHeaders().get(HttpHeader.CONTENT_ENCODING);
        if (coding == null || coding.equalsIgnoreCase("identity")) {
            return body;
        }
        if (!coding.strip().toLowerCase(Locale.ROOT).equals("gzip")) {
            throw new Refusal(
                    415,
                    ErrorCode.INVALID,
                    "a body is packed with gzip or not at all, not with '" + coding + "'",
                    HttpHeader.ACCEPT_ENCODING.asString(),
                    "gzip");
        }
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
            var plain = gzip.readNBytes(most + 1);
            if (plain.length > most) {
                throw new TegaException.LimitExceeded(
                        "the body, unpacked, is larger than the limit of " + most + " bytes");
            }
            return plain;
        } catch (IOException e) {
            throw new TegaException.Invalid("the body is not what gzip makes: " + e.getMessage());
        }
    }
}
