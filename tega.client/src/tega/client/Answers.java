package tega.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.Commit;
import tega.api.CommitKind;
import tega.api.Confirm;
import tega.api.Edit;
import tega.api.Identity;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;

/** What servers answer, read. */
final class Answers {
    private Answers() {}

    static Value present(@Nullable Value value) {
        if (value == null) {
            throw unexpected("a value", null);
        }
        return value;
    }

    static ObjectValue object(@Nullable Value value) {
        if (value instanceof ObjectValue object) {
            return object;
        }
        throw unexpected("an object", value);
    }

    static ArrayValue array(@Nullable Value value) {
        if (value instanceof ArrayValue array) {
            return array;
        }
        throw unexpected("an array", value);
    }

    static String text(@Nullable Value value) {
        if (value instanceof StringValue text) {
            return text.text();
        }
        throw unexpected("a string", value);
    }

    static long number(@Nullable Value value) {
        if (value instanceof NumberValue number) {
            return number.longValue();
        }
        throw unexpected("a number", value);
    }

    static TegaException unexpected(String wanted, @Nullable Value value) {
        return new TegaException.Unavailable("the server answered with " + (value == null ? "nothing" : value.kind())
                + " where " + wanted + " was expected; is it another release?");
    }

    /** Numbers by name. */
    static Map<String, Long> numbers(@Nullable Value value) {
        var numbers = new LinkedHashMap<String, Long>();
        object(value).forEach(member -> numbers.put(member.name(), number(member.value())));
        return numbers;
    }

    static Instant time(@Nullable Value value) {
        try {
            return Instant.parse(text(value));
        } catch (DateTimeException e) {
            throw unexpected("a time", value);
        }
    }

    /** A commit; without {@code edits} it has none, and its promise to be undone does not say how. */
    static Commit commit(Value value) {
        var json = object(value);
        var message = json.get("message");
        var refersTo = json.get("refers_to");
        var confirm = json.get("confirm");
        return new Commit(
                number(json.get("revision")),
                time(json.get("time")),
                new Identity(text(json.get("author")), text(json.get("tega_id"))),
                text(json.get("origin")),
                CommitKind.of(text(json.get("kind"))),
                message == null ? null : text(message),
                refersTo == null ? 0 : number(refersTo),
                json.has("edits") ? edits(json.get("edits")) : List.of(),
                json.has("notes") ? texts(json.get("notes")) : List.of(),
                confirm == null ? null : new Confirm(Duration.ofSeconds(number(confirm)), false, List.of()),
                numbers(json.get("versions")));
    }

    static List<Edit> edits(@Nullable Value value) {
        var edits = new ArrayList<Edit>();
        for (var item : array(value)) {
            edits.add(edit(object(item)));
        }
        return edits;
    }

    private static Edit edit(ObjectValue json) {
        var path = json.get("path");
        var at = Path.from(path == null ? Value.array() : path);
        if (!text(json.get("op")).equals("put")) {
            return new Edit.Delete(at, Value.of(true).equals(json.get("ephemeral")));
        }
        var value = json.get("value");
        if (value == null) {
            throw unexpected("a value", null);
        }
        return new Edit.Put(at, value, json.get("owner") instanceof StringValue owner ? owner.text() : null);
    }

    static List<String> texts(@Nullable Value value) {
        var texts = new ArrayList<String>();
        for (var item : array(value)) {
            texts.add(text(item));
        }
        return texts;
    }
}
