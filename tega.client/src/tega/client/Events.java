package tega.client;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/** Cuts a stream of Server-Sent Events (HTML, section 9.2) into events: their name and their data. */
final class Events {
    private final BiConsumer<String, String> sink;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private String name = "";

    Events(BiConsumer<String, String> sink) {
        this.sink = sink;
    }

    /** Takes the next bytes, however the stream was cut. */
    void take(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            var b = bytes.get();
            if (b == '\n') {
                line(line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else {
                line.write(b);
            }
        }
    }

    private void line(String ended) {
        var text = ended.endsWith("\r") ? ended.substring(0, ended.length() - 1) : ended;
        if (text.isEmpty()) {
            if (data.length() > 0) {
                sink.accept(name, data.toString());
            }
            name = "";
            data.setLength(0);
        } else if (text.startsWith("event:")) {
            name = text.substring(6).strip();
        } else if (text.startsWith("data:")) {
            data.append(data.length() > 0 ? "\n" : "").append(text.substring(5).strip());
        }
    }
}
