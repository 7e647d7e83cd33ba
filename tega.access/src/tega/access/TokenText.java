package tega.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The text of a token: {@code tega_ID_SECRET}. The id is to find it by and no secret; the secret has 256 bits, so that a plain
 * hash of it tells nothing and needs no salt.
 */
record TokenText(String id, String text) {
    private static final String PREFIX = "tega_";
    private static final int ID_BYTES = 6;
    private static final int SECRET_BYTES = 32;
    private static final int LONGEST = 128;

    static TokenText make(RandomGenerator random) {
        var id = new byte[ID_BYTES];
        random.nextBytes(id);
        var secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        var name = HexFormat.of().formatHex(id);
        return new TokenText(
                name,
                PREFIX + name + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** Empty when it does not even look like a token. */
    static Optional<TokenText> read(String text) {
        var end = text.indexOf('_', PREFIX.length());
        return text.startsWith(PREFIX) && end > 0 && text.length() <= LONGEST
                ? Optional.of(new TokenText(text.substring(PREFIX.length(), end), text))
                : Optional.empty();
    }

    String hash() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** Whether it is the text that {@code hash} is of; takes the same time for every wrong one. */
    boolean proves(String hash) {
        return MessageDigest.isEqual(
                hash().getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
    }

    /** Does not tell the secret. */
    @Override
    public String toString() {
        return PREFIX + id + "_...";
    }
}
