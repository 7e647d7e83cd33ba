package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tega.api.ArrayValue;
import tega.api.NullValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.JsonCodec;

/** The scenarios that all drivers share ({@code drivers/conformance}), on {@code tega.client}. */
class ConformanceTest {
    private static final Path FOLDER = Path.of("../drivers/conformance");
    private static final Set<String> CAN =
            Set.of("watch", "messages", "serve", "ephemeral", "ttl", "drafts", "revisions", "edges", "returning");
    private static final JsonCodec JSON =
            ServiceLoader.load(JsonCodec.class).findFirst().orElseThrow();

    @TempDir
    private static Path data;

    private static ObjectValue read(Path file) throws IOException {
        return (ObjectValue) JSON.readJson(Files.readAllBytes(file));
    }

    static List<Value> items(ObjectValue object, String name) {
        return object.get(name) instanceof ArrayValue array ? array.items() : List.of();
    }

    static String text(ObjectValue object, String name) {
        return object.get(name) instanceof StringValue text ? text.text() : "";
    }

    @TestFactory
    Stream<DynamicTest> scenarios() throws IOException {
        int port;
        try (var any = new ServerSocket(0)) {
            port = any.getLocalPort();
        }
        var stage = new Stage(data.resolve("var"), port);
        var tests = new ArrayList<DynamicTest>();
        for (var file : files()) {
            for (var item : items(read(file), "scenarios")) {
                var scenario = (ObjectValue) item;
                tests.add(DynamicTest.dynamicTest(
                        file.getFileName() + ": " + text(scenario, "name"), () -> play(scenario, stage)));
            }
        }
        assertThat(tests).hasSizeGreaterThan(40);
        return tests.stream().onClose(stage::close);
    }

    private static List<Path> files() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    private static void play(ObjectValue scenario, Stage stage) throws Exception {
        for (var need : items(scenario, "needs")) {
            assertThat(CAN).contains(((StringValue) need).text());
        }
        stage.clear();
        try (var play = new Play(stage)) {
            for (var step : items(scenario, "steps")) {
                play.step((ObjectValue) step);
            }
        }
    }

    @Test
    void pathsHaveTheirForms() throws IOException {
        var document = read(FOLDER.resolve("paths.json"));
        for (var item : items(document, "paths")) {
            var form = (ObjectValue) item;
            var path = tega.api.Path.from(Value.array(items(form, "names")));
            var dotted = items(form, "dotted");
            for (var text : dotted) {
                assertThat(tega.api.Path.parse(((StringValue) text).text())).isEqualTo(path);
            }
            assertThat(Value.of(path.toString())).isEqualTo(dotted.get(0));
            if (form.get("url") instanceof NullValue) {
                assertThatThrownBy(path::toUrl).isInstanceOf(TegaException.Invalid.class);
            } else {
                assertThat(path.toUrl()).isEqualTo(text(form, "url"));
            }
        }
        for (var text : items(document, "invalid")) {
            assertThatThrownBy(() -> tega.api.Path.parse(((StringValue) text).text()))
                    .isInstanceOf(TegaException.Invalid.class);
        }
    }

    /** The server of all scenarios, on a port and a data folder that it keeps. */
    static final class Stage implements AutoCloseable {
        private final Path folder;
        private final int port;
        private Rig rig;

        Stage(Path folder, int port) {
            this.folder = folder;
            this.port = port;
            this.rig = boot();
        }

        private Rig boot() {
            return Rig.boot(folder, "-p", Integer.toString(port));
        }

        int port() {
            return port;
        }

        void clear() {
            assertThat(rig.post("/_clear", "").statusCode()).isEqualTo(200);
        }

        void act(String act) {
            switch (act) {
                case "kill" -> rig.kill();
                case "stop" -> rig.stop();
                case "start" -> rig = boot();
                default -> throw new IllegalArgumentException(act);
            }
        }

        @Override
        public void close() {
            rig.close();
        }
    }
}
