package tega.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tega.api.Identity;
import tega.api.spi.Server;

/**
 * Sessions at two terminals, to the letter: what one publishes and changes, the other hears. A line {@code == name} goes on at
 * that terminal; what it must show there, beside what is typed, is waited for.
 */
class TwoTerminalsTest {
    private static final Path FOLDER = Path.of("test", "terminals");
    private static final Pattern PROMPT = Pattern.compile("\\[tega: \\d+[^\\]]*\\] (.*)");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    static Stream<Arguments> sessions() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.sorted().toList().stream().flatMap(file -> Stream.of("local", "remote", "one of each")
                    .map(where -> Arguments.of(file.getFileName().toString(), where)));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("sessions")
    void session(String file, String where, @TempDir Path folder) throws Exception {
        var terminals = new LinkedHashMap<String, Seat>();
        try (var stage = new Stage(folder)) {
            try {
                play(Files.readAllLines(FOLDER.resolve(file)), where, stage, terminals);
            } finally {
                terminals.values().forEach(Seat::close);
            }
        }
        assertThat(terminals).hasSizeGreaterThan(1);
    }

    private static void play(List<String> lines, String where, Stage stage, Map<String, Seat> terminals)
            throws InterruptedException {
        Seat at = null;
        for (var line : lines) {
            if (line.startsWith("== ")) {
                var name = line.substring(3);
                at = terminals.get(name);
                if (at == null) {
                    var remote = where.equals("remote") || (where.equals("one of each") && terminals.isEmpty());
                    at = new Seat(stage, stage.server(remote, new Identity("anonymous", name)));
                    terminals.put(name, at);
                }
            } else if (at != null) {
                at.next(line);
            }
        }
    }

    /** One terminal: what was typed and shown, and what should have been. */
    private static final class Seat implements Lines {
        private final Server server;
        private final Workspace workspace;
        private final Interpreter interpreter;
        private final List<String> shown = new ArrayList<>();
        private final List<String> expected = new ArrayList<>();
        private int prompts;

        Seat(Stage stage, Server server) {
            this.server = server;
            workspace = new Workspace(server, stage.json, Format.YAML);
            var output = new Output(stage.json, new Screen(true, false, 100), this::show);
            workspace.hear(new Notices(workspace, output, this::show));
            interpreter = new Interpreter(
                    Commands.standard(), workspace, this, output, this::show, Interpreter.Other.NOTHING);
        }

        private synchronized void show(String text) {
            text.lines().forEach(shown::add);
            notifyAll();
        }

        void next(String line) throws InterruptedException {
            expected.add(line);
            var typed = PROMPT.matcher(line);
            if (typed.matches()) {
                show("[tega: " + prompts++ + "] " + typed.group(1));
                interpreter.run(typed.group(1));
            }
            await();
        }

        /** Until as much was shown as should have been; then it is the same. */
        private synchronized void await() throws InterruptedException {
            var end = System.nanoTime() + PATIENCE.toNanos();
            while (shown.size() < expected.size() && System.nanoTime() < end) {
                wait(100);
            }
            assertThat(shown.subList(0, Math.min(shown.size(), expected.size())))
                    .isEqualTo(expected);
        }

        @Override
        public @Nullable String command(String prompt) {
            return null;
        }

        @Override
        public @Nullable String value() {
            return null;
        }

        void close() {
            workspace.close();
            server.close();
            assertThat(shown).isEqualTo(expected);
        }
    }
}
