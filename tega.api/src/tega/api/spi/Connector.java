package tega.api.spi;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Reaches servers over the network; found by {@link java.util.ServiceLoader} where there is no OSGi. */
@ProviderType
public interface Connector {
    /**
     * The server at {@code address}, for a client that goes by {@code tegaId} and shows {@code token}, if it has one. Nothing is
     * sent yet: a server that is not there is {@code UNAVAILABLE} when it is first asked.
     */
    Server connect(URI address, String tegaId, @Nullable String token);
}
