package tega.log;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/** Tells a person at a terminal that the tool is at work, after the first second of it; nobody else hears of it. */
final class SystemProgress implements AutoCloseable {
    private static final long FIRST_MILLIS = 1000;
    private static final long BEAT_MILLIS = 200;
    private static final int WIDTH = 24;
    private static final int LIT = 5;

    private final PrintStream screen;
    private final boolean seen;
    private boolean drawn;
    private boolean over;

    SystemProgress(PrintStream screen, boolean seen) {
        this.screen = screen;
        this.seen = seen;
    }

    /** One that is seen if there is somebody to see it. */
    static SystemProgress atTerminal(PrintStream screen) {
        return new SystemProgress(screen, isTerminal());
    }

    @SuppressWarnings("SystemConsoleNull") // the question that null no longer answers is put below
    private static boolean isTerminal() {
        var console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true; // before JDK 22 there is no console without a terminal
        }
    }

    /** From now on {@code what} is done, until this is closed. */
    SystemProgress begin(String what) {
        if (seen) {
            var thread = new Thread(() -> draw(what), "tega-progress");
            thread.setDaemon(true);
            thread.start();
        }
        return this;
    }

    private void draw(String what) {
        try {
            Thread.sleep(FIRST_MILLIS);
            for (var beat = 0; sketch(line(what, beat, (FIRST_MILLIS + beat * BEAT_MILLIS) / 1000)); beat++) {
                Thread.sleep(BEAT_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean sketch(String line) {
        if (!over) {
            drawn = true;
            screen.print("\r\u001b[K" + line);
            screen.flush();
        }
        return !over;
    }

    private synchronized void erase() {
        if (drawn) {
            drawn = false;
            screen.print("\r\u001b[K");
            screen.flush();
        }
    }

    /** What is written to the stream this gives stands where the sketch was. */
    OutputStream above(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(int b) throws IOException {
                erase();
                out.write(b);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                erase();
                out.write(bytes, from, length);
            }
        };
    }

    /** {@code restore [   #####     ] 3 s}: how much there is to do is known only when it is done, so something moves. */
    static String line(String what, int beat, long seconds) {
        var way = WIDTH - LIT;
        var at = beat % (2 * way);
        var from = at < way ? at : 2 * way - at;
        return what + " [" + " ".repeat(from) + "#".repeat(LIT) + " ".repeat(way - from) + "] " + seconds + " s";
    }

    /** What was drawn is gone before anything else is said. */
    @Override
    public synchronized void close() {
        over = true;
        erase();
    }
}
