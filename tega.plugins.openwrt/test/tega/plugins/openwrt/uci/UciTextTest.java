package tega.plugins.openwrt.uci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tega.api.Path;

/** What the texts of {@code uci.txt} say, or what is wrong with them, and that what they say survives every way there and back. */
class UciTextTest {
    private record Case(String name, String text, String expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() throws IOException {
        var cases = new ArrayList<Case>();
        try (var stream = UciTextTest.class.getResourceAsStream("uci.txt")) {
            var all = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            for (var one : all.split("(?m)^=== ")) {
                if (!one.isBlank()) {
                    var title = one.indexOf('\n');
                    var line = one.indexOf("\n---\n", title);
                    var text = one.substring(title + 1, line + 1)
                            .replace("<tab>", "\t")
                            .replace("<cr>", "\r")
                            .replace("<vt>", "\u000b")
                            .replace("<nul>", "\0")
                            .replace("<bom>", "\ufeff")
                            .replace("<end>\n", "");
                    cases.add(new Case(
                            one.substring(0, title),
                            text,
                            one.substring(line + 5).strip()));
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void says(Case one) {
        assertThat(told(one.name, one.text)).isEqualTo(one.expected);
    }

    private static String told(String name, String text) {
        var reader = UciReader.ofImports(!name.startsWith("lax"));
        try {
            var packages = reader.read("net", text.getBytes(StandardCharsets.UTF_8));
            return Stream.concat(
                            packages.stream().map(one -> one.name() + " " + UciTree.of(one)),
                            reader.skipped().stream().map(UciError::sentence))
                    .collect(Collectors.joining("\n"));
        } catch (UciError e) {
            return e.sentence();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void survives(Case one) throws UciError {
        List<UciPackage> packages;
        try {
            packages = UciReader.ofImports(!one.name.startsWith("lax"))
                    .read("net", one.text.getBytes(StandardCharsets.UTF_8));
        } catch (UciError e) {
            return;
        }
        var text = UciWriter.export(packages);
        assertThat(UciReader.ofImports(true).read("net", text)).isEqualTo(packages);
        for (var read : packages) {
            assertThat(UciTree.read(read.name(), UciTree.of(read), Path.EMPTY)).isEqualTo(read);
        }
    }
}
