package tega.transport.http;

import java.util.List;
import org.eclipse.jetty.http.HttpStatus;
import tega.api.ErrorCode;
import tega.api.ObjectValue;
import tega.api.Value;

/** The OpenAPI 3.1 document of all requests, made from the table by which they are dispatched. */
final class OpenApi {
    private OpenApi() {}

    static ObjectValue document(List<Route> routes) {
        var paths = Value.object();
        for (var route : routes) {
            var item = paths.get(route.path()) instanceof ObjectValue known ? known : item(route);
            paths = paths.with(
                    route.path(), item.with(route.method().toLowerCase(java.util.Locale.ROOT), operation(route)));
        }
        return ObjectValue.builder()
                .put("openapi", Value.of("3.1.0"))
                .put(
                        "info",
                        Value.object("title", Value.of("tega"), "version", Value.of("1"))
                                .with(
                                        "description",
                                        Value.of(
                                                "A tree of JSON. Every URL is a path in it, except those whose first name"
                                                        + " begins with an underscore. Flags are true for True, true and 1.")))
                .put("paths", paths)
                .put("components", components())
                .build();
    }

    private static ObjectValue item(Route route) {
        if (!route.path().equals(Route.TREE)) {
            return Value.object();
        }
        var parameter = ObjectValue.builder()
                .put("name", Value.of("path"))
                .put("in", Value.of("path"))
                .put("required", Value.of(true))
                .put(
                        "description",
                        Value.of("Names, each percent-encoded, between slashes: /graph/subnets/172.21.1.0%2F24. None of"
                                + " them is empty, and the first does not begin with an underscore."))
                .put("schema", Value.object("type", Value.of("string"), "pattern", Value.of("^[^_/]")))
                .build();
        return Value.object("parameters", Value.array(parameter));
    }

    private static ObjectValue operation(Route route) {
        var operation = ObjectValue.builder()
                .put("summary", Value.of(route.summary()))
                .put("operationId", Value.of(name(route)))
                .put(
                        "parameters",
                        Value.array(route.parameters().stream()
                                .map(OpenApi::parameter)
                                .toList()))
                .put("responses", responses(route));
        if (!route.bodies().isEmpty()) {
            var content = ObjectValue.builder();
            for (var body : route.bodies()) {
                content.put(body.type(), Value.object("example", Value.of(body.example())));
            }
            // An RPC without arguments needs no body.
            operation.put(
                    "requestBody",
                    Value.object("required", Value.of(!route.path().equals("/_rpc")), "content", content.build()));
        }
        return operation.build();
    }

    private static String name(Route route) {
        var path = route.path().equals(Route.TREE) ? "node" : route.path().substring(2);
        return route.method().toLowerCase(java.util.Locale.ROOT) + "_" + path.replaceAll("\\W", "_");
    }

    private static Value parameter(Route.Parameter parameter) {
        return ObjectValue.builder()
                .put("name", Value.of(parameter.name()))
                .put("in", Value.of(parameter.place().name().toLowerCase(java.util.Locale.ROOT)))
                .put("required", Value.of(parameter.required()))
                .put("description", Value.of(parameter.description()))
                .put("schema", Value.object("type", Value.of(parameter.type())))
                .build();
    }

    private static ObjectValue responses(Route route) {
        var success = ObjectValue.builder().put("description", Value.of("done")).put("headers", headers());
        if (!route.answers().isEmpty()) {
            var content = ObjectValue.builder();
            route.answers().forEach(type -> content.put(type, Value.object()));
            success.put("content", content.build());
        }
        var responses = ObjectValue.builder().put("200", success.build());
        for (var status : route.errors()) {
            responses.put(Integer.toString(status), response(status));
        }
        return responses.build();
    }

    private static ObjectValue response(int status) {
        var description = Value.of(HttpStatus.getMessage(status));
        if (status < 400) {
            return Value.object("description", description);
        }
        var problem = Value.object("schema", Value.object("$ref", Value.of("#/components/schemas/Problem")));
        return Value.object("description", description, "content", Value.object("application/problem+json", problem));
    }

    private static ObjectValue headers() {
        return Value.object(
                "Tega-Revision",
                Value.object(
                        "description",
                        Value.of("the revision the answer is about"),
                        "schema",
                        Value.object("type", Value.of("integer"))));
    }

    private static ObjectValue components() {
        var codes = Value.array(java.util.Arrays.stream(ErrorCode.values())
                .map(code -> Value.of(code.name()))
                .toList());
        var properties = ObjectValue.builder()
                .put("type", Value.object("type", Value.of("string")))
                .put("title", Value.object("type", Value.of("string")))
                .put("status", Value.object("type", Value.of("integer")))
                .put("detail", Value.object("type", Value.of("string")))
                .put("code", Value.object("type", Value.of("string"), "enum", codes))
                .put("path", Value.object("type", Value.of("array"), "items", Value.object("type", Value.of("string"))))
                .put("oldest", Value.object("type", Value.of("integer")))
                .build();
        var problem = ObjectValue.builder()
                .put("type", Value.of("object"))
                .put("description", Value.of("RFC 9457, with the stable code of the error"))
                .put("required", CommitJson.texts(List.of("type", "title", "status", "detail", "code")))
                .put("properties", properties)
                .build();
        return Value.object("schemas", Value.object("Problem", problem));
    }
}
