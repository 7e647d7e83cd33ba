package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may come in and do what, on the packed server: tended over REST, and the same through every door. */
@Timeout(180)
class AccessTest {
    @TempDir
    private Path data;

    private final HttpClient http = HttpClient.newHttpClient();
    private Rig rig;

    @BeforeEach
    void boot() {
        rig = Rig.boot(data);
    }

    @AfterEach
    void kill() {
        rig.close();
    }

    private HttpRequest.Builder as(String token, String target) {
        var request = HttpRequest.newBuilder(rig.address().resolve(target));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private String tend(int status, String method, String target, String body) throws Exception {
        var answer = send(as("", target).method(method, BodyPublishers.ofString(body)));
        assertThat(answer.statusCode())
                .as(method + " " + target + ": " + answer.body())
                .isEqualTo(status);
        return answer.body();
    }

    private String token(String name) throws Exception {
        return member(tend(200, "POST", "/_tokens", "{\"name\":\"" + name + "\"}"), "token");
    }

    private static String member(String json, String name) {
        return json.replaceAll("(?s).*\"" + name + "\":\"([^\"]*)\".*", "$1");
    }

    /** Every request about access, each with what it shows afterwards and with its errors. */
    @Test
    void tokensGrantsAndGroupsAreTendedOverRest() throws Exception {
        var made = tend(200, "POST", "/_tokens", "{\"name\":\"alice\",\"days\":90}");
        var token = member(made, "token");
        var id = member(made, "id");
        assertThat(tend(200, "GET", "/_tokens", "")).contains(id, "\"expires\"").doesNotContain(token);
        tend(400, "POST", "/_tokens", "{\"days\":90}");
        tend(400, "POST", "/_tokens", "[]");
        tend(400, "POST", "/_tokens", "{\"name\":\"console:root\"}");

        tend(200, "POST", "/_grants", "{\"grant\":\"@ops may read,write config\"}");
        assertThat(tend(200, "GET", "/_grants", "")).contains("\"grant\":\"@ops may read,write config\"");
        tend(400, "POST", "/_grants", "{\"grant\":\"@ops can read config\"}");
        tend(200, "PUT", "/_groups/@ops/alice", "");
        assertThat(tend(200, "GET", "/_groups", "")).isEqualTo("{\"@ops\":[\"alice\"]}");
        assertThat(tend(200, "GET", "/_explain?name=alice&action=write&path=config.x", ""))
                .contains("@ops may read,write config");
        tend(400, "GET", "/_explain?name=alice&action=look", "");
        assertThat(send(as(token, "/_whoami")).body())
                .contains("\"name\":\"alice\"", "\"everything\":false", "@ops may read,write config");
        tend(200, "PUT", "/config/x", "1");
        assertThat(send(as(token, "/config/x")).statusCode()).isEqualTo(200);
        assertThat(send(as(token, "/_tokens")).statusCode())
                .as("no administrator")
                .isEqualTo(403);

        tend(200, "DELETE", "/_groups/@ops/alice", "");
        tend(404, "DELETE", "/_groups/@ops/alice", "");
        assertThat(send(as(token, "/config/x")).statusCode()).isEqualTo(403);
        tend(200, "DELETE", "/_grants?grant=%40ops+may+read%2Cwrite+config", "");
        tend(404, "DELETE", "/_grants?grant=%40ops+may+read%2Cwrite+config", "");
        tend(200, "PUT", "/_blocked/0aff", "");
        assertThat(tend(200, "GET", "/_blocked", "")).isEqualTo("[\"aff\"]");
        assertThat(tend(200, "DELETE", "/_tokens/" + id, "")).contains("\"revoked\"");
        tend(404, "DELETE", "/_tokens/nosuch", "");
        assertThat(send(as(token, "/_whoami")).statusCode()).isEqualTo(401);

        assertThat(tend(200, "GET", "/_audit?limit=3", "")).contains("\"by\":\"local\"", id);
        assertThat(tend(200, "GET", "/_audit?kind=refusals", "")).contains("\"by\":\"alice\"", "was revoked");
        tend(400, "GET", "/_audit?kind=all", "");
        tend(400, "GET", "/_audit?limit=0", "");
    }

    /** One reader of {@code own} and one who may do nothing, at REST, event streams, both WebSockets and the command line. */
    @Test
    void everyDoorAsksTheSame() throws Exception {
        tend(200, "PUT", "/own/a", "1");
        tend(200, "PUT", "/other/z", "1");
        var reader = token("reader");
        tend(200, "POST", "/_grants", "{\"grant\":\"reader may read own\"}");
        var nobody = token("nobody");

        assertThat(rest(reader, "own")).isEqualTo("read");
        assertThat(rest(reader, "other")).isEqualTo("");
        assertThat(rest(nobody, "own")).isEqualTo("");
        assertThat(stream(reader, "own")).isEqualTo(200);
        assertThat(stream(reader, "other")).isEqualTo(403);
        assertThat(stream(nobody, "own")).isEqualTo(403);
        for (var protocol : List.of("tega.v1", "tega.v2")) {
            assertThat(socket(reader, protocol, "own")).as(protocol).doesNotContain("FORBIDDEN");
            assertThat(socket(reader, protocol, "other")).as(protocol).contains("FORBIDDEN");
            assertThat(socket(nobody, protocol, "own")).as(protocol).contains("FORBIDDEN");
        }
        assertThat(cli(reader, "get own")).contains("a: 1");
        assertThat(cli(reader, "get other; put own.a 2; clear; token"))
                .contains("reader has no read grant for 'other'", "reader has no write grant for 'own.a'")
                .contains("reader has no admin grant for the whole database");
        assertThat(cli(nobody, "get own")).contains("FORBIDDEN: nobody has no read grant for 'own'");
        assertThat(cli(nobody + "x", "get own")).contains("UNAUTHENTICATED");

        // What may not be read is not there: the part that may is what a subtree, the roots and the whole consist of.
        assertThat(send(as(reader, "/")).body()).isEqualTo("{\"own\":{\"a\":1}}");
        assertThat(send(as(reader, "/_roots")).body()).isEqualTo("{\"own\":0}");
        assertThat(send(as(nobody, "/")).statusCode()).isEqualTo(403);
        tend(200, "POST", "/_grants", "{\"grant\":\"reader may read deep.seen\"}");
        tend(200, "PUT", "/deep/hidden", "1");
        assertThat(send(as(reader, "/deep")).statusCode())
                .as("a part may be read, and is not there")
                .isEqualTo(404);
        tend(200, "PUT", "/deep/seen", "1");
        assertThat(send(as(reader, "/deep")).body()).isEqualTo("{\"seen\":1}");
        assertThat(send(as(reader, "/deep/hidden")).statusCode()).isEqualTo(403);
        assertThat(send(as(reader, "/deep/nosuch")).statusCode())
                .as("as if it were there")
                .isEqualTo(403);
        // Figures of the server are no part of the database: whoever is let in may see them.
        assertThat(send(as(nobody, "/_metrics")).body()).endsWith("# EOF\n").doesNotContain("hidden");
        assertThat(send(as(nobody, "/_health?figures=1")).statusCode()).isEqualTo(200);
    }

    private String rest(String token, String root) throws Exception {
        var read = send(as(token, "/" + root)).statusCode();
        var write = send(as(token, "/" + root + "/a").PUT(BodyPublishers.ofString("1")))
                .statusCode();
        assertThat(read).isIn(200, 403);
        assertThat(write).isIn(200, 403);
        return (read == 200 ? "read" : "") + (write == 200 ? "write" : "");
    }

    private int stream(String token, String root) throws Exception {
        var answer = http.send(as(token, "/_watch?path=" + root).build(), BodyHandlers.ofInputStream());
        answer.body().close();
        return answer.statusCode();
    }

    /** The first answers to asking for changes, as a page in a browser does it. */
    private String socket(String token, String protocol, String root) throws Exception {
        var v2 = protocol.endsWith("2");
        var heard = new CopyOnWriteArrayList<String>();
        var enough = new CompletableFuture<String>();
        var socket = http.newWebSocketBuilder()
                .subprotocols(protocol, "tega.token." + token)
                .buildAsync(URI.create("ws://" + rig.address().getAuthority() + "/_pubsub"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                        heard.add(text.toString());
                        if (heard.size() == 2) {
                            enough.complete(heard.toString());
                        }
                        from.request(1);
                        return null;
                    }
                })
                .get(30, TimeUnit.SECONDS);
        var frames = v2
                ? List.of(
                        "{\"op\":\"session\",\"id\":0,\"tega_id\":\"c\"}",
                        "{\"op\":\"watch\",\"id\":1,\"path\":\"" + root + "\"}")
                : List.of("SESSION c local", "SUBSCRIBE " + root + " local", "UNSUBSCRIBE x");
        for (var frame : frames) {
            socket.sendText(frame, true).get(30, TimeUnit.SECONDS);
        }
        var told = enough.get(30, TimeUnit.SECONDS);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(30, TimeUnit.SECONDS);
        return told;
    }

    private String cli(String token, String commands) throws Exception {
        var file = Files.writeString(data.resolveSibling("token"), token + "\n");
        List<String> words =
                new ArrayList<>(List.of(Installation.home().resolve("bin/tega").toString(), "cli"));
        words.addAll(List.of("-a", rig.address().toString(), "--token-file", file.toString(), "-c", commands));
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var process = builder.start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
