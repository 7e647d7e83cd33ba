package tega.plugins.openwrt.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;

/**
 * Fills <code>{{name}}</code> in the texts of templates. A text that is nothing but one variable becomes a list when the value
 * is one; four braces write two. There is no more to the language: no code, no conditions.
 */
final class Variables {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,64}");
    private static final Pattern HOLE = Pattern.compile("\\{\\{\\{\\{|\\{\\{\\s*([^{}]*?)\\s*}}");

    private final Map<String, Variable> known = new LinkedHashMap<>();

    /** @param router what <code>{{router}}</code> stands for */
    Variables(String router) {
        known.put("router", new Variable(VariableType.TEXT, List.of(), List.of(router), false, router, Path.EMPTY));
    }

    /** Takes the declarations of a template. */
    void declare(@Nullable Value value, Path at, String from) {
        each(value, at, (name, one) -> {
            if (name.equals("router")) {
                throw new TegaException.Invalid(
                        at.child(name), "'router' is the name of the router and cannot be declared");
            }
            known.put(name, Variable.declared(one, at.child(name), from, known.get(name)));
        });
    }

    /** Takes the values that a router says. */
    void say(@Nullable Value value, Path at, String from) {
        each(value, at, (name, one) -> {
            var variable = known.get(name);
            if (variable == null || name.equals("router")) {
                throw new TegaException.Invalid(
                        at.child(name), "no template of this router has a variable '" + name + "'");
            }
            known.put(name, variable.with(one, at.child(name), from));
        });
    }

    private interface Each {
        void with(String name, Value value);
    }

    private static void each(@Nullable Value value, Path at, Each each) {
        if (value == null) {
            return;
        }
        if (!(value instanceof ObjectValue object)) {
            throw new TegaException.Invalid(at, "the variables must be an object and are " + value.kind());
        }
        for (var member : object) {
            if (!NAME.matcher(member.name()).matches()) {
                throw new TegaException.Invalid(
                        at.child(member.name()), "a variable is called by letters, digits and _, 64 at most");
            }
            each.with(member.name(), member.value());
        }
    }

    /** The names of the variables in {@code value}. */
    static List<String> in(Value value) {
        Set<String> names = new LinkedHashSet<>();
        if (value instanceof ArrayValue array) {
            array.forEach(item -> names.addAll(in(item)));
        } else if (value instanceof StringValue text) {
            var hole = HOLE.matcher(text.text());
            while (hole.find()) {
                if (hole.group(1) != null) {
                    names.add(hole.group(1));
                }
            }
        }
        return List.copyOf(names);
    }

    /**
     * The value of an option, filled; null when nothing is left of it.
     *
     * @throws TegaException.Invalid when a variable is not declared, or has no value
     */
    @Nullable
    Value fill(Value value, Path at) {
        if (value instanceof ArrayValue array) {
            var items = new ArrayList<Value>();
            for (var item : array) {
                var filled = fill(item, at);
                if (filled instanceof ArrayValue several) {
                    several.forEach(items::add);
                } else if (filled != null) {
                    items.add(filled);
                }
            }
            return items.isEmpty() ? null : Value.array(items);
        }
        if (!(value instanceof StringValue text)) {
            return value;
        }
        var hole = HOLE.matcher(text.text());
        if (hole.matches() && hole.group(1) != null) {
            var variable = variable(hole.group(1), at);
            if (variable.list()) {
                var items = values(variable, hole.group(1), at);
                return items.isEmpty()
                        ? null
                        : Value.array(items.stream().map(Value::of).toList());
            }
        }
        var filled = hole.reset().replaceAll(found -> {
            var name = found.group(1);
            return java.util.regex.Matcher.quoteReplacement(
                    name == null ? "{{" : String.join(" ", values(variable(name, at), name, at)));
        });
        return filled.isEmpty() ? null : Value.of(filled);
    }

    private Variable variable(String name, Path at) {
        var variable = known.get(name);
        if (variable == null) {
            throw new TegaException.Invalid(at, "no template declares the variable '" + name + "' that stands here");
        }
        return variable;
    }

    private static List<String> values(Variable variable, String name, Path at) {
        if (variable.value() == null) {
            throw new TegaException.Invalid(
                    at, "the variable '" + name + "' has no value: set it at the router's openwrt.variables." + name);
        }
        return variable.value();
    }
}
