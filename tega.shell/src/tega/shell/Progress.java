package tega.shell;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A line that tells a person that something takes its time, after the first second of it. */
final class Progress implements AutoCloseable {
    private static final int WIDTH = 24;
    private static final long FIRST_MILLIS = 1000;
    private static final long BEAT_MILLIS = 200;

    private final Output output;
    private final String what;
    private final @Nullable ScheduledExecutorService clock;
    private long done;
    private long total;
    private int beats;
    private boolean over;

    private Progress(Output output, String what) {
        this.output = output;
        this.what = what;
        if (!output.screen().live()) {
            clock = null;
            return;
        }
        clock = Executors.newSingleThreadScheduledExecutor(work -> {
            var thread = new Thread(work, "tega-shell-progress");
            thread.setDaemon(true);
            return thread;
        });
        var unused = clock.scheduleAtFixedRate(this::draw, FIRST_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Begins; nothing is shown where nothing can be written over. */
    static Progress of(Output output, String what) {
        return new Progress(output, what);
    }

    /** Has {@code work} done with such a line. */
    static <T> T during(Output output, String what, Supplier<T> work) {
        var progress = of(output, what);
        try {
            return work.get();
        } finally {
            progress.close();
        }
    }

    /** How much of how much has been done. */
    synchronized void at(long part, long whole) {
        done = part;
        total = whole;
    }

    private synchronized void draw() {
        if (!over) {
            var seconds = (FIRST_MILLIS + beats++ * BEAT_MILLIS) / 1000;
            output.sketch(line(what, done, total, beats, seconds));
        }
    }

    /** {@code loading [#####     ] 42 %  3 s}; while it is not known how much there is, something that moves. */
    static String line(String what, long done, long total, int beats, long seconds) {
        String bar;
        if (total > 0) {
            var full = (int) Math.min(WIDTH, WIDTH * done / total);
            bar = "[" + "#".repeat(full) + " ".repeat(WIDTH - full) + "] " + Math.min(100, 100 * done / total) + " %";
        } else {
            var at = beats % (2 * WIDTH - 4);
            at = at > WIDTH - 3 ? 2 * WIDTH - 6 - at : at;
            bar = "[" + " ".repeat(at) + "###" + " ".repeat(WIDTH - 3 - at) + "]";
        }
        return what + " " + bar + "  " + seconds + " s";
    }

    @Override
    public void close() {
        if (clock != null) {
            clock.shutdownNow();
        }
        synchronized (this) {
            over = true;
            if (beats > 0) {
                output.sketch("");
            }
        }
    }
}
