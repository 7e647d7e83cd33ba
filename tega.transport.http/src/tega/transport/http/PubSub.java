package tega.transport.http;

import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import tega.api.ErrorCode;
import tega.api.spi.Peers;

/** The door for WebSockets: agrees on what is spoken. */
final class PubSub {
    private final Origins origins;
    private final ServerWebSocketContainer container;
    private final Parts parts;
    private final Clients clients;
    private final Sockets sockets;
    private final Dispatcher dispatcher;
    private final HttpOptions options;

    PubSub(
            Origins origins,
            ServerWebSocketContainer container,
            Parts parts,
            Clients clients,
            Sockets sockets,
            Dispatcher dispatcher,
            HttpOptions options) {
        this.origins = origins;
        this.container = container;
        this.parts = parts;
        this.clients = clients;
        this.sockets = sockets;
        this.dispatcher = dispatcher;
        this.options = options;
        container.setIdleTimeout(options.idle());
        container.setMaxTextMessageSize(options.frameBytes());
        container.setMaxFrameSize(options.frameBytes());
    }

    List<Route> routes() {
        return List.of(Route.of("GET", "/_pubsub", "Connects by WebSocket; see /_asyncapi.json", this::connect)
                .gives()
                .fails(101, 426, 429));
    }

    private Reply connect(Exchange exchange) {
        var caller = exchange.caller();
        return (Reply.Stream) (request, response, callback) -> upgrade(caller, request, response, callback);
    }

    private void upgrade(Caller caller, Request request, Response response, Callback callback) {
        if (!origins.isWelcome(request)) {
            refuse(
                    response,
                    callback,
                    Problem.answer(403, ErrorCode.FORBIDDEN, null, "pages of other sites may not connect"));
            return;
        }
        if (sockets.size() >= options.lasting()) {
            refuse(
                    response,
                    callback,
                    Problem.answer(
                            429,
                            ErrorCode.LIMIT,
                            null,
                            "there are " + options.lasting() + " lasting connections, which is the limit"));
            return;
        }
        if (!isUpgrade(request)
                || !container.upgrade(
                        (asked, agreed, done) -> create(caller, asked, agreed), request, response, callback)) {
            refuse(
                    response,
                    callback,
                    Problem.answer(426, ErrorCode.INVALID, null, "this is for WebSockets (RFC 6455)")
                            .with(HttpHeader.UPGRADE, "websocket"));
        }
    }

    private static boolean isUpgrade(Request request) {
        return HttpMethod.GET.is(request.getMethod())
                && "websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE));
    }

    private static void refuse(Response response, Callback callback, Answer answer) {
        response.setStatus(answer.status());
        response.getHeaders().add(Answer.PROBLEM);
        response.getHeaders().add(HttpHeader.CONNECTION, "close");
        answer.headers().forEach(response.getHeaders()::add);
        response.write(true, java.nio.ByteBuffer.wrap(answer.body()), callback);
    }

    private Object create(Caller caller, ServerUpgradeRequest request, ServerUpgradeResponse response) {
        var endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        // Compression costs memory for every connection, and most frames are small.
        response.setExtensions(List.of());
        if (request.hasSubProtocol(Peers.PROTOCOL)) {
            response.setAcceptedSubProtocol(Peers.PROTOCOL);
            return new Socket(
                    (socket, outbox) -> new SyncDialect(socket, caller, outbox, parts),
                    caller,
                    sockets,
                    endPoint,
                    SyncDialect.BOUND);
        }
        var v2 = request.hasSubProtocol(V2Dialect.NAME);
        if (v2) {
            response.setAcceptedSubProtocol(V2Dialect.NAME);
        } else if (request.hasSubProtocol(V1Dialect.NAME)) {
            response.setAcceptedSubProtocol(V1Dialect.NAME);
        }
        Socket.Opening dialect = v2
                ? (socket, outbox) -> new V2Dialect(caller, outbox, parts, clients, dispatcher, options)
                : (socket, outbox) -> new V1Dialect(socket, caller, outbox, parts, clients, dispatcher, options);
        return new Socket(dialect, caller, sockets, endPoint, options.outboundBytes());
    }
}
