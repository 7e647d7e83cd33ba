package tega.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tega.api.TegaException;

/**
 * What a certificate is to say.
 *
 * @param name the common name of its subject
 * @param key its public key
 * @param use what it is for
 * @param hosts the names and addresses of a server
 * @param validity when it is valid
 */
record CertificateRequest(String name, PublicKey key, Use use, List<String> hosts, Validity validity) {
    /** What a certificate is for. */
    enum Use {
        AUTHORITY,
        SERVER,
        CLIENT
    }

    /** From when until when. */
    record Validity(Instant from, Instant until) {}

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;

    /** The hosts as general names (RFC 5280, section 4.2.1.6). */
    byte[] alternativeNames() {
        var names = new ArrayList<byte[]>();
        for (var host : hosts) {
            names.add(
                    isAddress(host)
                            ? Der.tagged(IP_ADDRESS, address(host))
                            : Der.tagged(DNS_NAME, host.getBytes(StandardCharsets.US_ASCII)));
        }
        return Der.sequence(names.toArray(new byte[0][]));
    }

    static boolean isAddress(String host) {
        return ADDRESS.matcher(host).matches();
    }

    private static byte[] address(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress(); // a literal: nobody is asked
        } catch (UnknownHostException e) {
            throw new TegaException.Invalid("'" + literal + "' is neither a host name nor an IP address");
        }
    }
}
