package tega.access;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A private certificate authority: X.509 version 3 by RFC 5280, keys on P-256, signed with ECDSA and SHA-256. Keys and signatures
 * are Java's; only the fields around them are written here, and every certificate is read back and verified before it is given out.
 */
final class CertificateAuthority {
    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    private static final int SERIAL_BITS = 127;

    private final PrivateKey key;
    private final X509Certificate certificate;
    private final SecureRandom random;

    CertificateAuthority(PrivateKey key, X509Certificate certificate, SecureRandom random) {
        this.key = key;
        this.certificate = certificate;
        this.random = random;
    }

    X509Certificate certificate() {
        return certificate;
    }

    PrivateKey key() {
        return key;
    }

    static KeyPair keys(SecureRandom random) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    /** One that signs itself. */
    static CertificateAuthority make(CertificateRequest.Validity validity, String name, SecureRandom random)
            throws GeneralSecurityException {
        var keys = keys(random);
        var request =
                new CertificateRequest(name, keys.getPublic(), CertificateRequest.Use.AUTHORITY, List.of(), validity);
        var certificate = sign(request, commonName(name), keys.getPublic(), keys.getPrivate(), random);
        return new CertificateAuthority(keys.getPrivate(), certificate, random);
    }

    /** A certificate as requested. */
    X509Certificate sign(CertificateRequest request) throws GeneralSecurityException {
        return sign(
                request, certificate.getSubjectX500Principal().getEncoded(), certificate.getPublicKey(), key, random);
    }

    private static X509Certificate sign(
            CertificateRequest request, byte[] issuer, PublicKey issuerKey, PrivateKey key, SecureRandom random)
            throws GeneralSecurityException {
        var content = Der.sequence(
                Der.tagged(0xa0, Der.integer(BigInteger.TWO)), // version 3
                Der.integer(new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE)),
                ECDSA_WITH_SHA256,
                issuer,
                Der.sequence(
                        Der.time(request.validity().from()),
                        Der.time(request.validity().until())),
                commonName(request.name()),
                request.key().getEncoded(),
                Der.tagged(0xa3, extensions(request, issuerKey)));
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key, random);
        signature.update(content);
        var whole = Der.sequence(content, ECDSA_WITH_SHA256, Der.bits(signature.sign(), 0));
        if (!(CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole))
                instanceof X509Certificate certificate)) {
            throw new GeneralSecurityException("this Java makes no X.509 certificate of X.509");
        }
        certificate.verify(issuerKey);
        return certificate;
    }

    private static byte[] commonName(String name) {
        return Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.text(name))));
    }

    /** RFC 5280, section 4.2.1. */
    private static byte[] extensions(CertificateRequest request, PublicKey issuerKey) throws GeneralSecurityException {
        var isAuthority = request.use() == CertificateRequest.Use.AUTHORITY;
        var extensions = new ArrayList<byte[]>();
        extensions.add(extension(
                "2.5.29.19", // basic constraints: an authority, though for none below it
                true,
                isAuthority ? Der.sequence(Der.truth(), Der.integer(BigInteger.ZERO)) : Der.sequence()));
        extensions.add(extension(
                "2.5.29.15", // key usage: keyCertSign and cRLSign, or digitalSignature
                true,
                isAuthority ? Der.bits(new byte[] {0x06}, 1) : Der.bits(new byte[] {(byte) 0x80}, 7)));
        if (!isAuthority) {
            var purpose = request.use() == CertificateRequest.Use.SERVER ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2";
            extensions.add(extension("2.5.29.37", false, Der.sequence(Der.oid(purpose))));
            extensions.add(extension("2.5.29.35", false, Der.sequence(Der.tagged(0x80, keyId(issuerKey)))));
        }
        extensions.add(extension("2.5.29.14", false, Der.octets(keyId(request.key()))));
        if (!request.hosts().isEmpty()) {
            extensions.add(extension("2.5.29.17", false, request.alternativeNames()));
        }
        return Der.sequence(extensions.toArray(new byte[0][]));
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(oid), Der.truth(), Der.octets(value))
                : Der.sequence(Der.oid(oid), Der.octets(value));
    }

    /** By RFC 7093, section 2, method 1: of the key's SHA-256 the first 160 bits. */
    private static byte[] keyId(PublicKey key) throws GeneralSecurityException {
        var encoded = key.getEncoded();
        var point = Arrays.copyOfRange(encoded, encoded.length - 65, encoded.length); // uncompressed, P-256
        return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(point), 20);
    }
}
