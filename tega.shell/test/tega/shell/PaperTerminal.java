package tega.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;
import org.jline.terminal.Size;
import org.jline.terminal.impl.ExternalTerminal;

/** A terminal with a line discipline of its own, whose keys are pressed by a test and whose output is kept as it came. */
final class PaperTerminal implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PipedOutputStream keys = new PipedOutputStream();
    private final Shown shown = new Shown();
    final ExternalTerminal terminal;

    PaperTerminal(int columns, int rows) throws IOException {
        terminal =
                new ExternalTerminal("paper", "ansi", new PipedInputStream(keys, 8192), shown, StandardCharsets.UTF_8);
        terminal.setSize(new Size(columns, rows));
    }

    /** What was shown, byte by byte, kept for whoever waits for it. */
    private static final class Shown extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int b) {
            bytes.write(b);
            notifyAll();
        }

        @Override
        public synchronized String toString() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }

    /** Presses these keys. */
    void press(String text) throws IOException {
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    /** All that was shown from {@code mark} on. */
    String shown(int mark) {
        return shown.toString().substring(mark);
    }

    /** A place in what was shown: its end. */
    int mark() {
        return shown.toString().length();
    }

    /** Waits until what was shown from {@code mark} on is as it should be, and returns it. */
    String await(int mark, Predicate<String> wanted) throws InterruptedException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        synchronized (shown) {
            while (!wanted.test(shown(mark))) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("not shown in time; shown: " + visible(shown(mark)));
                }
                shown.wait(50);
            }
        }
        return shown(mark);
    }

    String await(int mark, String wanted) throws InterruptedException {
        return await(mark, text -> plain(text).contains(wanted));
    }

    /** Without colours and the movements of the cursor. */
    static String plain(String text) {
        return text.replaceAll("\u001b\\[[0-9;?]*[A-Za-z]", "")
                .replace("\r", "")
                .replace("\u0007", "");
    }

    private static String visible(String text) {
        return text.replace("\u001b", "ESC");
    }

    @Override
    public void close() throws IOException {
        keys.close();
        terminal.close();
    }
}
