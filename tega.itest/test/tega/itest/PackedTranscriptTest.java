package tega.itest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tega.transport.http.Transcript;

/** The protocol, row by row, as the packed server speaks it. */
@Timeout(120)
class PackedTranscriptTest {
    @TempDir
    private Path folder;

    static List<Path> transcripts() throws IOException {
        return Transcript.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("transcripts")
    void replay(Path file) throws Exception {
        var plugins = Guest.folder(folder.resolve("plugins")).toString();
        try (var rig = Rig.boot(folder.resolve("data"), "-t", "srv", "-e", plugins, "-Dtega.deploy.tree=false")) {
            new Transcript(rig.address()).atAnyTime().replay(file);
        }
    }
}
