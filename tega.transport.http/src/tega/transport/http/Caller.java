package tega.transport.http;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import tega.api.ErrorCode;
import tega.api.Identity;
import tega.api.TegaException;
import tega.api.spi.Credentials;

/**
 * Who is at the other end of a request or a connection, by what was shown when it began. Its name follows from that alone; what
 * it asks to be called is only its {@code tega_id}.
 */
final class Caller {
    /**
     * What a page in a browser, which cannot set headers for a WebSocket, puts before its token among the subprotocols. It is
     * never what the server agrees on, so that it is in the request alone.
     */
    static final String TOKEN_PROTOCOL = "tega.token.";

    private final Credentials credentials;
    private final Parts parts;
    private final Identity shown;

    private Caller(Credentials credentials, Parts parts) {
        this.credentials = credentials;
        this.parts = parts;
        this.shown = parts.authenticator().authenticate(credentials, null);
    }

    /** {@code UNAUTHENTICATED} when what it shows proves nobody; {@code UNAVAILABLE} when nobody can tell. */
    static Caller of(Request request, Parts parts, Origins origins) {
        var credentials = credentials(request);
        if (credentials instanceof Credentials.Loopback && !origins.isOwnName(request)) {
            throw new Refusal(
                    403,
                    ErrorCode.FORBIDDEN,
                    "programs of this machine are let in without a token under its own names only, and '"
                            + Request.getServerName(request)
                            + "' is none: use 127.0.0.1 or localhost, show a token, or allow it with --origin");
        }
        return new Caller(credentials, parts);
    }

    private static Credentials credentials(Request request) {
        var headers = request.getHeaders();
        var connection = request.getConnectionMetaData();
        var authorization = headers.get(HttpHeader.AUTHORIZATION);
        if (authorization == null) {
            var token = token(headers);
            authorization = token == null ? null : "Bearer " + token;
        }
        if (!(connection.getRemoteSocketAddress() instanceof InetSocketAddress peer) || peer.isUnresolved()) {
            throw new TegaException.Unauthenticated("where the request comes from is not known");
        }
        var tls = connection.getConnection().getEndPoint().getSslSessionData();
        X509Certificate @Nullable [] chain = tls == null ? null : tls.peerCertificates();
        return Credentials.of(
                authorization, chain == null ? List.of() : List.of(chain), peer.getAddress(), isForwarded(headers));
    }

    private static @Nullable String token(HttpFields headers) {
        if (headers.contains(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL)) {
            for (var protocol : headers.getCSV(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, false)) {
                if (protocol.startsWith(TOKEN_PROTOCOL)) {
                    return protocol.substring(TOKEN_PROTOCOL.length());
                }
            }
        }
        return null;
    }

    /** Whether a proxy passed it on: then it need not come from this machine though its connection does. */
    private static boolean isForwarded(HttpFields headers) {
        return headers.contains(HttpHeader.X_FORWARDED_FOR)
                || headers.contains(HttpHeader.FORWARDED)
                || headers.contains(HttpHeader.VIA)
                || headers.contains("X-Real-IP");
    }

    /** Under the name it has when it asks for none. */
    Identity identity() {
        return shown;
    }

    /** Under the name it goes by; {@code INVALID} when no client could. */
    Identity identity(String tegaId) {
        return new Identity(shown.author(), Clients.name(tegaId));
    }

    /** {@code UNAUTHENTICATED} when what it showed is worth nothing any more. */
    void check() {
        // Nothing becomes of having shown nothing.
        if (credentials instanceof Credentials.Bearer || credentials instanceof Credentials.Certificate) {
            var now = parts.authenticator().authenticate(credentials, null);
            if (!now.author().equals(shown.author())) {
                throw new TegaException.Unauthenticated("this is " + now.author() + " now");
            }
        }
    }
}
