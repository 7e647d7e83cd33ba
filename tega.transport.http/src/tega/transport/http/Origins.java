package tega.transport.http;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of other sites away (RFC 6454): a browser says where a page comes from, and only pages that came from this
 * server, or from a site that was allowed, may change something or connect. Other clients send no origin. Pages of allowed sites
 * are told so (CORS), and no others.
 */
final class Origins {
    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");

    private final List<String> allowed;
    private final String bind;

    /** {@code allowed}: origins as browsers send them, {@code https://console.example:8443}. */
    Origins(List<String> allowed, String bind) {
        this.allowed = allowed.stream()
                .map(origin -> origin.toLowerCase(Locale.ROOT))
                .map(origin -> origin.endsWith("/") ? origin.substring(0, origin.length() - 1) : origin)
                .toList();
        this.bind = bind;
    }

    /** Whether {@code request} comes from no page at all, from one of this server's own, or from one that may. */
    boolean isWelcome(Request request) {
        var origin = request.getHeaders().get(HttpHeader.ORIGIN);
        return origin == null || isAllowed(origin) || isOwn(origin, host(request));
    }

    /** The same for a GET that does something: browsers send no origin with it, but newer ones say that it is of another site. */
    boolean isWelcomeToAct(Request request) {
        var site = request.getHeaders().get("Sec-Fetch-Site");
        return isWelcome(request)
                && (site == null
                        || site.equals("same-origin")
                        || site.equals("none")
                        || request.getHeaders().contains(HttpHeader.ORIGIN));
    }

    private boolean isAllowed(String origin) {
        return !allowed.isEmpty() && allowed.contains(origin.toLowerCase(Locale.ROOT));
    }

    private static @Nullable String host(Request request) {
        var host = request.getHeaders().get(HttpHeader.HOST);
        return host == null ? request.getHttpURI().getAuthority() : host;
    }

    static boolean isOwn(String origin, @Nullable String host) {
        var from = origin.startsWith("http://")
                ? origin.substring("http://".length())
                : origin.startsWith("https://") ? origin.substring("https://".length()) : "";
        return host != null && !from.isEmpty() && from.equalsIgnoreCase(host);
    }

    /**
     * Whether the server was asked for under a name that is surely its own. A page can have its own name resolve to this machine
     * and then is, for its browser, a page of this server; the name is what gives it away.
     */
    boolean isOwnName(Request request) {
        var name = Request.getServerName(request);
        if (name == null || name.isEmpty()) {
            return true;
        }
        var lower = name.toLowerCase(Locale.ROOT);
        return lower.indexOf(':') >= 0
                || NUMBERS.matcher(lower).matches()
                || lower.equals("localhost")
                || lower.endsWith(".localhost")
                || lower.equalsIgnoreCase(bind)
                || allowed.stream().anyMatch(origin -> name(origin).equals(lower));
    }

    private static String name(String origin) {
        var from = origin.substring(origin.indexOf("//") + 2);
        var colon = from.lastIndexOf(':');
        return colon < 0 ? from : from.substring(0, colon);
    }

    /** Tells the browser that the page may read the answer, if it is one of an allowed site. */
    void tell(Request request, Response response) {
        if (allowed.isEmpty()) {
            return;
        }
        var headers = response.getHeaders();
        headers.add(HttpHeader.VARY, "Origin");
        var origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin != null && isAllowed(origin)) {
            headers.add("Access-Control-Allow-Origin", origin);
            headers.add("Access-Control-Expose-Headers", "ETag, Link, Tega-Revision");
        }
    }

    /** Whether it is the question of a browser what an allowed page may do, which {@link #answer} answers. */
    boolean isQuestion(Request request) {
        var origin = request.getHeaders().get(HttpHeader.ORIGIN);
        return request.getMethod().equals("OPTIONS")
                && request.getHeaders().contains("Access-Control-Request-Method")
                && origin != null
                && isAllowed(origin);
    }

    /** What an allowed page may do: everything that {@link #tell} lets it read the answer of. */
    static Answer answer() {
        return new Answer(204, null, new byte[0])
                .with("Access-Control-Allow-Methods", "GET, HEAD, PUT, PATCH, POST, DELETE")
                .with(
                        "Access-Control-Allow-Headers",
                        "Accept, Authorization, Content-Type, If-Match, If-None-Match, Last-Event-ID, Tega-Message")
                .with("Access-Control-Max-Age", "600");
    }
}
