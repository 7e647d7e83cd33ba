package tega.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;
import tega.api.spi.TlsFiles;

/** What was in the files at one moment, found to fit together. */
final class TlsMaterial {
    /** The own key, with its certificate and those that signed it. */
    record Own(PrivateKey key, List<X509Certificate> chain) {}

    private final @Nullable Own own;
    private final @Nullable X509ExtendedTrustManager authorities;

    private TlsMaterial(@Nullable Own own, @Nullable X509ExtendedTrustManager authorities) {
        this.own = own;
        this.authorities = authorities;
    }

    @Nullable
    Own own() {
        return own;
    }

    /** Who is believed about the other side; null where nobody was named. */
    @Nullable
    X509ExtendedTrustManager authorities() {
        return authorities;
    }

    static TlsMaterial read(TlsFiles files) {
        var authorities = files.authorities();
        return new TlsMaterial(own(files), authorities == null ? null : trusting(authorities));
    }

    private static @Nullable Own own(TlsFiles files) {
        var certificates = files.certificates();
        if (certificates == null) {
            return null;
        }
        var key = files.key();
        if (key == null) {
            return keystore(certificates, files.password());
        }
        var chain = Pem.certificates(certificates);
        var own = new Own(Pem.key(key, chain.get(0).getPublicKey().getAlgorithm()), chain);
        if (!fits(own)) {
            throw new TegaException.Invalid("the key in " + key + " is not that of the certificate in " + certificates);
        }
        return own;
    }

    private static Own keystore(Path file, @Nullable String password) {
        var secret = password == null ? new char[0] : password.toCharArray();
        try (var in = Files.newInputStream(file)) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(in, secret);
            for (var alias : Collections.list(store.aliases())) {
                if (store.getKey(alias, secret) instanceof PrivateKey key) {
                    return new Own(key, x509(store.getCertificateChain(alias)));
                }
            }
            throw new TegaException.Invalid("there is no private key in the keystore " + file);
        } catch (IOException | GeneralSecurityException e) {
            throw new TegaException.Invalid("the keystore " + file + " (PKCS#12) cannot be read: " + e.getMessage());
        }
    }

    private static List<X509Certificate> x509(Certificate[] chain) {
        return Arrays.stream(chain).map(X509Certificate.class::cast).toList();
    }

    /** Whether what one signs the other verifies. Kinds of key not known here are taken at their word. */
    private static boolean fits(Own own) {
        var algorithm =
                switch (own.key.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    case "EdDSA" -> "EdDSA";
                    default -> "";
                };
        if (algorithm.isEmpty()) {
            return true;
        }
        try {
            var signature = Signature.getInstance(algorithm);
            signature.initSign(own.key);
            signature.update((byte) 1);
            var signed = signature.sign();
            signature.initVerify(own.chain.get(0).getPublicKey());
            signature.update((byte) 1);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static X509ExtendedTrustManager trusting(Path file) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            var certificates = Pem.certificates(file);
            for (var i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry(Integer.toString(i), certificates.get(i));
            }
            return trusting(store);
        } catch (IOException | GeneralSecurityException e) {
            throw new TegaException.Invalid("the authorities in " + file + " cannot be used: " + e.getMessage());
        }
    }

    /** Those of {@code store}; of the Java in use when it is null. */
    static X509ExtendedTrustManager trusting(@Nullable KeyStore store) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (var manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager trust) {
                return trust;
            }
        }
        throw new CertificateException("this Java has no trust manager for certificates");
    }
}
