package tega.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Value;
import tega.json.Json;

/** Whatever is put by REST is read back equal by REST, wherever it is put. */
class HttpRoundTripProperties {
    private static final Json JSON = new Json();
    private static TestServer server;
    private static HttpClient http;
    private static int tries;

    @BeforeContainer
    static void start() {
        server = new TestServer();
        http = HttpClient.newHttpClient();
    }

    @AfterContainer
    static void stop() {
        server.close();
    }

    @Property(tries = 150)
    void whatIsPutIsRead(@ForAll("values") Value value, @ForAll("names") List<String> names)
            throws IOException, InterruptedException {
        var uri = URI.create(
                server.uri() + Path.of("r" + ++tries).append(Path.of(names)).toUrl());
        var body = names.isEmpty() ? Value.object("v", value) : value;
        var put = http.send(
                HttpRequest.newBuilder(uri)
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(JSON.toJson(body)))
                        .build(),
                BodyHandlers.ofString());
        assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
        var got = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
        assertThat(JSON.readJson(got.body())).isEqualTo(body);
        var yaml = http.send(
                HttpRequest.newBuilder(uri).header("Accept", "application/yaml").build(), BodyHandlers.ofString());
        assertThat(JSON.readYaml(yaml.body())).isEqualTo(body);
    }

    /** Names as a URL can carry them: Jetty takes no NUL, and a client of the JDK resolves dots by itself. */
    @Provide
    Arbitrary<List<String>> names() {
        return Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(8)
                .filter(name -> name.chars().noneMatch(c -> c == 0 || Character.isSurrogate((char) c))
                        && !name.equals(".")
                        && !name.equals(".."))
                .list()
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<Value> values() {
        Arbitrary<Value> leaves = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(12).map(Value::of),
                Arbitraries.longs().map(Value::of),
                Arbitraries.bigDecimals().map(Value::of),
                Arbitraries.of(true, false).map(Value::of),
                Arbitraries.just(Value.NULL));
        return Arbitraries.recursive(() -> leaves, HttpRoundTripProperties::collections, 0, 3);
    }

    private static Arbitrary<Value> collections(Arbitrary<Value> inner) {
        Arbitrary<Value> arrays = inner.list().ofMaxSize(3).map(Value::array);
        Arbitrary<Value> objects = Arbitraries.maps(Arbitraries.strings().ofMaxLength(5), inner)
                .ofMaxSize(3)
                .map(HttpRoundTripProperties::object);
        return Arbitraries.oneOf(arrays, objects);
    }

    private static ObjectValue object(java.util.Map<String, Value> members) {
        return Value.object(members);
    }
}
