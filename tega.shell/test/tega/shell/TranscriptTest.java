package tega.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sessions as they look on a terminal, to the letter: the same in the server and over the wire. What follows a prompt is typed
 * (with the lines of a value up to an empty one), all else must come out. What differs from run to run is written {@code
 * <uuid>} and {@code <time>}.
 */
class TranscriptTest {
    private static final Path FOLDER = Path.of("test", "transcripts");
    private static final Pattern PROMPT = Pattern.compile("\\[tega: \\d+[^\\]]*\\] (.*)");
    private static final String HEX = "[0-9a-f]";
    private static final Pattern UUID =
            Pattern.compile(HEX + "{8}-" + HEX + "{4}-" + HEX + "{4}-" + HEX + "{4}-" + HEX + "{12}");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d(\\.\\d+Z)?");

    static Stream<Arguments> sessions() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.sorted().toList().stream()
                    .flatMap(file -> Stream.of(
                            Arguments.of(file.getFileName().toString(), "local"),
                            Arguments.of(file.getFileName().toString(), "remote")));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("sessions")
    void session(String file, String where, @TempDir Path folder) throws Exception {
        var expected = Files.readString(FOLDER.resolve(file));
        var actual = new StringBuilder();
        try (var stage = new Stage(folder);
                var server = stage.server(where.equals("remote"))) {
            var screen = new Screen(true, false, 100);
            var lines = new Typist(expected, actual);
            var workspace = new Workspace(server, stage.json, Format.YAML);
            var output = new Output(stage.json, screen, lines::show);
            workspace.hear(new Notices(workspace, output, lines::show));
            var interpreter = new Interpreter(
                    Commands.standard(), workspace, lines, output, lines::show, Interpreter.Other.NOTHING);
            new Console(interpreter, lines, screen, lines::show, () -> {}).run();
        }
        assertThat(TIME.matcher(UUID.matcher(actual).replaceAll("<uuid>")).replaceAll("<time>"))
                .isEqualTo(expected);
    }

    /** Types what the transcript says, and writes down what a terminal would show. */
    private static final class Typist implements Lines {
        private final List<String> script;
        private final StringBuilder shown;
        private int next;

        Typist(String transcript, StringBuilder shown) {
            this.script = transcript.lines().toList();
            this.shown = shown;
        }

        void show(String line) {
            shown.append(line).append('\n');
        }

        @Override
        public @Nullable String command(String prompt) {
            while (next < script.size()) {
                var matcher = PROMPT.matcher(script.get(next++));
                if (matcher.matches()) {
                    show(prompt + matcher.group(1));
                    return matcher.group(1);
                }
            }
            return null;
        }

        @Override
        public @Nullable String value() {
            var line = next < script.size() ? script.get(next++) : null;
            if (line != null) {
                show(line);
            }
            return line;
        }
    }
}
