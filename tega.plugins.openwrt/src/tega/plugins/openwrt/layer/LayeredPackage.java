package tega.plugins.openwrt.layer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.NullValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;

/**
 * One package as several layers say it. The rules: sections of one id are one section; what a layer says of an option replaces
 * what those below say, lists as a whole; null takes an option or a section away; a section of another type replaces the one
 * below with all of its options.
 */
final class LayeredPackage {
    private static final String ORDER = "order";
    private static final String SECTIONS = "sections";
    private static final String TYPE = "type";
    private static final String ANONYMOUS = "anonymous";
    private static final String OPTIONS = "options";

    /** One section: what it is, and its options with where each comes from. */
    private static final class Section {
        final Map<String, Value> rest = new TreeMap<>();
        final Map<String, Value> options = new TreeMap<>();
        final Map<String, Origin> origins = new TreeMap<>();
        boolean hasOptions;

        ObjectValue value() {
            var value = Value.object(rest);
            return hasOptions ? value.with(OPTIONS, Value.object(options)) : value;
        }
    }

    private final Map<String, Section> sections = new TreeMap<>();
    private final Map<String, Value> rest = new LinkedHashMap<>();
    private List<String> order = new ArrayList<>();
    private boolean ordered;

    /** Lays {@code value}, which stands at {@code at}, over what is there; {@code variables} fill its texts when there are any. */
    void add(ObjectValue value, Path at, String layer, @Nullable Variables variables) {
        for (var member : value) {
            if (!member.name().equals(ORDER) && !member.name().equals(SECTIONS)) {
                rest.put(member.name(), member.value());
            }
        }
        var said = value.get(SECTIONS);
        if (said != null) {
            for (var section : object(said, at.child(SECTIONS), "the sections")) {
                section(section.name(), section.value(), at.child(SECTIONS).child(section.name()), layer, variables);
            }
        }
        var names = value.get(ORDER);
        ordered |= names != null;
        order = SectionOrder.of(order, names == null ? List.of() : order(names, at.child(ORDER)), sections.keySet());
    }

    private void section(String id, Value value, Path at, String layer, @Nullable Variables variables) {
        if (value instanceof NullValue) {
            sections.remove(id);
            return;
        }
        var said = object(value, at, "a section");
        var old = sections.get(id);
        var section = old == null || isOther(old, said) ? new Section() : old;
        sections.put(id, section);
        for (var member : said) {
            if (member.name().equals(OPTIONS)) {
                section.hasOptions = true;
                for (var option : object(member.value(), at.child(OPTIONS), "the options")) {
                    option(section, option.name(), option.value(), at.child(OPTIONS), layer, variables);
                }
            } else {
                section.rest.put(member.name(), member.value());
            }
        }
    }

    private static boolean isOther(Section old, ObjectValue said) {
        return List.of(TYPE, ANONYMOUS).stream()
                .anyMatch(
                        name -> said.has(name) && !value(name, said.get(name)).equals(value(name, old.rest.get(name))));
    }

    /** Not to say whether a section has a name is to say that it has one. */
    private static Value value(String name, @Nullable Value said) {
        return said == null ? (name.equals(TYPE) ? Value.of("") : Value.of(false)) : said;
    }

    private static void option(
            Section section, String name, Value value, Path options, String layer, @Nullable Variables variables) {
        var at = options.child(name);
        var used = variables == null ? List.<String>of() : Variables.in(value);
        var filled = variables == null ? value : variables.fill(value, at);
        if (filled == null || filled instanceof NullValue) {
            section.options.remove(name);
            section.origins.remove(name);
        } else {
            section.options.put(name, filled);
            section.origins.put(name, new Origin(layer, at, used));
        }
    }

    private List<String> order(Value value, Path at) {
        if (!(value instanceof ArrayValue array)) {
            throw new TegaException.Invalid(
                    at, "the order is " + value.kind() + " and must be a list of names of sections");
        }
        var names = new ArrayList<String>();
        for (var item : array) {
            if (!(item instanceof StringValue text) || !sections.containsKey(text.text())) {
                throw new TegaException.Invalid(at, "the order names the section " + item + ", which does not exist");
            }
            if (names.contains(text.text())) {
                throw new TegaException.Invalid(at, "the order names the section '" + text.text() + "' twice");
            }
            names.add(text.text());
        }
        return names;
    }

    private static ObjectValue object(Value value, Path at, String what) {
        if (value instanceof ObjectValue object) {
            return object;
        }
        throw new TegaException.Invalid(at, what + " must be an object and is " + value.kind());
    }

    /** What all layers say together. */
    ObjectValue value() {
        var all = new LinkedHashMap<>(rest);
        if (ordered) {
            all.put(ORDER, Value.array(order.stream().map(Value::of).toList()));
        }
        var values = new LinkedHashMap<String, Value>();
        sections.forEach((id, section) -> values.put(id, section.value()));
        all.put(SECTIONS, Value.object(values));
        return Value.object(all);
    }

    /** Tells where each option comes from, by {@code section.option}, in the order of the sections. */
    void origins(BiConsumer<Path, Origin> to) {
        for (var id : order) {
            var section = sections.get(id);
            if (section != null) {
                section.origins.forEach((name, origin) -> to.accept(Path.of(id, name), origin));
            }
        }
    }

    /** The least layer that makes {@code goal} of this package. */
    ObjectValue over(ObjectValue goal) {
        var said = new LinkedHashMap<String, Value>();
        var there = goal.get(SECTIONS) instanceof ObjectValue all ? all : Value.object();
        for (var section : there) {
            var old = sections.get(section.name());
            var wanted = object(section.value(), Path.EMPTY, "a section");
            if (old == null || isOther(old, wanted)) {
                said.put(section.name(), wanted);
            } else {
                var options = over(old.options, wanted.get(OPTIONS) instanceof ObjectValue all ? all : Value.object());
                if (!options.isEmpty()) {
                    said.put(section.name(), Value.object(OPTIONS, Value.object(options)));
                }
            }
        }
        for (var id : sections.keySet()) {
            if (!there.has(id)) {
                said.put(id, Value.NULL);
            }
        }
        var layer = Value.object(SECTIONS, Value.object(said));
        var order = goal.get(ORDER);
        return order == null || (order.equals(ordering()) && said.isEmpty()) ? layer : layer.with(ORDER, order);
    }

    private Value ordering() {
        return Value.array(order.stream().map(Value::of).toList());
    }

    private static Map<String, Value> over(Map<String, Value> old, ObjectValue wanted) {
        var said = new TreeMap<String, Value>();
        for (var option : wanted) {
            if (!option.value().equals(old.get(option.name()))) {
                said.put(option.name(), option.value());
            }
        }
        old.keySet().stream().filter(name -> !wanted.has(name)).forEach(name -> said.put(name, Value.NULL));
        return Collections.unmodifiableMap(said);
    }
}
