package tega.transport.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;

/** The part of a value that is asked for: some of its members, so deep, so many at a time. */
final class Page {
    private static final Page ALL = new Page(-1, List.of(), null, -1);

    private final int depth;
    private final List<Path> fields;
    private final @Nullable String after;
    private final int limit;

    private Page(int depth, List<Path> fields, @Nullable String after, int limit) {
        this.depth = depth;
        this.fields = fields;
        this.after = after;
        this.limit = limit;
    }

    static Page of(Query query) {
        if (!query.has("depth") && !query.has("fields") && !query.has("after") && !query.has("limit")) {
            return ALL;
        }
        var fields = new ArrayList<Path>();
        for (var field : query.text("fields").orElse("").split(",", -1)) {
            if (!field.isEmpty()) {
                fields.add(Path.parse(field));
            }
        }
        return new Page(
                query.bounded("depth", -1, query.has("depth") ? 0 : -1, 1_000_000),
                fields,
                query.text("after").orElse(null),
                query.bounded("limit", -1, query.has("limit") ? 1 : -1, 1_000_000));
    }

    /** Tells one part of a node from another in its entity tag. */
    String form() {
        return equals(ALL) ? "" : "p" + Integer.toHexString(java.util.Objects.hash(depth, fields, after, limit));
    }

    Value cut(Value value) {
        return depth < 0 ? chosen(value) : shallow(chosen(value), depth);
    }

    private Value chosen(Value value) {
        if (fields.isEmpty() && after == null && limit < 0) {
            return value;
        }
        if (!(value instanceof ObjectValue object)) {
            throw new TegaException.Invalid("fields, after and limit are for objects; this is a " + value.kind());
        }
        if (after != null || limit >= 0) {
            object = page(object);
        }
        return fields.isEmpty() ? object : picked(object);
    }

    private ObjectValue page(ObjectValue object) {
        var members = after == null ? object.iterator() : object.after(after);
        var page = ObjectValue.builder();
        for (var count = 0; members.hasNext() && (limit < 0 || count < limit); count++) {
            var member = members.next();
            page.put(member.name(), member.value());
        }
        return page.build();
    }

    private ObjectValue picked(ObjectValue object) {
        ObjectValue picked = Value.object();
        for (var field : fields) {
            picked = pick(object, field, 0, picked);
        }
        return picked;
    }

    private static ObjectValue pick(ObjectValue from, Path field, int at, ObjectValue to) {
        if (at == field.depth()) {
            return from;
        }
        var name = field.name(at);
        var member = from.get(name);
        if (member == null) {
            return to;
        }
        if (at + 1 == field.depth()) {
            return to.with(name, member);
        }
        if (!(member instanceof ObjectValue below)) {
            return to;
        }
        var part = pick(below, field, at + 1, to.get(name) instanceof ObjectValue there ? there : Value.object());
        return part.isEmpty() ? to : to.with(name, part);
    }

    private static Value shallow(Value value, int depth) {
        if (!(value instanceof ObjectValue object)) {
            return value;
        }
        if (depth == 0) {
            return Value.object();
        }
        var cut = ObjectValue.builder();
        for (var member : object) {
            cut.put(member.name(), shallow(member.value(), depth - 1));
        }
        return cut.build();
    }

    /** The name to go on after, when there is more than this page. */
    Optional<String> next(Value value) {
        if (limit < 0 || !(value instanceof ObjectValue object)) {
            return Optional.empty();
        }
        var members = after == null ? object.iterator() : object.after(after);
        String last = null;
        for (var count = 0; members.hasNext() && count < limit; count++) {
            last = members.next().name();
        }
        return members.hasNext() ? Optional.ofNullable(last) : Optional.empty();
    }

    /** The URL of the page after {@code name}: this one's, with another {@code after}. */
    static String link(Exchange exchange, String name) {
        var link = new StringBuilder(exchange.target()).append("?after=").append(escaped(name));
        for (var other : List.of("limit", "depth", "fields", "version", "tega_id")) {
            exchange.query()
                    .text(other)
                    .ifPresent(
                            value -> link.append('&').append(other).append('=').append(escaped(value)));
        }
        return link.toString();
    }

    private static String escaped(String text) {
        return text.isEmpty() ? "" : Path.of(text).toUrl().substring(1);
    }
}
