package tega.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tega.api.Edit;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Value;

/** Changes for people, {@code - a.b: 1} and {@code + a.b: 2}, and as a value. */
final class Edits {
    private Edits() {}

    /** One line for what goes and one for what comes; {@code before} gives the value a path had, or null. */
    static List<String> lines(List<Edit> edits, Function<Path, @Nullable Value> before, Output output) {
        var lines = new ArrayList<String>();
        for (var edit : edits) {
            var old = before.apply(edit.path());
            if (old != null) {
                lines.add(output.screen().red("- " + node(edit.path(), old, output)));
            } else if (edit instanceof Edit.Delete) {
                lines.add(output.screen().red("- " + edit.path()));
            }
            if (edit instanceof Edit.Put put) {
                var ephemeral = put.ephemeral() ? "  (ephemeral, of " + put.owner() + ")" : "";
                lines.add(output.screen().green("+ " + node(put.path(), put.value(), output) + ephemeral));
            }
        }
        return lines;
    }

    private static String node(Path path, Value value, Output output) {
        return path + ": "
                + output.brief(
                        value,
                        Math.max(20, output.screen().width() - path.toString().length() - 4));
    }

    /** A list of objects with {@code op}, {@code path}, {@code value} and {@code before}. */
    static Value value(List<Edit> edits, Function<Path, @Nullable Value> before) {
        var items = new ArrayList<Value>();
        for (var edit : edits) {
            var item = ObjectValue.builder().put("path", edit.path().toValue());
            if (edit instanceof Edit.Put put) {
                item.put("op", Value.of("put")).put("value", put.value());
            } else {
                item.put("op", Value.of("delete"));
            }
            var old = before.apply(edit.path());
            if (old != null) {
                item.put("before", old);
            }
            items.add(item.build());
        }
        return Value.array(items);
    }
}
