package tega.plugins.openwrt.uci;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;
import tega.api.spi.JsonCodec;

/**
 * The order in which a JSON text names the members of its objects, which their values do not keep. The text has been read by
 * the codec before, so here it is known to be JSON.
 */
final class NameOrder {
    private final IdentityHashMap<ObjectValue, List<String>> names = new IdentityHashMap<>();
    private final JsonCodec codec;
    private final String text;
    private int at;

    private NameOrder(JsonCodec codec, String text) {
        this.codec = codec;
        this.text = text;
    }

    /** The order in {@code text}, whose value is {@code value}. */
    static NameOrder of(JsonCodec codec, String text, Value value) {
        var order = new NameOrder(codec, text);
        order.walk(value);
        return order;
    }

    /** The names of the members of {@code object}, one of the objects of the value; null when it is none of them. */
    @Nullable
    List<String> of(ObjectValue object) {
        return names.get(object);
    }

    private void walk(Value value) {
        blanks();
        if (value instanceof ObjectValue object) {
            walk(object);
        } else if (value instanceof ArrayValue array) {
            at++;
            for (var item : array) {
                walk(item);
                blanks();
                at += text.charAt(at) == ',' ? 1 : 0;
            }
            past(']');
        } else if (text.charAt(at) == '"') {
            quoted();
        } else {
            while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
                at++;
            }
        }
    }

    private void walk(ObjectValue object) {
        var order = new ArrayList<String>();
        at++;
        for (var i = 0; i < object.size(); i++) {
            blanks();
            var name = codec.readJson(quoted()) instanceof StringValue string ? string.text() : "";
            order.add(name);
            past(':');
            walk(Objects.requireNonNull(object.get(name)));
            blanks();
            at += text.charAt(at) == ',' ? 1 : 0;
        }
        past('}');
        names.put(object, order);
    }

    private String quoted() {
        var from = at++;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
        return text.substring(from, at);
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void past(char expected) {
        blanks();
        assert text.charAt(at) == expected;
        at++;
    }
}
