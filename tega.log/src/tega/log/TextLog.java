package tega.log;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;

/**
 * Reads the documented text commit log of version 1: a line {@code ?}, records, a line {@code @time} make a transaction; a line
 * {@code -1 id root}, or {@code -1 root}, is a rollback; {@code *…} is a mark of an old sync and means nothing here. A
 * transaction that does not end, or one of whose records cannot be read, is dropped whole and reported.
 */
final class TextLog {
    /** A record of a transaction: {@code ope} is PUT, DELETE or SS. */
    record Entry(String ope, String path, Value instance, String tegaId) {}

    /** What the log says, in order. */
    sealed interface Event {
        /** Records that belong together. */
        record Transaction(Instant time, List<Entry> entries) implements Event {}

        /** {@code root} goes back by {@code backto} versions when that is negative. */
        record Rollback(String root, long backto, String tegaId) implements Event {}
    }

    private static final int LONGEST = Frame.MAX_PAYLOAD;
    private static final int MOST_DIGITS = 15;

    private final Consumer<String> report;
    private final int longest;
    private final StringBuilder line = new StringBuilder();
    private final List<Entry> open = new ArrayList<>();
    private @Nullable String spoiled;
    private boolean inside;
    private int begun;

    /** Sentences about what is dropped go to {@code report}. */
    TextLog(Consumer<String> report) {
        this(report, LONGEST);
    }

    /** Reads no more than {@code longest} characters of a line. */
    TextLog(Consumer<String> report, int longest) {
        this.report = report;
        this.longest = longest;
    }

    /** Gives the events of one file to {@code sink}. */
    void read(Path file, Consumer<Event> sink) throws IOException {
        try (var bytes = Files.newInputStream(file)) {
            read(bytes, file.toString(), sink);
        } catch (NoSuchFileException e) {
            throw new TegaException.NotFound("there is no file '" + file + "'");
        }
    }

    /** Gives the events in {@code bytes} to {@code sink}; {@code name} is for messages. */
    void read(InputStream bytes, String name, Consumer<Event> sink) throws IOException {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        try {
            var lines = new BufferedReader(new InputStreamReader(bytes, decoder));
            var number = 0;
            for (var line = next(lines); line != null; line = next(lines)) {
                number++;
                line(line, number, sink);
            }
        } catch (CharacterCodingException e) {
            throw new TegaException.Invalid("'" + name + "' is not text in UTF-8");
        }
        abandon("it does not end");
    }

    /**
     * The next line; of one that is longer than any that can be read, the beginning, which is no literal. A line ends with a
     * newline, and what Python writes into a string is never one.
     */
    private @Nullable String next(BufferedReader lines) throws IOException {
        line.setLength(0);
        var c = lines.read();
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n'; c = lines.read()) {
            if (line.length() < longest) {
                line.append((char) c);
            }
        }
        if (line.length() > 0 && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return line.toString();
    }

    private void line(String line, int number, Consumer<Event> sink) {
        if (line.isBlank() || line.startsWith("*")) {
            return;
        }
        switch (line.charAt(0)) {
            case '?' -> {
                abandon("it does not end before line " + number);
                inside = true;
                begun = number;
            }
            case '@' -> end(line, number, sink);
            case '-' -> {
                abandon("it does not end before line " + number);
                rollback(line, number, sink);
            }
            default -> entry(line, number);
        }
    }

    private void entry(String line, int number) {
        if (!inside) {
            report.accept("line " + number + ": dropped a record outside of a transaction");
            return;
        }
        try {
            open.add(entry(PythonLiteral.read(line)));
        } catch (TegaException e) {
            if (spoiled == null) {
                spoiled = "line " + number + ", " + e.getMessage();
            }
        }
    }

    private static Entry entry(Value record) {
        if (!(record instanceof ObjectValue fields)
                || !(fields.get("ope") instanceof StringValue ope)
                || !List.of("PUT", "DELETE", "SS").contains(ope.text())) {
            throw new TegaException.Invalid("expected a dict whose 'ope' is PUT, DELETE or SS");
        }
        var path = fields.get("path") instanceof StringValue text ? text.text() : "";
        var instance = fields.get("instance");
        var tegaId = fields.get("tega_id") instanceof StringValue text ? text.text() : "anonymous";
        return new Entry(ope.text(), path, instance == null ? Value.NULL : instance, tegaId);
    }

    private void end(String line, int number, Consumer<Event> sink) {
        if (!inside) {
            report.accept("line " + number + ": an end without a beginning");
            return;
        }
        if (spoiled != null) {
            abandon(spoiled);
            return;
        }
        var entries = List.copyOf(open);
        open.clear();
        inside = false;
        if (!entries.isEmpty()) {
            sink.accept(new Event.Transaction(time(line), entries));
        }
    }

    /** Seconds since 1970, perhaps followed by a colon and a policy; the beginning of time when it is anything else. */
    private static Instant time(String line) {
        try {
            var seconds = new BigDecimal(line.substring(1).split(":", 2)[0].strip());
            if (Math.abs((long) seconds.precision() - seconds.scale()) > MOST_DIGITS) {
                return Instant.EPOCH; // as a number of milliseconds it would fill the memory
            }
            return Instant.ofEpochMilli(seconds.movePointRight(3).longValue());
        } catch (NumberFormatException e) {
            return Instant.EPOCH;
        }
    }

    private void rollback(String line, int number, Consumer<Event> sink) {
        var words = line.strip().split("\\s+");
        if (words.length < 2 || words.length > 3 || !words[0].matches("-\\d{1,9}")) {
            report.accept("line " + number + ": dropped a rollback that is not '-n id root'");
            return;
        }
        sink.accept(new Event.Rollback(
                words[words.length - 1], Long.parseLong(words[0]), words.length == 3 ? words[1] : "anonymous"));
    }

    private void abandon(String why) {
        if (inside) {
            report.accept("line " + begun + ": dropped the transaction that begins here: " + why);
        }
        open.clear();
        inside = false;
        spoiled = null;
    }
}
