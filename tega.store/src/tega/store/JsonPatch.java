package tega.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;

/**
 * RFC 6902: operations on a value, one after the other, all or none. A malformed patch is {@code INVALID}, one that does not
 * fit what is there {@code CONFLICT}, one whose test fails {@code PRECONDITION}.
 */
final class JsonPatch {
    /** Too many copies of copies would grow a value beyond every limit before it is measured. */
    private static final int MOST = 10_000;

    private record Step(
            String op,
            JsonPointer path,
            @Nullable JsonPointer from,
            @Nullable Value value) {}

    private final List<Step> steps;

    private JsonPatch(List<Step> steps) {
        this.steps = steps;
    }

    static JsonPatch of(Value document) {
        if (!(document instanceof ArrayValue operations)) {
            throw new TegaException.Invalid("a JSON Patch is an array of operations, not a " + document.kind());
        }
        if (operations.size() > MOST) {
            throw new TegaException.LimitExceeded("a JSON Patch has at most " + MOST + " operations");
        }
        var steps = new ArrayList<Step>();
        for (var operation : operations) {
            steps.add(step(operation, steps.size()));
        }
        return new JsonPatch(List.copyOf(steps));
    }

    private static Step step(Value operation, int index) {
        if (!(operation instanceof ObjectValue members)) {
            throw invalid(index, "is a " + operation.kind() + ", not an object");
        }
        var op = text(members, "op", index);
        var path = JsonPointer.parse(text(members, "path", index));
        switch (op) {
            case "add", "replace", "test" -> {
                var value = members.get("value");
                if (value == null) {
                    throw invalid(index, "lacks 'value'");
                }
                return new Step(op, path, null, value);
            }
            case "move", "copy" -> {
                var from = JsonPointer.parse(text(members, "from", index));
                if (op.equals("move") && from.covers(path) && !from.equals(path)) {
                    throw invalid(index, "moves '" + from + "' into itself");
                }
                return new Step(op, path, from, null);
            }
            case "remove" -> {
                return new Step(op, path, null, null);
            }
            default -> throw invalid(index, "has the unknown op '" + op + "'");
        }
    }

    private static String text(ObjectValue members, String name, int index) {
        if (members.get(name) instanceof StringValue string) {
            return string.text();
        }
        throw invalid(index, "lacks '" + name + "', a string");
    }

    private static TegaException invalid(int index, String why) {
        return new TegaException.Invalid("operation " + index + " of the JSON Patch " + why);
    }

    /** Whether what is there shows in what becomes of it: by a test, or as a copy. */
    boolean reads() {
        return steps.stream()
                .anyMatch(step -> step.op.equals("test") || step.op.equals("copy") || step.op.equals("move"));
    }

    /** What the patch makes of {@code target}, the value at {@code at}; null is absent. */
    @Nullable
    Value apply(Path at, @Nullable Value target) {
        var value = target;
        for (var i = 0; i < steps.size(); i++) {
            try {
                value = apply(steps.get(i), value);
            } catch (Misfit e) {
                var sentence = "operation " + i + " of the JSON Patch does not fit '" + at + "': " + e.getMessage();
                throw e.test ? new TegaException.Precondition(at, sentence) : new TegaException.Conflict(at, sentence);
            }
        }
        return value;
    }

    /** Why a step does not fit. */
    private static final class Misfit extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final boolean test;

        Misfit(String why, boolean test) {
            super(why, null, false, false);
            this.test = test;
        }
    }

    private static @Nullable Value apply(Step step, @Nullable Value target) {
        var tokens = step.path.tokens();
        var from = step.from;
        var value = step.value;
        if (from != null) {
            var source = find(target, from);
            var rest = step.op.equals("move") ? change(target, from, 0, "remove", null) : target;
            return change(rest, step.path, 0, "add", source);
        }
        if (step.op.equals("test")) {
            var found = find(target, step.path);
            if (!found.equals(value)) {
                throw new Misfit("'" + step.path + "' is not what the test expects", true);
            }
            return target;
        }
        if (tokens.isEmpty() && step.op.equals("replace") && target == null) {
            throw absent(step.path);
        }
        return change(target, step.path, 0, step.op, value);
    }

    private static Value find(@Nullable Value target, JsonPointer pointer) {
        var value = target;
        for (var token : pointer.tokens()) {
            if (value instanceof ObjectValue object) {
                value = object.get(token);
            } else if (value instanceof ArrayValue array) {
                value = array.get(index(token, array.size() - 1, pointer));
            } else {
                value = null;
            }
        }
        if (value == null) {
            throw absent(pointer);
        }
        return value;
    }

    private static @Nullable Value change(
            @Nullable Value target, JsonPointer pointer, int depth, String op, @Nullable Value value) {
        var tokens = pointer.tokens();
        if (depth == tokens.size()) {
            if (op.equals("remove") && target == null) {
                throw absent(pointer);
            }
            return op.equals("remove") ? null : value;
        }
        var token = tokens.get(depth);
        var last = depth + 1 == tokens.size();
        if (target instanceof ObjectValue object) {
            var member = object.get(token);
            if (member == null && !(last && op.equals("add"))) {
                throw absent(pointer);
            }
            var changed = last ? (op.equals("remove") ? null : value) : change(member, pointer, depth + 1, op, value);
            return changed == null ? object.without(token) : object.with(token, changed);
        }
        if (target instanceof ArrayValue array) {
            return change(array, pointer, depth, op, value);
        }
        throw absent(pointer);
    }

    private static Value change(ArrayValue array, JsonPointer pointer, int depth, String op, @Nullable Value value) {
        var token = pointer.tokens().get(depth);
        var items = new ArrayList<>(array.items());
        if (depth + 1 < pointer.tokens().size()) {
            var at = index(token, array.size() - 1, pointer);
            var changed = change(items.get(at), pointer, depth + 1, op, value);
            if (changed != null) {
                items.set(at, changed);
            }
        } else if (op.equals("add") && value != null) {
            items.add(token.equals("-") ? items.size() : index(token, items.size(), pointer), value);
        } else {
            var at = index(token, items.size() - 1, pointer);
            items.remove(at);
            if (value != null) {
                items.add(at, value);
            }
        }
        return Value.array(items);
    }

    private static int index(String token, int highest, JsonPointer pointer) {
        var digits = !token.isEmpty()
                && token.length() < 10
                && token.chars().allMatch(c -> c >= '0' && c <= '9')
                && (token.length() == 1 || token.charAt(0) != '0');
        if (!digits || Integer.parseInt(token) > highest) {
            throw absent(pointer);
        }
        return Integer.parseInt(token);
    }

    private static Misfit absent(JsonPointer pointer) {
        return new Misfit("there is no '" + pointer + "'", false);
    }
}
