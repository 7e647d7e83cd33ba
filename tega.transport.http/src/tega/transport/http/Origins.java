package tega.transport.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of other sites away (RFC 6454): a browser says where a page comes from, and only pages that came from this
 * server may change something or connect. Other clients send no origin.
 */
final class Origins {
    private Origins() {}

    /** Whether {@code request} comes from no page at all, or from one of this server's own. */
    static boolean isOwn(Request request) {
        var origin = request.getHeaders().get(HttpHeader.ORIGIN);
        return origin == null || isOwn(origin, request.getHeaders().get(HttpHeader.HOST));
    }

    static boolean isOwn(String origin, @Nullable String host) {
        var from = origin.startsWith("http://")
                ? origin.substring("http://".length())
                : origin.startsWith("https://") ? origin.substring("https://".length()) : "";
        return host != null && !from.isEmpty() && from.equalsIgnoreCase(host);
    }
}
