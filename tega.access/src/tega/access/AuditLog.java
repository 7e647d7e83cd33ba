package tega.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tega.api.ObjectValue;
import tega.api.Value;

/**
 * What happened, one line of JSON each, in a file of bounded size with a bounded number of elder ones beside it: {@code
 * acts.log}, {@code acts.log.1}, … What cannot be written is counted and told as trouble; it hinders nobody's work.
 */
final class AuditLog implements AutoCloseable {
    /**
     * @param bytes a file that has grown so large is put aside
     * @param kept so many files put aside are kept
     * @param perSecond so many entries are written in a second at the most, those beyond are counted; 0: all
     * @param durable whether an entry is on disk before the next thing happens
     */
    record Bounds(long bytes, int kept, int perSecond, boolean durable) {
        /** Few and each of weight. */
        static final Bounds ACTS = new Bounds(1 << 20, 4, 0, true);

        /** Anybody can cause as many as they like. */
        static final Bounds REFUSALS = new Bounds(1 << 20, 2, 20, false);
    }

    private static final int LONGEST = 512;

    private final Path file;
    private final Bounds bounds;
    private final InstantSource clock;
    private @Nullable FileChannel channel;
    private long size;
    private long second;
    private int inSecond;
    private long leftOut;
    private long entries;
    private @Nullable String trouble;

    AuditLog(Path file, Bounds bounds, InstantSource clock) {
        this.file = file;
        this.bounds = bounds;
        this.clock = clock;
    }

    /** Adds an entry: its time, what happened, then pairs of key and value, which are cut when they are very long. */
    synchronized void write(String event, String... pairs) {
        var now = clock.instant();
        entries++;
        if (bounds.perSecond > 0) {
            if (now.getEpochSecond() != second) {
                second = now.getEpochSecond();
                inSecond = 0;
            }
            if (++inSecond > bounds.perSecond) {
                leftOut++;
                return;
            }
        }
        var entry = ObjectValue.builder().put("time", Value.of(now.toString())).put("event", Value.of(event));
        for (var i = 0; i + 1 < pairs.length; i += 2) {
            var value = pairs[i + 1];
            entry.put(pairs[i], Value.of(value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "..."));
        }
        if (leftOut > 0) {
            entry.put("left_out_before", Value.of(leftOut));
        }
        try {
            append((entry.build() + "\n").getBytes(StandardCharsets.UTF_8));
            leftOut = 0;
            trouble = null;
        } catch (IOException e) {
            leftOut++;
            trouble = "the audit log " + file + " cannot be written: " + e.getMessage();
            closeQuietly();
        }
    }

    private void append(byte[] line) throws IOException {
        var out = channel;
        if (out == null) {
            var torn = endsTorn();
            out = PrivateFile.append(file);
            channel = out;
            size = out.size();
            if (torn) {
                size += out.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
        }
        if (size > 0 && size + line.length > bounds.bytes) {
            out.close();
            putAside();
            out = PrivateFile.append(file);
            channel = out;
            size = 0;
        }
        var rest = ByteBuffer.wrap(line);
        while (rest.hasRemaining()) {
            size += out.write(rest);
        }
        if (bounds.durable) {
            out.force(false);
        }
    }

    /** Whether a crash has left half a line. */
    private boolean endsTorn() throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return false;
        }
        try (var in = FileChannel.open(file)) {
            var last = ByteBuffer.allocate(1);
            in.read(last, in.size() - 1);
            return last.get(0) != '\n';
        }
    }

    private void putAside() throws IOException {
        for (var i = bounds.kept; i > 0; i--) {
            var from = i == 1 ? file : elder(i - 1);
            if (Files.exists(from)) {
                Files.move(from, elder(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Path elder(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    /** The newest entries, oldest first. */
    synchronized List<String> newest(int limit) {
        var newest = new ArrayList<String>();
        try {
            for (var i = 0; i <= bounds.kept && newest.size() < limit; i++) {
                var from = i == 0 ? file : elder(i);
                if (Files.exists(from)) {
                    var lines = new String(Files.readAllBytes(from), StandardCharsets.UTF_8).split("\n");
                    for (var at = lines.length - 1; at >= 0 && newest.size() < limit; at--) {
                        if (lines[at].startsWith("{") && lines[at].endsWith("}")) { // a crash can leave half a line
                            newest.add(lines[at]);
                        }
                    }
                }
            }
        } catch (IOException e) {
            trouble = "the audit log " + file + " cannot be read: " + e.getMessage();
        }
        Collections.reverse(newest);
        return newest;
    }

    /** How many entries there were since the start, those left out included. */
    synchronized long entries() {
        return entries;
    }

    synchronized Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    private void closeQuietly() {
        var out = channel;
        channel = null;
        if (out != null) {
            try {
                out.close();
            } catch (IOException e) {
                trouble = "the audit log " + file + " cannot be closed: " + e.getMessage();
            }
        }
    }

    @Override
    public synchronized void close() {
        closeQuietly();
    }
}
