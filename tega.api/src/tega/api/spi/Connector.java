package tega.api.spi;

import java.net.URI;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Reaches servers over the network; found by {@link java.util.ServiceLoader} where there is no OSGi. */
@ProviderType
public interface Connector {
    /**
     * The server at {@code address}, for a client that goes by {@code tegaId} and shows {@code token}, if it has one. Nothing is
     * sent yet: a server that is not there is {@code UNAVAILABLE} when it is first asked.
     */
    default Server connect(URI address, String tegaId, @Nullable String token) {
        return connect(address, tegaId, token, null);
    }

    /**
     * The same; at an {@code https} address with {@code tls}, which says whose word is taken about the server and what certificate
     * is shown ({@link TlsContexts} makes one of files). Null: that of the Java in use, which believes the usual authorities and
     * shows nothing. {@code wss} and {@code ws} are other words for {@code https} and {@code http}.
     */
    Server connect(URI address, String tegaId, @Nullable String token, @Nullable SSLContext tls);
}
