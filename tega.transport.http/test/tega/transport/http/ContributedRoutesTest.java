package tega.transport.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Action;
import tega.api.spi.Route;
import tega.api.spi.Routes;

/** What other bundles serve over REST. */
class ContributedRoutesTest {
    private final HttpClient http = HttpClient.newHttpClient();

    private final Routes boxes = () -> List.of(
            Route.of(
                            "GET",
                            "/_boxes",
                            "The boxes",
                            request -> Route.Answer.json(
                                    Value.array(Value.of(request.identity().tegaId()), Value.of(request.flag("all")))))
                    .flag("all", "the empty ones too"),
            Route.of(
                            "PUT",
                            "/_boxes/{name}/lid",
                            "Puts a lid on",
                            request -> Route.Answer.bytes(
                                    "text/plain", (request.required("name") + " " + request.value()).getBytes(UTF_8)))
                    .text("name", "the box")
                    .takes("application/json", "1")
                    .gives("text/plain")
                    .needs(Action.WRITE),
            Route.of("DELETE", "/_boxes/{name}", "Removes a box", request -> {
                        throw new TegaException.NotFound("there is no box " + request.required("name"));
                    })
                    .text("name", "the box")
                    .gives()
                    .fails(404));

    private HttpResponse<String> send(TestServer server, String method, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(server.uri().resolve(path))
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void areServedAndDescribedWhileTheyAreThere() throws Exception {
        try (var server = new TestServer()) {
            assertThat(send(server, "GET", "/_boxes", "").statusCode()).isEqualTo(404);
            server.server.add(boxes);
            assertThat(send(server, "GET", "/_boxes?all=True&tega_id=me", "").body())
                    .isEqualTo("[\"me\",true]");
            var put = send(server, "PUT", "/_boxes/a%2Fb/lid", "[1]");
            assertThat(put.body()).isEqualTo("a/b [1]");
            assertThat(put.headers().firstValue("Content-Type")).contains("text/plain");
            var gone = send(server, "DELETE", "/_boxes/red", "");
            assertThat(gone.statusCode()).isEqualTo(404);
            assertThat(gone.body()).contains("\"code\":\"NOT_FOUND\"", "there is no box red");
            assertThat(send(server, "POST", "/_boxes/red", "").statusCode()).isEqualTo(405);
            assertThat(send(server, "DELETE", "/_boxes//", "").statusCode()).isNotEqualTo(200);
            assertThat(send(server, "GET", "/_openapi.json", "").body())
                    .contains("\"/_boxes/{name}/lid\":{\"put\"", "\"in\":\"path\",\"name\":\"name\"");
            server.server.remove(boxes);
            assertThat(send(server, "GET", "/_boxes", "").statusCode()).isEqualTo(404);
            assertThat(send(server, "GET", "/_openapi.json", "").body()).doesNotContain("_boxes");
        }
    }

    @Test
    void standInForTheServersOwn() throws Exception {
        try (var server = new TestServer()) {
            assertThat(send(server, "POST", "/_sync", "").statusCode()).isEqualTo(404);
            Routes sync = () -> List.of(Route.of("POST", "/_sync", "Synchronises", request -> Route.Answer.empty())
                    .gives());
            server.server.add(sync);
            assertThat(send(server, "POST", "/_sync", "").statusCode()).isEqualTo(200);
            server.server.remove(sync);
            assertThat(send(server, "POST", "/_sync", "").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void needWhatTheySay() throws Exception {
        try (var server = new TestServer()) {
            server.server.add(boxes);
            server.parts.authorizer.fill((identity, action, path) -> action == Action.WRITE && path.isEmpty());
            assertThat(send(server, "GET", "/_boxes", "").statusCode()).isEqualTo(403);
            assertThat(send(server, "PUT", "/_boxes/a/lid", "1").statusCode()).isEqualTo(200);
        }
    }
}
