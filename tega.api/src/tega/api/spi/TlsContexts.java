package tega.api.spi;

import javax.net.ssl.SSLContext;
import org.osgi.annotation.versioning.ProviderType;

/** Makes TLS contexts of files; found by {@link java.util.ServiceLoader} where there is no OSGi. */
@ProviderType
public interface TlsContexts {
    /** Reads the files; {@code INVALID} naming the one that cannot be used, and why. */
    Tls open(TlsFiles files);

    /** Keys and certificates in use. */
    @ProviderType
    interface Tls {
        /** One context for good: connections made after a {@link #refresh} use what was read then. */
        SSLContext context();

        /**
         * Reads the files again if they have changed since; whether they had. When they cannot be used, what was read before
         * stays in use and this is {@code INVALID}. Cheap enough to be called every few seconds.
         */
        boolean refresh();
    }
}
