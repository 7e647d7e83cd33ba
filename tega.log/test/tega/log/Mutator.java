package tega.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Spoils bytes: a few random cuts, copies, swaps, lies about lengths and insertions, so that most stays what it was. */
final class Mutator {
    private static final int LARGEST = 16 << 10;
    private static final List<byte[]> PIECES = List.of(
                    "?\n",
                    "@1\n",
                    "@1e2147483647\n",
                    "@-9e18:x\n",
                    "-1 me a\n",
                    "-999999999 a\n",
                    "*\n",
                    "\n",
                    "\r",
                    "'",
                    "\"",
                    "\\",
                    "\\x",
                    "\\ud800",
                    "\\U0010ffff",
                    "{",
                    "}",
                    "[[[[[[[[",
                    "]",
                    "(",
                    ")",
                    ",",
                    ":",
                    "{'a':",
                    "'ope': 'DELETE'",
                    "'ope': 'SS'",
                    "'path': ''",
                    "'path': 'a.b.c'",
                    "'_ephemeral': True",
                    "'_value': {}",
                    "1e2147483647",
                    "-.e",
                    "1_0",
                    "None",
                    "True",
                    "\u0000",
                    "é",
                    "😀",
                    "\ufeff")
            .stream()
            .map(piece -> piece.getBytes(StandardCharsets.UTF_8))
            .toList();

    private final List<byte[]> seeds;
    private final RandomGenerator random;

    Mutator(List<byte[]> seeds, RandomGenerator random) {
        this.seeds = seeds;
        this.random = random;
    }

    /** The next spoiled bytes. */
    byte[] next() {
        var bytes = seed();
        for (var i = random.nextInt(6); i >= 0; i--) {
            bytes = mutate(bytes);
        }
        return bytes.length > LARGEST ? Arrays.copyOf(bytes, LARGEST) : bytes;
    }

    private byte[] seed() {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private byte[] mutate(byte[] bytes) {
        var from = random.nextInt(bytes.length + 1);
        var to = Math.min(bytes.length, from + random.nextInt(random.nextBoolean() ? 8 : 200));
        return switch (random.nextInt(9)) {
            case 0 -> splice(bytes, from, to, new byte[0]);
            case 1 -> splice(bytes, from, from, new byte[] {(byte) random.nextInt(256)});
            case 2 -> splice(bytes, from, Math.min(bytes.length, from + 1), new byte[] {(byte) random.nextInt(256)});
            case 3 -> splice(bytes, from, to, Arrays.copyOfRange(bytes, from, to), Arrays.copyOfRange(bytes, from, to));
            case 4 -> Arrays.copyOf(bytes, from);
            case 5 -> splice(bytes, from, to, seed());
            case 6 -> splice(bytes, from, Math.min(bytes.length, from + 4), lie());
            case 7 -> splice(bytes, from, to, new byte[to - from]);
            default -> splice(bytes, from, random.nextBoolean() ? from : to, PIECES.get(random.nextInt(PIECES.size())));
        };
    }

    /** A number of four bytes that asks for much. */
    private byte[] lie() {
        var high = (byte) (random.nextBoolean() ? 0x7f : random.nextInt(4));
        return new byte[] {high, (byte) 0xff, (byte) random.nextInt(256), (byte) 0xff};
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[]... middle) {
        var size = Arrays.stream(middle).mapToInt(piece -> piece.length).sum();
        var result = Arrays.copyOf(bytes, bytes.length - (to - from) + size);
        var at = from;
        for (var piece : middle) {
            System.arraycopy(piece, 0, result, at, piece.length);
            at += piece.length;
        }
        System.arraycopy(bytes, to, result, at, bytes.length - to);
        return result;
    }
}
