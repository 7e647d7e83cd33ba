package tega.access;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import tega.api.TegaException;

/** Keys and certificates as text (RFC 7468). What a file holds beside what is looked for is passed over. */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*([A-Za-z0-9+/=\\s]*?)-----END \\1-----");
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});
    private static final int LARGEST = 1 << 20;

    private record Block(String label, String base64) {
        byte[] bytes() {
            return Base64.getMimeDecoder().decode(base64);
        }
    }

    private Pem() {}

    /** One block of text. */
    static String write(String label, byte[] bytes) {
        return "-----BEGIN " + label + "-----\n" + LINES.encodeToString(bytes) + "\n-----END " + label + "-----\n";
    }

    static String write(X509Certificate certificate) throws CertificateException {
        return write("CERTIFICATE", certificate.getEncoded());
    }

    /** The certificates of a file, in their order; {@code INVALID} when there are none. */
    static List<X509Certificate> certificates(Path file) {
        var certificates = new ArrayList<X509Certificate>();
        try {
            var factory = CertificateFactory.getInstance("X.509");
            for (var block : blocks(file)) {
                if (block.label().equals("CERTIFICATE")
                        && factory.generateCertificate(new ByteArrayInputStream(block.bytes()))
                                instanceof X509Certificate certificate) {
                    certificates.add(certificate);
                }
            }
        } catch (CertificateException e) {
            throw new TegaException.Invalid(file + " holds a certificate that is none: " + e.getMessage());
        }
        if (certificates.isEmpty()) {
            throw new TegaException.Invalid("there is no certificate in " + file + " (-----BEGIN CERTIFICATE-----)");
        }
        return certificates;
    }

    /** The private key of a file, for the algorithm that its certificate names; {@code INVALID} when there is none. */
    static PrivateKey key(Path file, String algorithm) {
        for (var block : blocks(file)) {
            if (block.label().equals("PRIVATE KEY")) {
                try {
                    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(block.bytes()));
                } catch (GeneralSecurityException e) {
                    throw new TegaException.Invalid("the key in " + file + " is no " + algorithm
                            + " key, which its certificate asks for: " + e.getMessage());
                }
            }
            if (block.label().endsWith("PRIVATE KEY")) {
                throw new TegaException.Invalid(
                        "the key in " + file + " is a " + block.label() + "; 'openssl pkcs8 -topk8 -nocrypt -in " + file
                                + " -out NEW' makes of it the PRIVATE KEY (PKCS#8, unencrypted) that is read here");
            }
        }
        throw new TegaException.Invalid("there is no key in " + file + " (-----BEGIN PRIVATE KEY-----)");
    }

    private static List<Block> blocks(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new TegaException.Invalid(file + " is larger than " + LARGEST + " bytes, so it is no PEM file");
            }
            var blocks = new ArrayList<Block>();
            var found = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            while (found.find()) {
                blocks.add(new Block(found.group(1), found.group(2)));
            }
            return blocks;
        } catch (IOException | IllegalArgumentException e) {
            throw new TegaException.Invalid(file + " cannot be read: " + e);
        }
    }
}
