package tega.plugins.openwrt.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.BooleanValue;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;

/**
 * A variable that templates declare: {@code {"type": "address", "one-of": […], "default": …}}, each member optional.
 *
 * @param type what its value may be
 * @param oneOf the values it may have; empty: any of the type
 * @param value its texts, from the default or from the router; null when neither says one
 * @param list whether the value is a list
 * @param from the layer that says the value, or declares the variable
 * @param at where that stands
 */
record Variable(
        VariableType type, List<String> oneOf, @Nullable List<String> value, boolean list, String from, Path at) {
    private static final Set<String> KNOWN = Set.of("type", "one-of", "default", "help");

    /** Reads a declaration; {@code inherited} is that of a layer below, of which it keeps what it does not say itself. */
    static Variable declared(Value value, Path at, String from, @Nullable Variable inherited) {
        if (!(value instanceof ObjectValue object)) {
            throw new TegaException.Invalid(at, "this must be an object with type, one-of, default or help");
        }
        for (var member : object) {
            if (!KNOWN.contains(member.name())) {
                throw new TegaException.Invalid(
                        at.child(member.name()), "there is no such member; type, one-of, default and help are known");
            }
        }
        var old = inherited == null ? new Variable(VariableType.TEXT, List.of(), null, false, from, at) : inherited;
        var type = object.get("type");
        var oneOf = object.get("one-of");
        var said = new Variable(
                type == null ? old.type : type(type, at.child("type")),
                oneOf == null ? old.oneOf : texts(oneOf, at.child("one-of")),
                old.value,
                old.list,
                old.from,
                old.at);
        var standard = object.get("default");
        return standard == null ? said.checked() : said.with(standard, at.child("default"), from);
    }

    /** The same with the value that {@code from} says at {@code at}. */
    Variable with(Value said, Path at, String from) {
        return new Variable(type, oneOf, texts(said, at), said instanceof ArrayValue, from, at).checked();
    }

    private Variable checked() {
        if (value == null) {
            return this;
        }
        for (var text : value) {
            if (!oneOf.isEmpty() && !oneOf.contains(text)) {
                throw new TegaException.Invalid(at, "'" + text + "' is none of " + String.join(", ", oneOf));
            }
            if (!type.takes(text)) {
                throw new TegaException.Invalid(at, "'" + text + "' is not " + type.told());
            }
        }
        return this;
    }

    private static VariableType type(Value value, Path at) {
        return Arrays.stream(VariableType.values())
                .filter(type -> value instanceof StringValue text && text.text().equals(type.toString()))
                .findFirst()
                .orElseThrow(() -> new TegaException.Invalid(
                        at,
                        "the type is " + value + " and must be one of "
                                + Arrays.stream(VariableType.values())
                                        .map(VariableType::toString)
                                        .collect(Collectors.joining(", "))));
    }

    private static List<String> texts(Value value, Path at) {
        if (!(value instanceof ArrayValue array)) {
            return List.of(text(value, at));
        }
        var texts = new ArrayList<String>();
        array.forEach(item -> texts.add(text(item, at)));
        return List.copyOf(texts);
    }

    private static String text(Value value, Path at) {
        if (value instanceof StringValue text) {
            return text.text();
        } else if (value instanceof NumberValue) {
            return value.toString();
        } else if (value instanceof BooleanValue) {
            return value.equals(Value.of(true)) ? "1" : "0";
        }
        throw new TegaException.Invalid(at, "a variable is a string, a number, true, false, or a list of these");
    }
}
