package tega.transport.http;

import java.time.Duration;
import java.util.List;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;

/** Calls by request. No thread waits for the answer. */
final class RpcResource {
    private final HttpOptions options;

    RpcResource(HttpOptions options) {
        this.options = options;
    }

    List<Route> routes() {
        return List.of(Route.of("POST", "/_rpc", "Calls an RPC", this::call)
                .requiredText("path", "the dotted path of the RPC")
                .number("deadline", "give up after so many milliseconds")
                .takes("application/json", "{\"args\":[1],\"kwargs\":{\"by\":2}}")
                .fails(404, 502, 504));
    }

    private Reply call(Exchange exchange) {
        var query = exchange.query();
        var path = Path.parse(query.required("path"));
        var longest = (int) options.call().toMillis();
        var deadline = Duration.ofMillis(query.bounded("deadline", longest, 1, longest));
        var request = exchange.hasBody() ? TransactionResource.object(exchange.value(), "the body") : Value.object();
        return new Reply.Later(exchange.parts()
                .calls()
                .as(exchange.identity())
                .call(path, args(request), kwargs(request), deadline)
                .thenApply(result -> Answer.json(Value.object("result", result))));
    }

    /** v1 sends null where there are none. */
    static List<Value> args(ObjectValue request) {
        var args = request.get("args");
        if (args == null || args.equals(Value.NULL)) {
            return List.of();
        }
        if (args instanceof ArrayValue array) {
            return array.items();
        }
        throw new TegaException.Invalid("'args' is an array, not a " + args.kind());
    }

    /** v1 sends null where there are none. */
    static ObjectValue kwargs(ObjectValue request) {
        var kwargs = request.get("kwargs");
        if (kwargs == null || kwargs.equals(Value.NULL)) {
            return Value.object();
        }
        return TransactionResource.object(kwargs, "'kwargs'");
    }
}
