package tega.access;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Who is believed about the other side. Without authorities of its own, a client believes those of the Java in use, and a server
 * believes nobody: the certificates of the public web must never become names here.
 */
final class FileTrust extends X509ExtendedTrustManager {
    private volatile @Nullable X509ExtendedTrustManager authorities;
    private volatile @Nullable X509ExtendedTrustManager everyday;

    /** Believes these from now on. */
    void use(@Nullable X509ExtendedTrustManager trust) {
        authorities = trust;
    }

    private X509ExtendedTrustManager forClients() throws CertificateException {
        var trust = authorities;
        if (trust == null) {
            throw new CertificateException("no authority for client certificates is named");
        }
        return trust;
    }

    private X509ExtendedTrustManager forServers() throws CertificateException {
        var trust = authorities;
        if (trust != null) {
            return trust;
        }
        trust = everyday;
        if (trust == null) {
            try {
                trust = TlsMaterial.trusting((java.security.KeyStore) null);
            } catch (GeneralSecurityException e) {
                throw new CertificateException("the authorities of this Java cannot be used", e);
            }
            everyday = trust;
        }
        return trust;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        forClients().checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        forClients().checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        forClients().checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        forServers().checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        forServers().checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        forServers().checkServerTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        var trust = authorities;
        return trust == null ? new X509Certificate[0] : trust.getAcceptedIssuers();
    }
}
