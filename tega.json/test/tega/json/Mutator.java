package tega.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Spoils texts: a few random cuts, copies, swaps and insertions, so that most of the text stays what it was. */
final class Mutator {
    private static final int LARGEST = 4096;
    private static final List<byte[]> PIECES = List.of(
                    "{",
                    "}",
                    "[",
                    "]",
                    ",",
                    ":",
                    "\"",
                    "\\",
                    "-",
                    "0",
                    "1",
                    ".",
                    "e",
                    "E",
                    "+",
                    " ",
                    "\n",
                    "\r",
                    "\t",
                    "\u0000",
                    "é",
                    "😀",
                    "\\u",
                    "\\ud800",
                    "\\udc00",
                    "null",
                    "true",
                    "NaN",
                    "\"a\":",
                    "\"a\":1,",
                    "[[[[",
                    "{\"a\":",
                    "]]]]",
                    "1e999",
                    "&a ",
                    "*a",
                    "*a, *a",
                    "- ",
                    "? ",
                    ": ",
                    "|\n",
                    ">\n",
                    "#",
                    "!!str ",
                    "!",
                    "%YAML 1.2\n",
                    "---\n",
                    "...\n",
                    "'",
                    "<<: ",
                    "~",
                    "  ",
                    "\ufeff",
                    "\u0085",
                    "\u2028",
                    "00000000",
                    "99999999999999999999",
                    "\"rev\":1,",
                    "\"edits\":[[[\"a\"],1]],",
                    "\"confirm\":{\"window\":1}")
            .stream()
            .map(piece -> piece.getBytes(StandardCharsets.UTF_8))
            .toList();

    private final List<byte[]> seeds;
    private final RandomGenerator random;

    Mutator(List<byte[]> seeds, RandomGenerator random) {
        this.seeds = seeds;
        this.random = random;
    }

    /** The next spoiled text. */
    byte[] next() {
        var text = seed();
        for (var i = random.nextInt(5); i >= 0; i--) {
            text = mutate(text);
        }
        return text.length > LARGEST ? Arrays.copyOf(text, LARGEST) : text;
    }

    private byte[] seed() {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private byte[] mutate(byte[] text) {
        var from = random.nextInt(text.length + 1);
        var to = Math.min(text.length, from + random.nextInt(8));
        return switch (random.nextInt(8)) {
            case 0 -> splice(text, from, to, new byte[0]);
            case 1 -> splice(text, from, from, new byte[] {(byte) random.nextInt(256)});
            case 2 -> splice(text, from, Math.min(text.length, from + 1), new byte[] {(byte) random.nextInt(256)});
            case 3 -> splice(text, from, to, Arrays.copyOfRange(text, from, to), Arrays.copyOfRange(text, from, to));
            case 4 -> Arrays.copyOf(text, from);
            case 5 -> splice(text, from, to, seed());
            default -> splice(text, from, random.nextBoolean() ? from : to, PIECES.get(random.nextInt(PIECES.size())));
        };
    }

    private static byte[] splice(byte[] text, int from, int to, byte[]... middle) {
        var size = Arrays.stream(middle).mapToInt(piece -> piece.length).sum();
        var result = Arrays.copyOf(text, text.length - (to - from) + size);
        var at = from;
        for (var piece : middle) {
            System.arraycopy(piece, 0, result, at, piece.length);
            at += piece.length;
        }
        System.arraycopy(text, to, result, at, text.length - to);
        return result;
    }
}
