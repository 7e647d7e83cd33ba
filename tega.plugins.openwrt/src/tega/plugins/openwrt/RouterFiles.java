package tega.plugins.openwrt;

import java.io.IOException;
import java.util.Optional;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;

/** The {@code file} object of a router's bus. */
final class RouterFiles {
    private static final String FILE = "file";
    private static final String PATH = "path";
    private static final int PORTION = 24_000;

    private final Ubus bus;

    RouterFiles(Ubus bus) {
        this.bus = bus;
    }

    /** The text of a file. */
    Optional<String> read(String path) throws IOException {
        try {
            var answer = bus.call(FILE, "read", Value.object(PATH, Value.of(path)));
            return Optional.of(answer.get("data") instanceof StringValue text ? text.text() : "");
        } catch (Ubus.Refusal e) {
            if (e.status() == Ubus.Refusal.NOT_FOUND) {
                return Optional.empty();
            }
            if (e.status() == Ubus.Refusal.NO_DATA) {
                return Optional.of("");
            }
            throw e;
        }
    }

    /** Writes a file, in portions that a request can carry. */
    void write(String path, String text) throws IOException {
        var from = 0;
        do {
            var to = Math.min(text.length(), from + PORTION);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            bus.call(
                    FILE,
                    "write",
                    Value.object(PATH, Value.of(path), "data", Value.of(text.substring(from, to)))
                            .with("append", Value.of(from > 0)));
            from = to;
        } while (from < text.length());
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
}
