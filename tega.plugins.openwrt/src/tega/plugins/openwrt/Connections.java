package tega.plugins.openwrt;

import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** The clients of HTTP: one, with its one thread and its connections, for all routers that are trusted in the same way. */
final class Connections {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final Map<String, HttpClient> clients = new ConcurrentHashMap<>();

    /** @param fingerprint the SHA-256 of the router's certificate in hexadecimal; "" trusts what the machine trusts */
    HttpClient of(String fingerprint) {
        return clients.computeIfAbsent(fingerprint, Connections::made);
    }

    private static HttpClient made(String fingerprint) {
        var builder = HttpClient.newBuilder().connectTimeout(DEADLINE).version(HttpClient.Version.HTTP_1_1);
        if (!fingerprint.isEmpty()) {
            builder.sslContext(pinned(fingerprint));
        }
        return builder.build();
    }

    private static SSLContext pinned(String fingerprint) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new PinnedCertificate(fingerprint)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
