package tega.transport.http;

import java.util.List;
import tega.api.ArrayValue;
import tega.api.BooleanValue;
import tega.api.Expectation;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Transaction;
import tega.api.Value;

/** A whole transaction in one request. */
final class TransactionResource {
    private static final String EXAMPLE = """
            {"message":"move the uplink","ops":[\
            {"op":"expect","path":["lan"],"absent":true},\
            {"op":"put","path":["lan","mtu"],"value":1500},\
            {"op":"merge","path":["lan"],"value":{"up":true}},\
            {"op":"delete","path":["lan","up"]}]}""";

    List<Route> routes() {
        return List.of(Route.of("POST", "/_tx", "Several changes, all or none", this::transact)
                .takes("application/json", EXAMPLE)
                .fails(404, 409, 412, 422));
    }

    private Answer transact(Exchange exchange) {
        var request = object(exchange.value(), "the body");
        if (!(request.get("ops") instanceof ArrayValue operations)) {
            throw new TegaException.Invalid("the body needs the array 'ops'");
        }
        try (var transaction = exchange.tega().begin()) {
            text(request, "message").ifPresent(transaction::message);
            for (var i = 0; i < operations.size(); i++) {
                apply(object(operations.get(i), "operation " + i), i, transaction, exchange);
            }
            var confirm = request.get("confirm");
            if (confirm != null) {
                Confirming.apply(confirm, transaction);
            }
            if (isTrue(request, "dry_run")) {
                return Answer.json(CommitJson.preview(transaction.preview()));
            }
            return HistoryResource.told(transaction.commit());
        }
    }

    private static void apply(ObjectValue operation, int index, Transaction transaction, Exchange exchange) {
        var where = operation.get("path");
        if (where == null) {
            throw new TegaException.Invalid("operation " + index + " has no 'path'");
        }
        var path = where instanceof StringValue dotted ? Path.parse(dotted.text()) : Path.from(where);
        var op = text(operation, "op").orElse("");
        if (!op.equals("expect") && operation.get("version") != null) {
            transaction.expect(path, new Expectation.AtVersion(number(operation, "version")));
        }
        switch (op) {
            case "put" -> {
                if (isTrue(operation, "ephemeral")) {
                    exchange.requireConnected(path);
                    transaction.putEphemeral(path, value(operation, index));
                } else {
                    transaction.put(path, value(operation, index));
                }
            }
            case "merge" -> transaction.merge(path, value(operation, index));
            case "patch" -> transaction.patch(path, value(operation, index));
            case "delete" -> transaction.delete(path);
            case "expect" -> transaction.expect(path, expectation(operation, index));
            default ->
                throw new TegaException.Invalid(
                        "operation " + index + " is put, merge, patch, delete or expect, not '" + op + "'");
        }
    }

    private static Expectation expectation(ObjectValue operation, int index) {
        if (isTrue(operation, "absent")) {
            return new Expectation.Absent();
        }
        if (isTrue(operation, "present")) {
            return new Expectation.Present();
        }
        if (operation.has("revision")) {
            return new Expectation.AtRevision(number(operation, "revision"));
        }
        if (operation.has("version")) {
            return new Expectation.AtVersion(number(operation, "version"));
        }
        var value = operation.get("value");
        if (value == null) {
            throw new TegaException.Invalid(
                    "operation " + index + " expects one of absent, present, revision, version or value");
        }
        return new Expectation.Equal(value);
    }

    static ObjectValue object(Value value, String what) {
        if (value instanceof ObjectValue object) {
            return object;
        }
        var article = value.kind().startsWith("a") ? "an " : "a ";
        throw new TegaException.Invalid(what + " is an object, not " + article + value.kind());
    }

    private static Value value(ObjectValue operation, int index) {
        var value = operation.get("value");
        if (value == null) {
            throw new TegaException.Invalid("operation " + index + " has no 'value'");
        }
        return value;
    }

    static java.util.Optional<String> text(ObjectValue object, String name) {
        var value = object.get(name);
        if (value == null) {
            return java.util.Optional.empty();
        }
        if (value instanceof StringValue text) {
            return java.util.Optional.of(text.text());
        }
        throw new TegaException.Invalid("'" + name + "' is a string, not a " + value.kind());
    }

    static long number(ObjectValue object, String name) {
        if (object.get(name) instanceof NumberValue number) {
            return number.longValue();
        }
        throw new TegaException.Invalid("'" + name + "' is an integer");
    }

    static boolean isTrue(ObjectValue object, String name) {
        var value = object.get(name);
        if (value == null) {
            return false;
        }
        if (value instanceof BooleanValue truth) {
            return truth.equals(Value.of(true));
        }
        throw new TegaException.Invalid("'" + name + "' is true or false, not a " + value.kind());
    }
}
