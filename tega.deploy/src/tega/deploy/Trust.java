package tega.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;

/**
 * Whose bundles are taken. A signature is that of Ed25519 (RFC 8032) over the text {@code tega bundle sha256 } and the digest of
 * the jar in lower-case hexadecimal digits, in base64. The keys are the PEM files of a folder, read at each question, so that
 * one can be added or taken away at any time.
 */
final class Trust {
    /** Who must sign. */
    enum Policy {
        /** Everybody. */
        ALWAYS,
        /** Whoever is not on this machine. */
        REMOTE,
        /** Nobody. */
        NEVER;

        static Policy of(@Nullable String word) {
            return word == null
                    ? REMOTE
                    : switch (word) {
                        case "always" -> ALWAYS;
                        case "remote" -> REMOTE;
                        case "never" -> NEVER;
                        default ->
                            throw new TegaException.Invalid(
                                    "tega.deploy.signatures is '" + word + "'; it is always, remote or never");
                    };
        }
    }

    private static final String ALGORITHM = "Ed25519";

    private final Path keys;
    private final Policy policy;

    Trust(Path keys, Policy policy) {
        this.keys = keys;
        this.policy = policy;
    }

    /** {@code FORBIDDEN} or {@code INVALID} with the reason when it may not be run. A signature that is given must be good. */
    void check(Artifact artifact, Delivery delivery) {
        var wanted = delivery.digest();
        if (wanted != null && !wanted.equalsIgnoreCase(artifact.digest())) {
            throw new TegaException.Invalid(
                    "what came has the SHA-256 " + artifact.digest() + ", not " + wanted + "; send it again");
        }
        var signature = delivery.signature();
        if (signature != null) {
            verify(artifact, signature);
        } else if (policy == Policy.ALWAYS || (policy == Policy.REMOTE && delivery.remote())) {
            throw new TegaException.Forbidden(
                    tega.api.Path.EMPTY,
                    artifact.name() + " is not signed, and "
                            + (policy == Policy.ALWAYS ? "everything" : "what comes from elsewhere")
                            + " must be; docs/plugins.md tells how");
        }
    }

    private void verify(Artifact artifact, String signature) {
        var trusted = trusted();
        for (var key : trusted) {
            if (isBy(key, artifact.digest(), signature)) {
                return;
            }
        }
        throw new TegaException.Forbidden(
                tega.api.Path.EMPTY,
                "the signature of " + artifact.name() + " is by none of the " + trusted.size() + " keys in " + keys);
    }

    private List<PublicKey> trusted() {
        var trusted = new ArrayList<PublicKey>();
        if (Files.isDirectory(keys)) {
            try (var files = Files.newDirectoryStream(keys, "*.pem")) {
                for (var file : files) {
                    trusted.add(key(file));
                }
            } catch (IOException e) {
                throw new TegaException.Unavailable("the keys in " + keys + " cannot be read: " + e.getMessage(), e);
            }
        }
        return trusted;
    }

    private static PublicKey key(Path file) throws IOException {
        try {
            return KeyFactory.getInstance(ALGORITHM)
                    .generatePublic(new X509EncodedKeySpec(pem(Files.readString(file))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new TegaException.Invalid(file + " is no public key of Ed25519 in PEM; mend it or move it away");
        }
    }

    /** What stands between the dashes. */
    static byte[] pem(String text) {
        return Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
    }

    /** What is signed. */
    static byte[] statement(String digest) {
        return ("tega bundle sha256 " + digest).getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean isBy(PublicKey key, String digest, String signature) {
        try {
            var verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(statement(digest));
            return verifier.verify(Base64.getMimeDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false; // a signature of another form is a wrong one
        }
    }
}
