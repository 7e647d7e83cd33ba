package tega.plugins.nlan;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;
import tega.api.ArrayValue;
import tega.api.BooleanValue;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;

/** An object of the tree and where it stands, read member by member: whatever is wrong is {@code INVALID} with its path. */
record Reading(ObjectValue value, Path at) {
    static Reading of(Value value, Path at) {
        if (value instanceof ObjectValue object) {
            return new Reading(object, at);
        }
        throw wrong(at, "this must be an object and is " + kind(value));
    }

    private static TegaException.Invalid wrong(Path at, String sentence) {
        return new TegaException.Invalid(at, at + ": " + sentence);
    }

    private static String kind(Value value) {
        return "a " + value.kind();
    }

    TegaException.Invalid wrong(String name, String sentence) {
        return wrong(at.child(name), sentence);
    }

    /** Refuses members of other names. */
    Reading only(String... names) {
        var known = Set.of(names);
        for (var member : value) {
            if (!known.contains(member.name())) {
                throw wrong(member.name(), "there is no such setting; known are " + String.join(", ", List.of(names)));
            }
        }
        return this;
    }

    boolean has(String name) {
        return value.has(name);
    }

    /** The object {@code name}; an empty one where there is none. */
    Reading object(String name) {
        var member = value.get(name);
        return of(member == null ? Value.object() : member, at.child(name));
    }

    /** Each member of this object. */
    <T> List<T> members(BiFunction<String, Reading, T> reader) {
        var all = new ArrayList<T>();
        for (var member : value) {
            all.add(reader.apply(member.name(), of(member.value(), at.child(member.name()))));
        }
        return all;
    }

    /** Each item of the array {@code name}; none where there is none. Items are told by their number. */
    <T> List<T> items(String name, BiFunction<String, Reading, T> reader) {
        var all = new ArrayList<T>();
        for (var item : array(name)) {
            var index = String.valueOf(all.size());
            all.add(reader.apply(index, of(item, at.child(name).child(index))));
        }
        return all;
    }

    private List<Value> array(String name) {
        var member = value.get(name);
        if (member == null) {
            return List.of();
        }
        if (member instanceof ArrayValue array) {
            return array.items();
        }
        throw wrong(name, "this must be an array and is " + kind(member));
    }

    String text(String name) {
        var member = value.get(name);
        if (member == null) {
            throw wrong(at, "'" + name + "' is missing");
        }
        return text(name, "");
    }

    String text(String name, String otherwise) {
        var member = value.get(name);
        if (member == null) {
            return otherwise;
        }
        if (member instanceof StringValue text) {
            return text.text();
        }
        throw wrong(name, "this must be a string and is " + kind(member));
    }

    List<String> texts(String name) {
        var all = new ArrayList<String>();
        for (var item : array(name)) {
            if (!(item instanceof StringValue text)) {
                throw wrong(name, "this must be an array of strings and has " + kind(item));
            }
            all.add(text.text());
        }
        return all;
    }

    long number(String name, long least, long most) {
        var member = Objects.requireNonNullElse(value.get(name), Value.NULL);
        if (member instanceof NumberValue number
                && number.isLong()
                && number.longValue() >= least
                && number.longValue() <= most) {
            return number.longValue();
        }
        throw wrong(name, "this must be a whole number from " + least + " to " + most);
    }

    long number(String name, long least, long most, long otherwise) {
        return has(name) ? number(name, least, most) : otherwise;
    }

    boolean flag(String name, boolean otherwise) {
        var member = value.get(name);
        if (member == null) {
            return otherwise;
        }
        if (member instanceof BooleanValue) {
            return Value.of(true).equals(member);
        }
        throw wrong(name, "this must be true or false and is " + kind(member));
    }

    /** An IPv4 address. */
    String address(String name) {
        var text = text(name);
        if (!Ip.isAddress(text)) {
            throw wrong(name, "'" + text + "' is no IPv4 address");
        }
        return text;
    }

    List<String> addresses(String name) {
        var all = texts(name);
        for (var text : all) {
            if (!Ip.isAddress(text)) {
                throw wrong(name, "'" + text + "' is no IPv4 address");
            }
        }
        return all;
    }

    /** An IPv4 address with the length of its prefix. */
    Ip ip(String name) {
        return ip(name, text(name));
    }

    Ip ip(String name, String text) {
        try {
            return Ip.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong(name, "'" + text + "' is no IPv4 address with a length, such as 10.1.1.1/24");
        }
    }

    /** A name that is part of names on the machine. */
    String name(String name) {
        IntPredicate legal = c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.');
        if (name.isEmpty() || name.startsWith("-") || !name.chars().allMatch(legal)) {
            throw wrong(at, "'" + name + "' is no name: letters, digits, '-', '_' and '.'");
        }
        return name;
    }
}
