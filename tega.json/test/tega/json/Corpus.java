package tega.json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The texts kept under {@code corpus/}, one a line. */
final class Corpus {
    private Corpus() {}

    /** The lines of a file that are no notes. */
    static List<String> lines(String file) {
        try (var in = Corpus.class.getResourceAsStream("corpus/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("# "))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes a line of the JSON files stands for. */
    static byte[] bytes(String line) {
        if (line.equals("empty")) {
            return new byte[0];
        }
        if (!line.startsWith("hex: ")) {
            return line.getBytes(StandardCharsets.UTF_8);
        }
        var bytes = new ByteArrayOutputStream();
        for (var hex : line.substring(5).split(" ")) {
            bytes.write(Integer.parseInt(hex, 16));
        }
        return bytes.toByteArray();
    }

    /** The text a line of the YAML files stands for. */
    static String text(String line) {
        return line.equals("empty") ? "" : line.replace('⏎', '\n').replace('␀', '\0');
    }
}
