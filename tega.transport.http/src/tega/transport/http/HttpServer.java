package tega.transport.http;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;
import tega.api.ErrorCode;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Inspectable;
import tega.api.spi.ShellCommand;
import tega.api.spi.TlsContexts;

/** The listening port with everything behind it. Serves from the moment it is started, whatever parts there are. */
public final class HttpServer implements AutoCloseable {
    private static final int FEWEST_THREADS = 4;
    /** The first Java whose virtual threads give their carrier back when they wait for a monitor. */
    private static final int UNPINNED = 24;

    static {
        Protocols.prepare();
    }

    private final HttpOptions options;
    private final Server server;
    private final ServerConnector connector;
    private final QueuedThreadPool threads;
    private final Clients clients;
    private final Connections connections;
    private final Door door;
    private final Sockets sockets;
    private final Routes routes;
    private final Parts parts;

    private final @Nullable TlsKeeper tls;

    /** Not yet listening, and without TLS. */
    public HttpServer(HttpOptions options, Parts parts) {
        this(options, parts, null);
    }

    private HttpServer(HttpOptions options, Parts parts, @Nullable TlsKeeper tls) {
        this.options = options;
        this.parts = parts;
        this.tls = tls;
        this.threads = new QueuedThreadPool(options.threads(), FEWEST_THREADS, 10_000);
        threads.setName("tega-http");
        threads.setReservedThreads(1);
        if (Runtime.version().feature() >= UNPINNED) {
            threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("tega-http-"));
        }
        this.server = new Server(threads, new ScheduledExecutorScheduler("tega-http-timer", true, 1), null);
        this.connector =
                new MeasuredConnector(server, Protocols.of(options, tls).toArray(new ConnectionFactory[0]));
        connector.setHost(options.bind());
        connector.setPort(options.port());
        connector.setIdleTimeout(options.idle().toMillis());
        connector.setReuseAddress(true);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(options.connections(), server));
        this.clients = new Clients(parts);
        this.connections = new Connections(clients, parts);
        this.sockets = new Sockets(server.getScheduler(), new Arrivals(connector, options.arrival()), options);
        var dispatcher = new Dispatcher(threads);
        var webSockets = ServerWebSocketContainer.ensure(server);
        var origins = new Origins(options.origins(), options.bind());
        var pubSub = new PubSub(origins, webSockets, parts, clients, sockets, dispatcher, options);
        this.routes = new Routes(own(pubSub, dispatcher));
        this.door = new Door(routes, parts, clients, origins, options);
        sockets.also(door::lookAfter);
        server.setHandler(door);
        server.setErrorHandler(HttpServer::refused);
    }

    /**
     * One that speaks TLS; {@code clients} tells whether clients are asked for a certificate. It must {@link #use} keys before it
     * is started.
     */
    public static HttpServer secured(HttpOptions options, Parts parts, boolean clients) {
        return new HttpServer(options, parts, new TlsKeeper(clients));
    }

    /** Uses these keys for connections from now on. */
    public void use(TlsContexts.Tls keys) {
        if (tls == null) {
            throw new IllegalStateException("this server speaks no TLS");
        }
        tls.use(keys);
    }

    private List<Route> own(PubSub pubSub, Dispatcher dispatcher) {
        var own = new ArrayList<Route>();
        own.addAll(new TreeResource().routes());
        own.addAll(new DraftResource().routes());
        own.addAll(new HistoryResource().routes());
        own.addAll(new TransactionResource().routes());
        own.addAll(new RpcResource(options).routes());
        own.addAll(new ServerResource(connections).routes());
        own.addAll(new WatchResource(sockets, dispatcher, options).routes());
        own.addAll(pubSub.routes());
        own.addAll(new HealthResource().routes());
        own.add(Route.of(
                "GET",
                "/_asyncapi.json",
                "This server's WebSocket, as AsyncAPI",
                exchange -> Answer.json(AsyncApi.document())));
        own.add(Route.of("GET", "/_openapi.json", "This server's requests, as OpenAPI", exchange -> openApi()));
        return own;
    }

    private Answer openApi() {
        return Answer.json(OpenApi.document(routes.all()));
    }

    /** What Jetty refuses by itself, before anything of tega's sees it: malformed requests, headers that are too large. */
    private static boolean refused(Request request, Response response, Callback callback) {
        var status = response.getStatus();
        var code = status == 414 || status == 431
                ? ErrorCode.LIMIT
                : status >= 500 ? ErrorCode.INTERNAL : ErrorCode.INVALID;
        var reason = request.getAttribute(ErrorHandler.ERROR_MESSAGE) instanceof String text
                ? text
                : HttpStatus.getMessage(status);
        var answer = Problem.answer(status, code, null, "the request cannot be understood: " + reason);
        response.getHeaders().put(Answer.PROBLEM);
        response.write(true, ByteBuffer.wrap(answer.body()), callback);
        return true;
    }

    /** Listens; {@code UNAVAILABLE} with what to do when the address cannot be had. */
    public void start() {
        try {
            connector.open();
        } catch (IOException | IllegalArgumentException e) {
            throw new TegaException.Unavailable(
                    "cannot listen on " + options.bind() + " port " + options.port() + " (" + reason(e)
                            + "); choose another with --bind and --port, or stop who has it",
                    e);
        }
        try {
            server.start();
            sockets.start();
            if (tls != null) {
                tls.start(server.getScheduler());
            }
        } catch (Exception e) {
            close();
            throw new TegaException.Unavailable("HTTP does not start: " + reason(e), e);
        }
    }

    private static String reason(Throwable failure) {
        var cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** Where it listens. */
    public URI uri() {
        var host = options.bind().indexOf(':') < 0 ? options.bind() : "[" + options.bind() + "]";
        return URI.create((tls == null ? "http://" : "https://") + host + ":" + connector.getLocalPort());
    }

    /** Figures of this server. */
    public Inspectable inspectable() {
        return new Inspectable() {
            @Override
            public String subject() {
                return "http";
            }

            @Override
            public Optional<String> trouble() {
                if (tls != null && tls.trouble().isPresent()) {
                    return tls.trouble();
                }
                return threads.isLowOnThreads()
                        ? Optional.of("all " + options.threads() + " threads are at work")
                        : Optional.empty();
            }

            @Override
            public ObjectValue figures() {
                return ObjectValue.builder()
                        .put("requests", Value.of(door.requests()))
                        .put("failures", Value.of(door.failures()))
                        .put(
                                "connections",
                                Value.of(connector.getConnectedEndPoints().size()))
                        .put("clients", Value.of(clients.ids().size()))
                        .put("sockets", Value.of(sockets.sockets()))
                        .put("streams", Value.of(sockets.streams()))
                        .put("slow", Value.of(sockets.slow()))
                        .put("waiting_bytes", Value.of(sockets.waitingBytes()))
                        .put("threads", Value.of(threads.getThreads()))
                        .put("busy_threads", Value.of(threads.getUtilizedThreads()))
                        .build();
            }
        };
    }

    /** Serves what another bundle contributes. */
    public void add(tega.api.spi.Routes contribution) {
        routes.add(contribution, parts);
    }

    /** Serves it no more. */
    public void remove(tega.api.spi.Routes contribution) {
        routes.remove(contribution);
    }

    /** What it adds to the shell. */
    public List<ShellCommand> commands() {
        return ConnectionCommands.all(connections, parts);
    }

    /** A part that connected clients rely on has come or gone: they must connect anew. */
    public void exchanged() {
        clients.exchanged();
        sockets.exchanged();
    }

    /** Ends all connections and gives up the port. */
    @Override
    public void close() {
        sockets.stop();
        if (tls != null) {
            tls.stop();
        }
        try {
            server.stop();
        } catch (Exception e) {
            System.getLogger("tega.transport.http").log(System.Logger.Level.WARNING, "HTTP did not stop cleanly", e);
        }
        server.destroy();
    }
}
