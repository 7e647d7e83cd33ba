package tega.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tega.api.Identity;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Action;
import tega.api.spi.Grant;

/** Who may do what where, through which door: every cell, beside the simplest rules there can be. */
@Timeout(120)
class AccessDoorsTest {
    private static final List<String> GRANTS = List.of(
            "* may read,call,publish news",
            "writer may read,write,call,publish own",
            "writer may not read,write,call,publish own.secret",
            "reader may read **",
            "reader may not read own.secret.k",
            "chief may all **",
            "plugin:bound may read,write,call,publish own");

    private static final List<String> PATHS =
            List.of("own.a", "own.secret.k", "own.secret.l.m", "news.today", "other.z");
    private static final List<String> NAMES = List.of("local", "nobody", "writer", "reader", "chief");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> tokens = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private TestServer server;
    private int cells;

    @BeforeEach
    void world() {
        server = new TestServer();
        for (var name : NAMES.subList(1, NAMES.size())) {
            tokens.put(name, server.admin().issue(name, null).text());
        }
        for (var path : PATHS) {
            server.tega().put(Path.parse(path), Value.of(1));
            server.calls.add(Path.parse(path), call -> Value.of(call.by().author()));
        }
        GRANTS.forEach(line -> server.admin().grant(Grant.parse(line)));
    }

    @AfterEach
    void end() {
        server.close();
    }

    /** At or above the path, allowed and nowhere denied; whoever has no grant of their own and needs prove nothing may everything. */
    private static boolean mayBy(String name, Action action, String path) {
        if (name.equals("local") || name.equals("plugin:free")) {
            return true;
        }
        var allowed = false;
        for (var line : GRANTS) {
            var grant = Grant.parse(line);
            var meant = grant.name().equals(name) || (grant.name().equals("*") && !name.startsWith("plugin:"));
            var pattern = grant.pattern().toString().replace("**", "");
            var above = pattern.isEmpty() || (path + ".").startsWith(pattern + ".");
            if (meant && above && grant.actions().contains(action)) {
                if (grant.deny()) {
                    return false;
                }
                allowed = true;
            }
        }
        return allowed;
    }

    private void cell(String door, String name, Action action, String path, boolean was) {
        cells++;
        if (was != mayBy(name, action, path)) {
            wrong.add(door + ": " + name + (was ? " could " : " could not ") + action.grant() + " " + path);
        }
    }

    private HttpRequest.Builder request(String name, String target) {
        var request = HttpRequest.newBuilder(server.uri().resolve(target));
        var token = tokens.get(name);
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private int status(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString()).statusCode();
    }

    private static String url(String path) {
        return "/" + path.replace('.', '/');
    }

