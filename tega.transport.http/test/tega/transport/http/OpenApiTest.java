package tega.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;
import tega.json.Json;

/** The documents about the wire say what is so. */
class OpenApiTest {
    private final HttpClient http = HttpClient.newHttpClient();

    private ObjectValue fetch(TestServer server, String path) throws Exception {
        var answer =
                http.send(HttpRequest.newBuilder(server.uri().resolve(path)).build(), BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        return (ObjectValue) new Json().readJson(answer.body());
    }

    private static ObjectValue object(ObjectValue from, String... names) {
        for (var name : names) {
            from = (ObjectValue) from.get(name);
        }
        return from;
    }

    /** Every request of the transcripts is one of the document's, and so is its status. */
    @Test
    void transcriptsKeepToTheDocument() throws Exception {
        try (var server = new TestServer()) {
            var paths = object(fetch(server, "/_openapi.json"), "paths");
            var checked = 0;
            for (var file : Transcript.all()) {
                var lines = Transcript.lines(file);
                for (var i = 0; i < lines.size(); i++) {
                    if (lines.get(i).startsWith("> ")
                            && (i == 0 || !lines.get(i - 1).startsWith("> "))) {
                        var words = lines.get(i).split(" ", -1);
                        var status = lines.subList(i, lines.size()).stream()
                                .filter(line -> line.startsWith("< "))
                                .findFirst()
                                .orElseThrow()
                                .substring(2);
                        checked += documented(paths, words[1], words[2], status) ? 1 : 0;
                    }
                }
            }
            assertThat(checked).isGreaterThan(80);
        }
    }

    private static boolean documented(ObjectValue paths, String method, String target, String status) {
        var path = target.replaceAll("[?].*", "");
        var own = path.startsWith("/_") || path.startsWith("/%5F");
        var known = paths.get(own ? path : "/{path}");
        if (known == null
                || object(paths, own ? path : "/{path}").get(method.toLowerCase(java.util.Locale.ROOT)) == null) {
            assertThat(status).as(method + " " + target).isIn("404", "405");
            return false;
        }
        var responses = object((ObjectValue) known, method.toLowerCase(java.util.Locale.ROOT), "responses");
        assertThat(responses.has(status))
                .as(method + " " + target + " " + status)
                .isTrue();
        return true;
    }

    /** The examples of bodies are taken by the requests they belong to. */
    @Test
    void examplesWork() throws Exception {
        try (var server = new TestServer()) {
            server.calls.add(tega.api.Path.of("x"), call -> call.kwargs());
            server.tega().put(tega.api.Path.of("doc"), Value.object());
            var paths = object(fetch(server, "/_openapi.json"), "paths");
            for (var path : paths) {
                for (var operation : (ObjectValue) path.value()) {
                    if (!(operation.value() instanceof ObjectValue described) || !described.has("requestBody")) {
                        continue;
                    }
                    for (var body : object(described, "requestBody", "content")) {
                        var type = body.name();
                        var example = ((StringValue) ((ObjectValue) body.value()).get("example")).text();
                        var uri = server.uri() + path.name().replace("{path}", "doc") + "?path=x";
                        var answer = http.send(
                                HttpRequest.newBuilder(URI.create(uri))
                                        .header("Content-Type", type)
                                        .method(
                                                operation.name().toUpperCase(java.util.Locale.ROOT),
                                                HttpRequest.BodyPublishers.ofString(example))
                                        .build(),
                                BodyHandlers.ofString(StandardCharsets.UTF_8));
                        assertThat(answer.statusCode())
                                .as(uri + " " + answer.body())
                                .isEqualTo(200);
                    }
                }
            }
        }
    }

    /** Every example of a frame is in a transcript, sent by whom the document says. */
    @Test
    void framesAreThoseOfTheTranscripts() throws Exception {
        var sent = new ArrayList<String>();
        var received = new ArrayList<String>();
        for (var file : Transcript.all()) {
            for (var line : Transcript.lines(file)) {
                if (line.matches("[A-Z]> .*")) {
                    sent.add(line.substring(3).replace("⏎", "\n"));
                } else if (line.matches("[A-Z]< .*")) {
                    received.add(line.substring(3).replace("⏎", "\n"));
                }
            }
        }
        for (var frame : AsyncApi.FRAMES) {
            assertThat(frame.fromClient() ? sent : received)
                    .anyMatch(line -> line.replaceAll("\\{\\{\\w+}}", "1").equals(frame.example()));
        }
        try (var server = new TestServer()) {
            var document = fetch(server, "/_asyncapi.json");
            assertThat(object(document, "channels", "tega_v2", "messages").has("watch"))
                    .isTrue();
        }
    }

    /** The reference page has a row for every request, with every parameter and every error of it. */
    @Test
    void thePageIsComplete() throws Exception {
        var rows = Files.readAllLines(Path.of("../docs/rest.md"));
        try (var server = new TestServer()) {
            for (var path : object(fetch(server, "/_openapi.json"), "paths")) {
                for (var operation : (ObjectValue) path.value()) {
                    if (!(operation.value() instanceof ObjectValue described)) {
                        continue;
                    }
                    var call = "`" + operation.name().toUpperCase(java.util.Locale.ROOT) + " " + path.name() + "`";
                    var row = rows.stream()
                            .filter(line -> line.startsWith("| " + call))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError("no row for " + call));
                    for (var parameter : (ArrayValue) described.get("parameters")) {
                        var name = ((StringValue) ((ObjectValue) parameter).get("name")).text();
                        assertThat(name.equals("tega_id") || row.contains("`" + name + "`"))
                                .as(call + " " + name)
                                .isTrue();
                    }
                    for (var response : (ObjectValue) described.get("responses")) {
                        var status = response.name();
                        assertThat(status.equals("200")
                                        || status.equals("400")
                                        || status.equals("401")
                                        || status.equals("403")
                                        || status.equals("503")
                                        || row.contains(status))
                                .as(call + " " + status)
                                .isTrue();
                    }
                }
            }
        }
    }
}
