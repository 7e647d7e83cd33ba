package tega.transport.http;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tega.api.Value;

/** The protocol, row by row: what is shown in the documents is what goes over the wire. */
@Timeout(120)
class TranscriptTest {
    static List<Path> transcripts() throws IOException {
        return Transcript.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("transcripts")
    void replay(Path file) throws Exception {
        try (var server = new TestServer()) {
            server.calls.add(tega.api.Path.of("local", "echo"), call -> Value.array(call.args()));
            server.calls.add(tega.api.Path.of("local", "nothing"), call -> Value.NULL);
            server.calls.add(tega.api.Path.of("local", "fails"), call -> {
                throw new IllegalStateException("out of paper");
            });
            new Transcript(server.uri()).replay(file);
        }
    }
}
