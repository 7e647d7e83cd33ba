package tega.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed command line at a terminal of the operating system's, which {@code script} makes. */
class PtyTest {
    private static final String TAB = "\t";
    private static final String ENTER = "\r";
    private static final Pattern CONTROL = Pattern.compile("\u001b(\\[[0-9;?]*[A-Za-z]|[=>])");
    private static final String UP = "\u001bOA";

    @TempDir
    Path folder;

    /** Somebody at a terminal. */
    private final class Typist implements AutoCloseable {
        private final Process process;
        private final OutputStream keys;
        private final Path screen;

        Typist(String name, Rig server) throws IOException {
            screen = folder.resolve(name);
            var command = "stty cols 100 rows 30; exec " + Installation.home().resolve("bin/tega") + " cli -a "
                    + server.address() + " -t " + name;
            var builder = new ProcessBuilder(List.of("script", "-q", "-f", "-e", "-c", command, screen.toString()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.directory(folder.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("HOME", folder.toString());
            builder.environment().put("TERM", "xterm");
            process = builder.start();
            keys = process.getOutputStream();
        }

        void press(String text) throws IOException {
            keys.write(text.getBytes(StandardCharsets.UTF_8));
            keys.flush();
        }

        /** Waits until {@code text} stands on the screen, after what had come by {@code from}; how much has come. */
        int await(int from, String text) throws Exception {
            var until = System.nanoTime() + Rig.DEADLINE.toNanos();
            while (true) {
                var seen = Files.exists(screen)
                        ? CONTROL.matcher(Files.readString(screen, StandardCharsets.ISO_8859_1))
                                .replaceAll("")
                        : "";
                if (seen.indexOf(text, Math.min(from, seen.length())) >= 0) {
                    return seen.length();
                }
                if (System.nanoTime() > until || !process.isAlive()) {
                    throw new AssertionError("there is no '" + text + "' in: " + seen);
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }

        int quit() throws Exception {
            press("q" + ENTER);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Test
    void tabsHistoryAndNoticesAtATerminal() throws Exception {
        try (var server = Rig.boot(folder.resolve("var"));
                var one = new Typist("one", server);
                var two = new Typist("two", server)) {
            assertThat(server.put("/devices/router1", "7").statusCode()).isEqualTo(200);
            one.await(0, "[tega: 0] ");
            one.press("ge" + TAB);
            one.await(0, "geta");
            one.press(" dev" + TAB);
            one.await(0, "devices");
            one.press(".r" + TAB + ENTER);
            var mark = one.await(0, "[tega: 1] ");
            one.press("save " + TAB);
            mark = one.await(mark, "var");
            one.press("\u0015get devices" + ENTER); // in place of that line
            mark = one.await(mark, "[tega: 2] ");

            // A notice comes above the line that is being typed, which is still there and goes on.
            one.press("sub news" + ENTER);
            mark = one.await(mark, "[tega: 3] ");
            one.press("put a.b 4");
            mark = one.await(mark, "put a.b 4");
            two.await(0, "[tega: 0] ");
            two.press("pub news hear" + ENTER);
            mark = one.await(mark, "MESSAGE news two: hear");
            one.press("2" + ENTER);
            mark = one.await(mark, "[tega: 4] ");
            assertThat(server.get("/a/b").body()).isEqualTo("42");
            one.press("clear" + ENTER);
            mark = one.await(mark, "Type yes");
            one.press("no" + ENTER);
            mark = one.await(mark, "nothing was removed");
            assertThat(one.quit()).isZero();
            assertThat(server.get("/a/b").body()).isEqualTo("42");

            assertThat(Files.readString(folder.resolve(".tega_history"))).contains("put a.b 42");
            try (var again = new Typist("again", server)) {
                again.await(0, "[tega: 0] ");
                again.press(UP + UP + UP);
                mark = again.await(0, "put a.b 42");
                again.press("0" + ENTER);
                again.await(mark, "[tega: 1] ");
                assertThat(server.get("/a/b").body()).isEqualTo("420");
            }
        }
    }
}
