package tega.plugins.nlan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names of interfaces: readable where they fit into what the kernel takes. */
final class Names {
    private static final int LONGEST = 15;

    private Names() {}

    /** {@code prefix} and {@code text}, or a digest of it where that is too long. */
    static String fit(String prefix, String text) {
        var name = prefix + text;
        if (name.length() <= LONGEST) {
            return name;
        }
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return prefix + HexFormat.of().formatHex(digest).substring(0, LONGEST - prefix.length());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String bridge(long vni) {
        return "br" + vni;
    }

    static String tunnel(long vni) {
        return "vx" + vni;
    }
}