    @Test
    void everyCell() throws Exception {
        for (var name : NAMES) {
            for (var path : PATHS) {
                rest(name, path);
                stream(name, path);
            }
            cell("REST", name, Action.ADMIN, "", status(request(name, "/_ss").POST(BodyPublishers.noBody())) == 200);
            cell("REST", name, Action.ADMIN, "", tended(name));
            for (var protocol : List.of("tega.v1", "tega.v2")) {
                socket(name, protocol);
            }
        }
        for (var bundle : List.of("free", "bound")) {
            for (var path : PATHS) {
                plugin(Identity.plugin(bundle), path);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(cells).isGreaterThan(200);
    }

    private void rest(String name, String path) throws Exception {
        cell("REST", name, Action.READ, path, status(request(name, url(path))) == 200);
        cell(
                "REST old",
                name,
                Action.READ,
                path,
                status(request(name, url(path) + "?version=0&internal=True")) != 403
                        && status(request(name, "/_blame?path=" + path)) == 200);
        cell(
                "REST",
                name,
                Action.WRITE,
                path,
                status(request(name, url(path)).PUT(BodyPublishers.ofString("1"))) == 200);
        var transaction = "{\"ops\":[{\"op\":\"put\",\"path\":\"" + path + "\",\"value\":1}]}";
        cell(
                "REST /_tx",
                name,
                Action.WRITE,
                path,
                status(request(name, "/_tx").POST(BodyPublishers.ofString(transaction))) == 200);
        cell(
                "REST",
                name,
                Action.CALL,
                path,
                status(request(name, "/_rpc?path=" + path).POST(BodyPublishers.noBody())) == 200);
    }

    private boolean tended(String name) {
        try {
            return !server.access.as(new Identity(name, "x")).tokens().isEmpty();
        } catch (TegaException.Forbidden e) {
            return false;
        }
    }

    private void stream(String name, String path) throws Exception {
        var answer = http.send(request(name, "/_watch?path=" + path).build(), BodyHandlers.ofInputStream());
        cell("SSE", name, Action.READ, path, answer.statusCode() == 200);
        answer.body().close();
    }

    private void socket(String name, String protocol) throws Exception {
        var v2 = protocol.endsWith("2");
        var chief = connect("chief", protocol);
        var client = connect(name, protocol);
        for (var path : PATHS) {
            var subscribed = v2
                    ? client.ask("{\"op\":\"watch\",\"id\":1,\"path\":\"" + path + "\"}")
                    : client.ask("SUBSCRIBE " + path + " local\nUNSUBSCRIBE x");
            if (!v2 && !subscribed.startsWith("ERROR")) {
                client.ask("UNSUBSCRIBE " + path);
            }
            cell(protocol, name, Action.READ, path, !subscribed.contains("FORBIDDEN"));
            if (v2 && !subscribed.contains("FORBIDDEN")) {
                client.ask("{\"op\":\"unwatch\",\"id\":1}");
            }
            var called = v2
                    ? client.ask("{\"op\":\"call\",\"id\":2,\"path\":\"" + path + "\"}")
                    : client.ask("REQUEST 1 RPC x " + path + "\n{\"args\":[],\"kwargs\":{}}");
            cell(protocol, name, Action.CALL, path, called.contains("\"" + name + "\""));
            var published = v2
                    ? client.ask("{\"op\":\"publish\",\"id\":3,\"channel\":\"" + path + "\",\"message\":1}")
                    : client.ask("PUBLISH " + path + "\n{\"message\":1}\nUNSUBSCRIBE x");
            cell(protocol, name, Action.PUBLISH, path, !published.contains("FORBIDDEN"));
        }
        chief.socket.abort();
        client.socket.abort();
    }

    private void plugin(Identity plugin, String text) {
        var path = Path.parse(text);
        var tega = server.store.sessions().tega(plugin);
        cell("plugin", plugin.author(), Action.READ, text, may(() -> tega.get(path)));
        cell("plugin", plugin.author(), Action.WRITE, text, may(() -> tega.put(path, Value.of(1))));
        cell("plugin", plugin.author(), Action.PUBLISH, text, may(() -> server.channels
                .as(plugin)
                .publish(path, Value.NULL)));
        cell("plugin", plugin.author(), Action.CALL, text, may(() -> server.calls
                .as(plugin)
                .call(path, List.of(), Value.object(), java.time.Duration.ofSeconds(30))
                .toCompletableFuture()
                .join()));
    }

    private static boolean may(Runnable act) {
        try {
            act.run();
            return true;
        } catch (TegaException.Forbidden e) {
            return false;
        } catch (java.util.concurrent.CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(TegaException.Forbidden.class);
            return false;
        }
    }

    /** Neither a wrong token nor a good one under another's name gets anybody in. */
    @Test
    void wrongTokensAndBorrowedNames() throws Exception {
        tokens.put("thief", tokens.get("chief") + "x");
        for (var target :
                List.of("/own/a", "/_roots", "/_whoami", "/_watch", "/_pubsub", "/_metrics", "/_ids", "/nosuch")) {
            assertThat(status(request("thief", target))).as(target).isEqualTo(401);
        }
        assertThat(status(request("writer", "/own/a?tega_id=chief").PUT(BodyPublishers.ofString("2"))))
                .isEqualTo(200);
        var commit = server.tega()
                .history()
                .log(Path.parse("own.a"), Long.MAX_VALUE, 1)
                .get(0);
        assertThat(commit.by()).isEqualTo(new Identity("writer", "chief"));
        assertThat(status(request("writer", "/other/z?tega_id=chief"))).isEqualTo(403);
        // whose tega_id it is keeps it, and what it owns
        var owner = connect("writer", "tega.v1", "mine");
        assertThat(connect("chief", "tega.v1", "mine").greeting).startsWith("ERROR FORBIDDEN");
        assertThat(status(
                        request("writer", "/own/e?ephemeral=True&tega_id=mine").PUT(BodyPublishers.ofString("1"))))
                .isEqualTo(200);
        assertThat(status(request("chief", "/own/f?ephemeral=True&tega_id=mine").PUT(BodyPublishers.ofString("1"))))
                .isEqualTo(400);
        owner.socket.abort();
    }

    @Test
    void aRevokedTokenEndsItsConnections() throws Exception {
        var client = connect("writer", "tega.v1");
        var id = server.admin().tokens().stream()
                .filter(token -> token.name().equals("writer"))
                .findFirst()
                .orElseThrow()
                .id();
        server.admin().revoke(id);
        assertThat(client.next()).startsWith("closed 4401 UNAUTHENTICATED");
        assertThat(status(request("writer", "/own/a"))).isEqualTo(401);
    }

    private Client connect(String name, String protocol) throws Exception {
        return connect(name, protocol, name + "-" + protocol + "-" + cells);
    }

    /** As a page in a browser does it: the token is among the subprotocols. */
    private Client connect(String name, String protocol, String tegaId) throws Exception {
        var client = new Client();
        var builder = http.newWebSocketBuilder();
        var token = tokens.get(name);
        if (token == null) {
            builder.subprotocols(protocol);
        } else {
            builder.subprotocols(protocol, "tega.token." + token);
        }
        client.socket = builder.buildAsync(URI.create("ws://" + server.uri().getAuthority() + "/_pubsub"), client)
                .get(60, TimeUnit.SECONDS);
        assertThat(client.socket.getSubprotocol()).isEqualTo(protocol);
        client.greeting = protocol.endsWith("2")
                ? client.ask("{\"op\":\"session\",\"id\":0,\"tega_id\":\"" + tegaId + "\"}")
                : client.ask("SESSION " + tegaId + " local");
        return client;
    }

    private static final class Client implements WebSocket.Listener {
        private final LinkedBlockingQueue<String> frames = new LinkedBlockingQueue<>();
        private WebSocket socket;
        private String greeting = "";

        /** The first answer to the frames, which are sent one after the other. */
        String ask(String text) throws Exception {
            var second = text.indexOf("\nUNSUBSCRIBE");
            socket.sendText(second < 0 ? text : text.substring(0, second), true).get(60, TimeUnit.SECONDS);
            if (second < 0) {
                return next();
            }
            socket.sendText(text.substring(second + 1), true).get(60, TimeUnit.SECONDS);
            var first = next();
            if (first.startsWith("ERROR")) {
                next();
            }
            return first;
        }

        String next() throws InterruptedException {
            @Nullable String frame = frames.poll(60, TimeUnit.SECONDS);
            return String.valueOf(frame);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            frames.add(data.toString());
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            frames.add("closed " + code + " " + reason);
            return null;
        }
    }
}
