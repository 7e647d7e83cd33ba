package tega.plugins.openwrt.uci;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.JsonCodec;

/** Packages as lines of JSON for other programs; members stand in the order of the UCI text. */
final class UciLines {
    private final JsonCodec codec;

    UciLines(JsonCodec codec) {
        this.codec = codec;
    }

    /** {@code {"file":…,"packages":{…}}}. */
    static String packages(String file, List<UciPackage> packages) {
        var line = new StringBuilder("{\"file\":").append(quoted(file)).append(",\"packages\":{");
        var comma = "";
        for (var one : packages) {
            line.append(comma).append(quoted(one.name())).append(":{\"order\":[");
            line.append(String.join(
                    ",",
                    one.sections().stream().map(section -> quoted(section.id())).toList()));
            line.append("],\"sections\":{");
            line.append(String.join(
                    ",", one.sections().stream().map(UciLines::section).toList()));
            line.append("}}");
            comma = ",";
        }
        return line.append("}}").toString();
    }

    private static String section(UciSection section) {
        var options = new ArrayList<String>();
        section.options().forEach((name, option) -> options.add(quoted(name) + ":" + UciTree.of(option)));
        return quoted(section.id()) + ":{\"type\":" + quoted(section.type()) + ",\"anonymous\":" + section.anonymous()
                + ",\"options\":{" + String.join(",", options) + "}}";
    }

    /** {@code {"file":…,"error":…}}. */
    static String error(String file, String sentence) {
        return "{\"file\":" + quoted(file) + ",\"error\":" + quoted(sentence) + "}";
    }

    /** {@code {"file":…,"text":…}}. */
    static String text(String file, String text) {
        return "{\"file\":" + quoted(file) + ",\"text\":" + quoted(text) + "}";
    }

    private static String quoted(String text) {
        return Value.of(text).toString();
    }

    /** What {@link #text} says of a line that {@link #packages} wrote; of a line with an error the same line. */
    String export(String line) {
        var value = codec.readJson(line);
        if (!(value instanceof ObjectValue object) || !(object.get("file") instanceof StringValue file)) {
            throw new TegaException.Invalid("a line must be an object with a member 'file' that is a string");
        }
        if (object.has("error")) {
            return line;
        }
        if (!(object.get("packages") instanceof ObjectValue packages)) {
            return error(file.text(), "the member 'packages' is missing or no object");
        }
        var order = NameOrder.of(codec, line, value);
        var text = new StringBuilder();
        try {
            for (var name : Objects.requireNonNull(order.of(packages))) {
                var one = Objects.requireNonNull(packages.get(name));
                text.append(UciWriter.text(UciTree.read(name, one, Path.of("packages", name), order::of)));
            }
        } catch (TegaException.Invalid e) {
            return error(file.text(), e.line());
        }
        return text(file.text(), text.toString());
    }
}
