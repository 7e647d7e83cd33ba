package tega.transport.http;

import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.alpn.java.server.JDK9ServerALPNProcessor;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.hpack.HpackEncoder;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * What is spoken on the port: HTTP/1.1 and HTTP/2. With TLS the client chooses in the handshake (ALPN); without, by beginning
 * with HTTP/2 (RFC 9113, section 3.3).
 */
final class Protocols {
    private static final int STREAMS = 128;

    private Protocols() {}

    /**
     * Must come before any header is encoded: Jetty finds what encodes headers for HTTP/2 by the context class loader, once, and
     * under OSGi that knows nothing of it.
     */
    static void prepare() {
        within(HpackEncoder.class.getClassLoader(), () -> new PreEncodedHttpField(HttpHeader.SERVER, "tega"));
    }

    static List<ConnectionFactory> of(HttpOptions options, @Nullable TlsKeeper tls) {
        var configuration = configuration(options);
        var http1 = new HttpConnectionFactory(configuration);
        if (tls == null) {
            return List.of(http1, bounded(new Plain(configuration), options));
        }
        // The name in the handshake is the business of whoever made the certificate.
        configuration.addCustomizer(new SecureRequestCustomizer(false, false, -1, false));
        var http2 = bounded(new HTTP2ServerConnectionFactory(configuration), options);
        var alpn = new ALPNServerConnectionFactory[1];
        within(
                JDK9ServerALPNProcessor.class.getClassLoader(),
                () -> alpn[0] = new ALPNServerConnectionFactory("h2", "http/1.1"));
        alpn[0].setDefaultProtocol(http1.getProtocol());
        return List.of(new SslConnectionFactory(tls.factory(), alpn[0].getProtocol()), alpn[0], http2, http1);
    }

    private static void within(ClassLoader loader, Runnable task) {
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            task.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static <T extends AbstractHTTP2ServerConnectionFactory> T bounded(T http2, HttpOptions options) {
        http2.setMaxConcurrentStreams(STREAMS);
        http2.setStreamIdleTimeout(Duration.ofSeconds(1).plus(options.idle()).toMillis());
        // WebSockets come by HTTP/1.1.
        http2.setConnectProtocolEnabled(false);
        return http2;
    }

    private static HttpConfiguration configuration(HttpOptions options) {
        var configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setRequestHeaderSize(options.headerBytes());
        configuration.setHttpCompliance(HttpCompliance.RFC9110);
        // Any string is a name: a slash, a dot or two, and nothing, each escaped, are names and no navigation.
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        configuration.setOutputBufferSize(32 << 10);
        return configuration;
    }

    /** HTTP/2 from its first byte; no upgrade from HTTP/1.1, which RFC 9113 has done away with. */
    private static final class Plain extends HTTP2CServerConnectionFactory {
        Plain(HttpConfiguration configuration) {
            super(configuration);
        }

        @Override
        public @Nullable Connection upgradeConnection(
                Connector connector, EndPoint endPoint, MetaData.Request request, HttpFields.Mutable response) {
            return request.getMethod().equals("PRI")
                    ? super.upgradeConnection(connector, endPoint, request, response)
                    : null;
        }
    }
}
