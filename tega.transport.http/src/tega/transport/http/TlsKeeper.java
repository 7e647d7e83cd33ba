package tega.transport.http;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http2.HTTP2Cipher;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;
import tega.api.spi.TlsContexts;

/** The keys and certificates of the port: looks every few seconds whether the files have changed. */
final class TlsKeeper {
    private static final long EVERY = 2;

    private final SslContextFactory.Server factory = new SslContextFactory.Server();
    private volatile TlsContexts.@Nullable Tls tls;
    private volatile @Nullable String trouble;
    private volatile boolean stopped;

    /** {@code clients} tells whether clients are asked for a certificate; they need not have one. */
    TlsKeeper(boolean clients) {
        factory.setWantClientAuth(clients);
        factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        factory.setCipherComparator(HTTP2Cipher.COMPARATOR);
        factory.setUseCipherSuitesOrder(true);
        factory.setRenegotiationAllowed(false);
    }

    /** Uses these keys from now on; those before when they cannot be used. */
    void use(TlsContexts.Tls newer) {
        try {
            factory.reload(f -> f.setSslContext(newer.context()));
            tls = newer;
        } catch (Exception e) {
            throw new TegaException.Internal("TLS does not start: " + e.getMessage(), e);
        }
    }

    SslContextFactory.Server factory() {
        return factory;
    }

    void start(Scheduler scheduler) {
        scheduler.schedule(() -> look(scheduler), EVERY, TimeUnit.SECONDS);
    }

    void stop() {
        stopped = true;
    }

    /** Connections made from now on use what the files hold; those there are stay as they are. */
    private void look(Scheduler scheduler) {
        if (stopped) {
            return;
        }
        try {
            var open = tls;
            if (open != null && open.refresh()) {
                System.getLogger("tega.transport.http")
                        .log(System.Logger.Level.INFO, "certificates were read again, and are in use");
            }
            trouble = null;
        } catch (TegaException e) {
            trouble = e.getMessage() + "; what was read before stays in use";
        }
        start(scheduler);
    }

    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }
}
