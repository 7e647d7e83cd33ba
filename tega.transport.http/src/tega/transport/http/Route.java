package tega.transport.http;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tega.api.spi.Route.Place;

/** One row of the table of requests: what is called how, with which parameters and errors, and who answers. Immutable. */
record Route(
        String method,
        String path,
        String summary,
        List<Parameter> parameters,
        List<Body> bodies,
        List<String> answers,
        List<Integer> errors,
        Endpoint endpoint) {

    /** Where every URL that is not the server's own leads. */
    static final String TREE = "/{path}";

    /** A parameter of the query, of the path, or a header. {@code type} is a type of JSON Schema. */
    record Parameter(String name, Place place, String type, boolean required, String description) {}

    /** A body it takes: the media type and a checked example. */
    record Body(String type, String example) {}

    static Route of(String method, String path, String summary, Endpoint endpoint) {
        return new Route(
                method,
                path,
                summary,
                List.of(new Parameter("tega_id", Place.QUERY, "string", false, "the name the client goes by")),
                List.of(),
                List.of("application/json"),
                List.of(400, 401, 403, 503),
                endpoint);
    }

    private Route with(Parameter parameter) {
        var longer = new ArrayList<>(parameters);
        longer.add(parameter);
        return new Route(method, path, summary, List.copyOf(longer), bodies, answers, errors, endpoint);
    }

    Route text(String name, String description) {
        return with(new Parameter(name, Place.QUERY, "string", false, description));
    }

    Route requiredText(String name, String description) {
        return with(new Parameter(name, Place.QUERY, "string", true, description));
    }

    Route number(String name, String description) {
        return with(new Parameter(name, Place.QUERY, "integer", false, description));
    }

    Route requiredNumber(String name, String description) {
        return with(new Parameter(name, Place.QUERY, "integer", true, description));
    }

    Route flag(String name, String description) {
        return with(new Parameter(name, Place.QUERY, "boolean", false, description));
    }

    Route header(String name, String description) {
        return with(new Parameter(name, Place.HEADER, "string", false, description));
    }

    Route takes(String type, String example) {
        var longer = new ArrayList<>(bodies);
        longer.add(new Body(type, example));
        return new Route(method, path, summary, parameters, List.copyOf(longer), answers, errors, endpoint)
                .fails(413, 415);
    }

    /** What a success carries; nothing: an empty body. */
    Route gives(String... types) {
        return new Route(method, path, summary, parameters, bodies, List.of(types), errors, endpoint);
    }

    Route fails(int... statuses) {
        var all = new TreeSet<>(errors);
        for (var status : statuses) {
            all.add(status);
        }
        return new Route(method, path, summary, parameters, bodies, answers, List.copyOf(all), endpoint);
    }
}
