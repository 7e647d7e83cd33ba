package tega.plugins.openwrt.uci;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.BooleanValue;
import tega.api.Member;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;

/**
 * A package as a value of the tree and back:
 *
 * <pre>{@code
 * {"order": ["lan", "_route__1"],
 *  "sections": {"lan": {"type": "interface", "anonymous": false, "options": {"ipaddr": "192.168.1.1", "dns": ["1.1.1.1"]}},
 *               "_route__1": {"type": "route", "anonymous": true, "options": {}}}}
 * }</pre>
 *
 * Every value is a string or a list of strings. Sections that {@code order} does not name follow in the order of their names.
 */
public final class UciTree {
    private static final String ORDER = "order";
    private static final String SECTIONS = "sections";
    private static final String TYPE = "type";
    private static final String ANONYMOUS = "anonymous";
    private static final String OPTIONS = "options";

    private UciTree() {}

    /** The value of {@code read}. */
    public static ObjectValue of(UciPackage read) {
        var order = new ArrayList<Value>();
        var sections = new LinkedHashMap<String, Value>();
        for (var section : read.sections()) {
            order.add(Value.of(section.id()));
            sections.put(section.id(), of(section));
        }
        return Value.object(ORDER, Value.array(order), SECTIONS, Value.object(sections));
    }

    /** The value of a section. */
    public static ObjectValue of(UciSection section) {
        var options = new LinkedHashMap<String, Value>();
        section.options().forEach((name, option) -> options.put(name, of(option)));
        return Value.object(Map.of(
                TYPE, Value.of(section.type()),
                ANONYMOUS, Value.of(section.anonymous()),
                OPTIONS, Value.object(options)));
    }

    /** The value of an option: a string or a list of strings. */
    public static Value of(UciOption option) {
        return option.list()
                ? Value.array(option.items().stream().map(Value::of).toList())
                : Value.of(option.items().get(0));
    }

    /**
     * The package {@code name} that {@code value} says.
     *
     * @param at where the value is in the tree, for messages
     * @throws TegaException.Invalid when it is none, with the path of what is wrong
     */
    public static UciPackage read(String name, Value value, Path at) {
        return read(name, value, at, object -> null);
    }

    /** The same with options in the order that {@code names} tells of their object, where it tells one. */
    static UciPackage read(String name, Value value, Path at, Function<ObjectValue, @Nullable List<String>> names) {
        if (!UciNames.isPackage(name)) {
            throw wrong(at, "'" + name + "' is no name of a package: letters, digits, _ and - only");
        }
        var object = object(value, at, "a package");
        only(object, at, Set.of(ORDER, SECTIONS));
        var sections = object(member(object, SECTIONS, at), at.child(SECTIONS), "the sections");
        var read = new ArrayList<UciSection>();
        for (var id : order(object, sections, at)) {
            read.add(section(id, sections.get(id), at.child(SECTIONS).child(id), names));
        }
        return new UciPackage(name, read);
    }

    private static Set<String> order(ObjectValue object, ObjectValue sections, Path at) {
        var order = new LinkedHashSet<String>();
        var value = object.get(ORDER);
        if (value != null) {
            if (!(value instanceof ArrayValue array)) {
                throw wrong(
                        at.child(ORDER), "the order is " + value.kind() + " and must be a list of names of sections");
            }
            for (var item : array) {
                var id = text(item, at.child(ORDER));
                if (sections.get(id) == null) {
                    throw wrong(at.child(ORDER), "the order names the section '" + id + "', which does not exist");
                }
                if (!order.add(id)) {
                    throw wrong(at.child(ORDER), "the order names the section '" + id + "' twice");
                }
            }
        }
        for (var section : sections) {
            order.add(section.name());
        }
        return order;
    }

    private static UciSection section(
            String id, @Nullable Value value, Path at, Function<ObjectValue, @Nullable List<String>> names) {
        if (!UciNames.isName(id)) {
            throw wrong(at, "'" + id + "' is no name of a section: letters, digits and _ only");
        }
        var object = object(value, at, "a section");
        only(object, at, Set.of(TYPE, ANONYMOUS, OPTIONS));
        var type = text(member(object, TYPE, at), at.child(TYPE));
        if (!UciNames.isType(type)) {
            throw wrong(at.child(TYPE), "'" + type + "' is no type of a section: visible ASCII characters only");
        }
        var anonymous = object.get(ANONYMOUS);
        if (anonymous != null && !(anonymous instanceof BooleanValue)) {
            throw wrong(at.child(ANONYMOUS), "this is " + anonymous.kind() + " and must be true or false");
        }
        var read = new LinkedHashMap<String, UciOption>();
        var there = object.get(OPTIONS);
        if (there != null) {
            var options = object(there, at.child(OPTIONS), "the options");
            for (var name : named(options, names.apply(options))) {
                read.put(name, option(name, options.get(name), at.child(OPTIONS).child(name)));
            }
        }
        return new UciSection(id, type, anonymous != null && anonymous.equals(Value.of(true)), read);
    }

    private static List<String> named(ObjectValue options, @Nullable List<String> order) {
        if (order != null) {
            return order;
        }
        var names = new ArrayList<String>();
        for (Member option : options) {
            names.add(option.name());
        }
        return names;
    }

    private static UciOption option(String name, @Nullable Value value, Path at) {
        if (!UciNames.isName(name)) {
            throw wrong(at, "'" + name + "' is no name of an option: letters, digits and _ only");
        }
        if (!(value instanceof ArrayValue array)) {
            var text = text(value, at);
            if (text.isEmpty()) {
                throw wrong(at, "an option cannot be empty: delete it instead");
            }
            return UciOption.of(text);
        }
        if (array.size() == 0) {
            throw wrong(at, "a list cannot be empty: delete it instead");
        }
        var items = new ArrayList<String>();
        for (var item : array) {
            items.add(text(item, at));
        }
        return UciOption.of(items);
    }

    private static void only(ObjectValue object, Path at, Set<String> known) {
        for (var member : object) {
            if (!known.contains(member.name())) {
                throw wrong(
                        at.child(member.name()),
                        "there is no such member; "
                                + String.join(", ", known.stream().sorted().toList()) + " are known");
            }
        }
    }

    private static Value member(ObjectValue object, String name, Path at) {
        var value = object.get(name);
        if (value == null) {
            throw wrong(at, "the member '" + name + "' is missing");
        }
        return value;
    }

    private static ObjectValue object(@Nullable Value value, Path at, String what) {
        if (value instanceof ObjectValue object) {
            return object;
        }
        throw wrong(at, what + " must be an object" + (value == null ? "" : " and is " + value.kind()));
    }

    private static String text(@Nullable Value value, Path at) {
        if (!(value instanceof StringValue text)) {
            throw wrong(at, "this must be a string" + (value == null ? "" : " and is " + value.kind()));
        }
        if (text.text().indexOf('\0') >= 0) {
            throw wrong(at, "a value cannot have a NUL character");
        }
        return text.text();
    }

    private static TegaException wrong(Path at, String sentence) {
        return new TegaException.Invalid(at, sentence);
    }
}
