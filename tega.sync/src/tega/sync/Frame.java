package tega.sync;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.BooleanValue;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.JsonCodec;

/**
 * What two servers say to each other: a head, which is a JSON object with an {@code op}, and lines of compact JSON, so that
 * commits travel as the bytes of the log and are read without detour.
 */
record Frame(ObjectValue head, List<String> lines) {
    Frame {
        lines = List.copyOf(lines);
    }

    /** Begins one. */
    static Frame of(String op) {
        return new Frame(Value.object("op", Value.of(op)), List.of());
    }

    Frame with(String name, Value value) {
        return new Frame(head.with(name, value), lines);
    }

    Frame with(String name, String text) {
        return with(name, Value.of(text));
    }

    Frame with(String name, long number) {
        return with(name, Value.of(number));
    }

    Frame with(String name, boolean truth) {
        return truth ? with(name, Value.of(true)) : this;
    }

    Frame lines(List<String> newLines) {
        return new Frame(head, newLines);
    }

    /** Reads one; {@code INVALID} when it is none. */
    static Frame read(String text, JsonCodec json) {
        var end = text.indexOf('\n');
        var first = end < 0 ? text : text.substring(0, end);
        if (!(json.readJson(first) instanceof ObjectValue object)) {
            throw new TegaException.Invalid("a frame begins with an object");
        }
        var lines = new ArrayList<String>();
        while (end >= 0) {
            var next = text.indexOf('\n', end + 1);
            lines.add(next < 0 ? text.substring(end + 1) : text.substring(end + 1, next));
            end = next;
        }
        return new Frame(object, lines);
    }

    String op() {
        return text("op");
    }

    String text(String name) {
        if (head.get(name) instanceof StringValue text) {
            return text.text();
        }
        throw new TegaException.Invalid("'" + name + "' is missing in a frame");
    }

    @Nullable
    String textOrNull(String name) {
        return head.get(name) instanceof StringValue text ? text.text() : null;
    }

    long number(String name) {
        if (head.get(name) instanceof NumberValue number) {
            return number.longValue();
        }
        throw new TegaException.Invalid("'" + name + "' is missing in a frame");
    }

    long number(String name, long otherwise) {
        return head.has(name) ? number(name) : otherwise;
    }

    boolean is(String name) {
        return head.get(name) instanceof BooleanValue truth && truth.truth();
    }

    /** An array of texts; none when it is missing. */
    List<String> texts(String name) {
        var texts = new ArrayList<String>();
        if (head.get(name) instanceof ArrayValue array) {
            for (var item : array) {
                if (item instanceof StringValue text) {
                    texts.add(text.text());
                }
            }
        }
        return texts;
    }

    static Value texts(Iterable<String> texts) {
        var items = new ArrayList<Value>();
        texts.forEach(text -> items.add(Value.of(text)));
        return Value.array(items);
    }

    /** The text for the connection. */
    @Override
    public String toString() {
        return lines.isEmpty() ? head.toString() : head + "\n" + String.join("\n", lines);
    }
}
