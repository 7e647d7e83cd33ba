package tega.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Route;
import tega.api.spi.Routes;

/** Bounds as they are typed, told and kept. */
@Timeout(60)
class BoundTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void areReadAsTheyAreTyped() {
        var options = HttpOptions.DEFAULT.with("body=2M,headers=8k,idle=500ms,arrival=2m,call=7,connections=12");
        assertThat(options.bodyBytes()).isEqualTo(2 << 20);
        assertThat(options.headerBytes()).isEqualTo(8192);
        assertThat(options.idle()).hasMillis(500);
        assertThat(options.arrival()).hasMinutes(2);
        assertThat(options.call()).hasSeconds(7);
        assertThat(options.connections()).isEqualTo(12);
        for (var wrong :
                new String[] {"body", "body=", "body=M", "body=-1", "body=0", "body=9G", "idle=3k", "calls=1s"}) {
            assertThatThrownBy(() -> HttpOptions.DEFAULT.with(wrong))
                    .as(wrong)
                    .isInstanceOf(TegaException.Invalid.class)
                    .hasMessageContaining("limit '");
        }
        assertThatThrownBy(() -> HttpOptions.DEFAULT.with("width=3"))
                .hasMessageContaining("no limit 'width', only body, ");
    }

    @Test
    void areAllOnTheirPage() throws Exception {
        var page = Files.readString(Path.of("../docs/bounds.md"));
        for (var bound : Bound.values()) {
            var row = page.lines()
                    .filter(line -> line.startsWith("| `" + bound.word() + "` |"))
                    .findFirst();
            assertThat(row).as(bound.word()).isPresent();
            var cells = row.orElseThrow().split(" \\| ");
            assertThat(bound.read(cells[1])).as(bound.word()).isEqualTo(bound.standard());
            assertThat(cells[2]).isEqualTo(bound.meaning());
        }
    }

    private HttpResponse<byte[]> put(TestServer server, String path, byte[] body, String coding) throws Exception {
        return http.send(
                HttpRequest.newBuilder(server.uri().resolve(path))
                        .header("Content-Encoding", coding)
                        .PUT(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private static byte[] packed(String text) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void bodiesComeAndGoPacked() throws Exception {
        try (var server = new TestServer(HttpOptions.DEFAULT.with("body=100k"))) {
            var text = "\"" + "x".repeat(50_000) + "\"";
            assertThat(put(server, "/a/b", packed(text), "gzip").statusCode()).isEqualTo(200);
            var got = http.send(
                    HttpRequest.newBuilder(server.uri().resolve("/a/b"))
                            .header("Accept-Encoding", "gzip")
                            .build(),
                    BodyHandlers.ofInputStream());
            assertThat(got.headers().firstValue("Content-Encoding")).contains("gzip");
            assertThat(new GZIPInputStream(got.body()).readAllBytes())
                    .asString()
                    .isEqualTo(text);
            // A bomb: small as it comes, too large as it is meant.
            assertThat(put(server, "/a/b", packed("\"" + "x".repeat(200_000) + "\""), "gzip")
                            .statusCode())
                    .isEqualTo(413);
            assertThat(put(server, "/a/b", new byte[] {1, 2, 3}, "gzip").statusCode())
                    .isEqualTo(400);
            assertThat(put(server, "/a/b", packed(text), "br").statusCode()).isEqualTo(415);
            assertThat(server.tega().get(tega.api.Path.of("a", "b"))).contains(Value.of("x".repeat(50_000)));
        }
    }

    /** Whoever waits for a commit that does not end is told so; the thread goes on with it. */
    @Test
    void anAnswerThatDoesNotComeIsNotWaitedForForever() throws Exception {
        var go = new CountDownLatch(1);
        Routes stuck = () -> java.util.List.of(Route.of("POST", "/_stuck", "Waits", request -> {
            try {
                assertThat(go.await(50, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return Route.Answer.empty();
        }));
        try (var server = new TestServer(HttpOptions.DEFAULT.with("deadline=300ms"))) {
            server.server.add(stuck);
            var answer = http.send(
                    HttpRequest.newBuilder(server.uri().resolve("/_stuck"))
                            .POST(BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
            go.countDown();
            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.body()).contains("\"code\":\"UNKNOWN_OUTCOME\"");
        }
    }
}
