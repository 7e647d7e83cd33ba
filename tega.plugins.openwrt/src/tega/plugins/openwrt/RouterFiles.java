package tega.plugins.openwrt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;

/** The {@code file} object of a router's bus. */
final class RouterFiles {
    private static final String FILE = "file";
    private static final String PATH = "path";
    private static final String DATA = "data";
    private static final String BASE64 = "base64";

    /** Bytes of a portion; a request has a third more of them. */
    static final int PORTION = 36_000;

    private final Ubus bus;

    RouterFiles(Ubus bus) {
        this.bus = bus;
    }

    /** What a file holds. */
    Optional<byte[]> read(String path) throws IOException {
        try {
            var answer = bus.call(FILE, "read", Value.object(PATH, Value.of(path), BASE64, Value.of(true)));
            var data = answer.get(DATA) instanceof StringValue text ? text.text() : "";
            return Optional.of(Base64.getMimeDecoder().decode(data));
        } catch (Ubus.Refusal e) {
            if (e.status() == Ubus.Refusal.NOT_FOUND) {
                return Optional.empty();
            }
            if (e.status() == Ubus.Refusal.NO_DATA) {
                return Optional.of(new byte[0]);
            }
            throw e;
        }
    }

    /** What a file holds, as text. */
    Optional<String> text(String path) throws IOException {
        return read(path).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** Writes a file, in portions that a request can carry. */
    void write(String path, byte[] content) throws IOException {
        var from = 0;
        do {
            var to = Math.min(content.length, from + PORTION);
            write(path, Arrays.copyOfRange(content, from, to), from > 0);
            from = to;
        } while (from < content.length);
    }

    /** The same of a text. */
    void write(String path, String text) throws IOException {
        write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a portion of a file: at its end, or as its begin. */
    void write(String path, byte[] portion, boolean append) throws IOException {
        bus.call(
                FILE,
                "write",
                Value.object(
                                PATH,
                                Value.of(path),
                                DATA,
                                Value.of(Base64.getEncoder().encodeToString(portion)))
                        .with(BASE64, Value.of(true))
                        .with("append", Value.of(append)));
    }

    /** Removes a file that may be there. */
    void remove(String path) throws IOException {
        try {
            bus.call(FILE, "remove", Value.object(PATH, Value.of(path)));
        } catch (Ubus.Refusal e) {
            if (e.status() != Ubus.Refusal.NOT_FOUND) {
                throw e;
            }
        }
    }

    /** When and how long: changes when the file does; "" when there is none. */
    String stamp(String path) throws IOException {
        try {
            ObjectValue stat = bus.call(FILE, "stat", Value.object(PATH, Value.of(path)));
            return stat.get("mtime") + "/" + stat.get("size") + "/" + stat.get("inode");
        } catch (Ubus.Refusal e) {
            if (e.status() == Ubus.Refusal.NOT_FOUND) {
                return "";
            }
            throw e;
        }
    }

    /** How many bytes a file has; 0 when there is none. */
    long size(String path) throws IOException {
        try {
            var stat = bus.call(FILE, "stat", Value.object(PATH, Value.of(path)));
            return stat.get("size") instanceof NumberValue size ? size.longValue() : 0;
        } catch (Ubus.Refusal e) {
            if (e.status() == Ubus.Refusal.NOT_FOUND) {
                return 0;
            }
            throw e;
        }
    }
}
