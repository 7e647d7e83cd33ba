package tega.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Confirm;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;
import tools.jackson.core.JacksonException;

/**
 * Spoiled texts are taken or refused by name: no other exception, no hang, no memory beyond what the text is worth, and what is
 * taken reads back as what it was. {@code -Dtega.nightly=true} tries a hundred times as many with a seed of the day; a failure
 * names the text in hexadecimal, which then goes into the corpus.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MutationTest {
    private static final boolean NIGHTLY = Boolean.getBoolean("tega.nightly");
    private static final int TRIES = NIGHTLY ? 2_000_000 : 20_000;
    private static final long SEED = NIGHTLY ? System.currentTimeMillis() / 86_400_000 : 20260101;
    /** What reading at most 4 KiB may allocate, twice, beside a constant; aliases of YAML may add their limit. */
    private static final long MEMORY = 64L << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Json json = new Json();
    private final Commits commits = new Commits();

    @Test
    void json() {
        var seeds = new ArrayList<byte[]>();
        Corpus.lines("json-taken.txt").forEach(line -> seeds.add(Corpus.bytes(line)));
        Corpus.lines("json-refused.txt").forEach(line -> seeds.add(Corpus.bytes(line.split(" ", 3)[2])));
        spoil(seeds, this::readJson);
    }

    private void readJson(byte[] text) {
        Value value;
        try {
            value = json.readJson(text);
        } catch (TegaException.Invalid | TegaException.LimitExceeded e) {
            assertThat(e.getMessage()).startsWith("line ");
            if (e instanceof TegaException.Invalid && isLegal(text)) {
                throw new AssertionError("another reader takes it, but: " + e.getMessage());
            }
            return;
        }
        assertThat(json.readJson(json.toJson(value))).isEqualTo(value);
        try {
            assertThat(JacksonOracle.read(text)).isEqualTo(value);
        } catch (JacksonException e) {
            assertThat(e.getOriginalMessage())
                    .as("why another reader does not take it")
                    .contains("surrogate");
        }
    }

    /** Whether the other reader takes it and it is not one of the texts that that one should not take. */
    private static boolean isLegal(byte[] text) {
        try {
            JacksonOracle.read(text);
            return Utf8.firstInvalid(text, 0, text.length) < 0 && text[0] >= 0;
        } catch (JacksonException | IllegalArgumentException | TegaException.Invalid e) {
            return false;
        }
    }

    @Test
    void yaml() {
        var seeds = new ArrayList<byte[]>();
        Corpus.lines("yaml-taken.txt").forEach(line -> seeds.add(utf8(Corpus.text(line.split(" => ")[0]))));
        Corpus.lines("yaml-refused.txt").forEach(line -> seeds.add(utf8(Corpus.text(line.split(" ", 3)[2]))));
        Corpus.lines("json-taken.txt").forEach(line -> seeds.add(Corpus.bytes(line)));
        spoil(seeds, this::readYaml);
    }

    private void readYaml(byte[] text) {
        try {
            var value = json.readYaml(new String(text, StandardCharsets.UTF_8));
            assertThat(json.readYaml(json.toYaml(value))).isEqualTo(value);
        } catch (TegaException.Invalid | TegaException.LimitExceeded e) {
            assertThat(e.getMessage())
                    .doesNotContain("<stream", "<block", "<document", "org.")
                    .hasSizeLessThan(300);
        }
    }

    @Test
    void commits() {
        var seeds = new ArrayList<byte[]>();
        Corpus.lines("commits-refused.txt").forEach(line -> seeds.add(Corpus.bytes(line.split(" => ")[0])));
        for (var value : List.of("1", "\"a\"", "{\"a\":{\"b\":[1,null]}}")) {
            seeds.add(commits.encode(commit(json.readJson(value))));
        }
        spoil(seeds, this::readCommit);
    }

    private static Commit commit(Value value) {
        return new Commit(
                7,
                Instant.ofEpochMilli(1767225600123L),
                new Identity("alice", "cli"),
                "s1",
                CommitKind.REVERT,
                "why",
                5,
                List.of(Edit.put(Path.of("a", "b.c"), value), Edit.delete(Path.of("a", "d"))),
                List.of("note"),
                new Confirm(Duration.ofSeconds(90), true, List.of(Edit.delete(Path.of("a", "b.c")))),
                Map.of());
    }

    private void readCommit(byte[] text) {
        try {
            var commit = commits.decode(text, 0, text.length);
            var line = commits.encode(commit);
            assertThat(commits.decode(line, 0, line.length)).isEqualTo(commit);
        } catch (TegaException.Damaged e) {
            assertThat(e.getMessage()).startsWith("this is not a commit: ");
        }
    }

    private static void spoil(List<byte[]> seeds, Consumer<byte[]> reading) {
        var mutator = new Mutator(seeds, new SplittableRandom(SEED));
        for (var i = 0; i < TRIES; i++) {
            var text = mutator.next();
            var before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                reading.accept(text);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + SEED + ", try " + i + ", text " + hex(text), e);
            }
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                    .as(() -> "bytes allocated for " + hex(text))
                    .isLessThan(MEMORY);
        }
    }

    private static String hex(byte[] text) {
        return HexFormat.ofDelimiter(" ").formatHex(text);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
