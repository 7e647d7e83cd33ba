package tega.client;

import java.net.URI;
import java.time.Duration;
import java.util.ServiceLoader;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;
import tega.api.spi.Connector;
import tega.api.spi.JsonCodec;
import tega.api.spi.Server;
import tega.api.spi.Sessions;

/** Reaches servers by HTTP and HTTPS. */
public final class HttpConnector implements Connector {
    private final JsonCodec json;
    private final Duration ttl;

    /** With the codec that {@link ServiceLoader} finds. */
    public HttpConnector() {
        this(ServiceLoader.load(JsonCodec.class)
                .findFirst()
                .orElseThrow(
                        () -> new TegaException.Unavailable("no JSON codec is on the class path; tega.json has one")));
    }

    /** With this codec. */
    public HttpConnector(JsonCodec json) {
        this(json, Sessions.TTL);
    }

    private HttpConnector(JsonCodec json, Duration ttl) {
        this.json = json;
        this.ttl = ttl;
    }

    /** The same for clients whose ephemeral nodes stay so long when their connection is lost: 0 to 3600 seconds, not 10. */
    public HttpConnector ttl(Duration time) {
        return new HttpConnector(json, time);
    }

    @Override
    public Server connect(URI address, String tegaId, @Nullable String token, @Nullable SSLContext tls) {
        var http = URI.create(address.toString().replaceFirst("^ws", "http"));
        return new RemoteServer(new Rest(http, tegaId, token, tls, ttl, json), tegaId);
    }
}
