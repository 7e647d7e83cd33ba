package tega.transport.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.NegotiatingServerConnection;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections on which a request has been arriving for too long: whoever sends a byte now and then is never idle. Looked
 * at once a second.
 */
final class Arrivals {
    /** What had been received of a connection when its last whole request was, and since when more has come. */
    private record Arrival(long requests, long bytes, long since) {}

    private final ServerConnector connector;
    private final long longest;
    private final Map<EndPoint, Arrival> arrivals = new HashMap<>();

    Arrivals(ServerConnector connector, Duration longest) {
        this.connector = connector;
        this.longest = longest.toNanos();
    }

    void lookAfter(long now) {
        var open = new HashSet<>(connector.getConnectedEndPoints());
        arrivals.keySet().retainAll(open);
        for (var endPoint : open) {
            var connection = inner(endPoint);
            if (connection == null) {
                arrivals.remove(endPoint);
                continue;
            }
            var requests = connection.getMessagesIn();
            var bytes = connection.getBytesIn();
            var known = arrivals.get(endPoint);
            if (known == null) {
                arrivals.put(endPoint, new Arrival(requests, requests == 0 ? 0 : bytes, now));
            } else if (known.requests() != requests || known.bytes() == bytes) {
                arrivals.put(endPoint, new Arrival(requests, bytes, now));
            } else if (now - known.since() > longest) {
                endPoint.close();
            }
        }
    }

    /** What speaks HTTP there, or is about to agree on it; null where a request cannot be on its way. */
    private static @Nullable Connection inner(EndPoint endPoint) {
        var connection = endPoint.getConnection();
        if (connection instanceof SslConnection tls) {
            connection = tls.getSslEndPoint().getConnection();
        }
        if (connection instanceof HTTP2Connection http2) {
            // While a stream is open the client has reason to send something that is no request.
            return http2.getSession().getStreams().isEmpty() ? http2 : null;
        }
        return connection instanceof ConnectionMetaData || connection instanceof NegotiatingServerConnection
                ? connection
                : null;
    }
}
