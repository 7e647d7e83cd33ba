package tega.plugins.openwrt.uci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole files as routers have them, and the corners of the grammar. Beside each stands what {@code uci export} makes of it,
 * written by another reader than ours, made from the grammar alone and compared with the real program.
 */
class UciCorpusTest {
    private static Path folder() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(UciCorpusTest.class.getResource("corpus"))
                .toURI());
    }

    private static Stream<String> names(boolean refused) throws Exception {
        try (var files = Files.list(folder())) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".export") && name.startsWith("bad_") == refused)
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    static Stream<String> taken() throws Exception {
        return names(false);
    }

    static Stream<String> refused() throws Exception {
        return names(true);
    }

    private static byte[] bytes(String name) throws IOException, URISyntaxException {
        return Files.readAllBytes(folder().resolve(name));
    }

    private static List<UciPackage> read(String name, byte[] text) throws UciError {
        return UciReader.ofFiles(true).read(name, text);
    }

    @Test
    void thereAreEnough() throws Exception {
        assertThat(taken().count()).isGreaterThanOrEqualTo(60);
        assertThat(refused().count()).isGreaterThanOrEqualTo(12);
    }

    @ParameterizedTest
    @MethodSource("taken")
    void textToTreeToText(String name) throws Exception {
        var read = read(name, bytes(name));
        var throughTheTree = read.stream()
                .map(one -> {
                    var path = tega.api.Path.of("uci", one.name());
                    return UciTree.read(one.name(), UciTree.of(one), path);
                })
                .toList();
        assertThat(UciTree.of(throughTheTree.get(0))).isEqualTo(UciTree.of(read.get(0)));
        assertThat(new String(UciWriter.export(read), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(Files.readString(folder().resolve(name + ".export")));
        assertThat(UciTree.of(read(name, UciWriter.export(throughTheTree)).get(0)))
                .isEqualTo(UciTree.of(read.get(0)));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusedWithItsPlace(String name) {
        assertThatThrownBy(() -> read(name, bytes(name)))
                .isInstanceOf(UciError.class)
                .extracting(e -> ((UciError) e).sentence())
                .asString()
                .matches("line [0-9]+, column [0-9]+: .+");
    }
}
