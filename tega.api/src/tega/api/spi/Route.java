package tega.api.spi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;
import tega.api.Identity;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;

/**
 * One request of REST that a bundle answers, told to the server by {@link Routes}: what is called how, and by whom it is served. From it the request is dispatched and
 * described in {@code /_openapi.json}. Made step by step, immutable at each:
 *
 * <pre>{@code
 * Route.of("DELETE", "/_bundles/{name}", "Removes a bundle", request -> {
 *     bundles.remove(request.required("name"));
 *     return Route.Answer.empty();
 * }).text("name", "its symbolic name").gives().fails(404)
 * }</pre>
 *
 * @param method in capital letters
 * @param path begins with {@code /_}; a name in braces stands for one name that is not empty and becomes a parameter
 * @param summary for the document, in a few words
 * @param needs what the caller must be granted for the whole database, asked before the endpoint is; null: the endpoint asks
 * @param parameters of the path, the query and the headers
 * @param bodies what it takes; none: it takes no body
 * @param answers the media types of a success; none: its body is empty
 * @param errors the statuses it may fail with, beside 400, 401, 403 and 503, which every request may
 * @param endpoint who answers
 */
public record Route(
        String method,
        String path,
        String summary,
        @Nullable Action needs,
        List<Parameter> parameters,
        List<Body> bodies,
        List<String> answers,
        Set<Integer> errors,
        Endpoint endpoint) {
    /** Lists are copied; {@code IllegalArgumentException} when the path is none of the server's. */
    public Route {
        if (!path.startsWith("/_") || path.endsWith("/")) {
            throw new IllegalArgumentException(path + " does not begin with /_ and a name");
        }
        method = method.toUpperCase(Locale.ROOT);
        parameters = List.copyOf(parameters);
        bodies = List.copyOf(bodies);
        answers = List.copyOf(answers);
        errors = Set.copyOf(errors);
        Objects.requireNonNull(summary);
        Objects.requireNonNull(endpoint);
    }

    /** Where a parameter is. */
    public enum Place {
        /** In the path, between slashes; always required. */
        PATH,
        /** After the question mark. */
        QUERY,
        /** A header. */
        HEADER
    }

    /** A parameter. {@code type} is a type of JSON Schema: string, integer or boolean. */
    public record Parameter(String name, Place place, String type, boolean required, String description) {}

    /** A body it takes: the media type and an example that works. */
    public record Body(String type, String example) {}

    /** Answers the requests of one route. Called by any number of threads at once; may block for as long as a commit takes. */
    @ConsumerType
    @FunctionalInterface
    public interface Endpoint {
        /** The answer; a {@link TegaException} becomes a problem document with the status that belongs to its code. */
        Answer answer(Request request);
    }

    /** A request, read whole. */
    @ProviderType
    public interface Request {
        /** Who asks. */
        Identity identity();

        /** The database on behalf of who asks. */
        Tega tega();

        /** The parameter {@code name}, wherever it is. */
        Optional<String> text(String name);

        /** The same; {@code INVALID} when it is missing or empty. */
        String required(String name);

        /** The same; {@code INVALID} when it is no integer. */
        OptionalLong number(String name);

        /** True for {@code True}, {@code true} and {@code 1}. */
        boolean flag(String name);

        /** The media type of the body in lower case, without its parameters; empty when it has none. */
        String mediaType();

        /** The body; empty when there is none. Not copied. */
        byte[] body();

        /** The body as a value, of JSON or YAML; {@code INVALID} when it is neither. */
        Value value();
    }

    /** A success: its status, media type and body, and what {@code Tega-Revision} tells. */
    public static final class Answer {
        private final int status;
        private final @Nullable String type;
        private final byte[] body;
        private final long revision;

        private Answer(int status, @Nullable String type, byte[] body, long revision) {
            this.status = status;
            this.type = type;
            this.body = body;
            this.revision = revision;
        }

        /** 200 and nothing. */
        public static Answer empty() {
            return new Answer(200, null, new byte[0], -1);
        }

        /** 200 and a value, in the form the client wants: JSON or YAML. */
        public static Answer json(Value value) {
            return bytes("application/json", value.toString().getBytes(StandardCharsets.UTF_8));
        }

        /** 200 and a body of another type, which is not copied. */
        public static Answer bytes(String type, byte[] body) {
            return new Answer(200, type, body, -1);
        }

        /** The same with another status, 200 to 299. */
        public Answer status(int number) {
            return new Answer(number, type, body, revision);
        }

        /** The same with another revision than the current one. */
        public Answer at(long number) {
            return new Answer(status, type, body, number);
        }

        /** The status of HTTP. */
        public int status() {
            return status;
        }

        /** The media type; null when the body is empty. */
        public @Nullable String type() {
            return type;
        }

        /** The body, not copied. */
        public byte[] body() {
            return body;
        }

        /** What {@code Tega-Revision} tells; -1: the current one. */
        public long revision() {
            return revision;
        }
    }

    /** A request that needs an admin grant, has no parameters but those of its path, takes no body and gives JSON. */
    public static Route of(String method, String path, String summary, Endpoint endpoint) {
        return new Route(
                method,
                path,
                summary,
                Action.ADMIN,
                List.of(),
                List.of(),
                List.of("application/json"),
                Set.of(),
                endpoint);
    }

    /** The same for whoever has this grant for the whole database. */
    public Route needs(Action action) {
        return new Route(method, path, summary, action, parameters, bodies, answers, errors, endpoint);
    }

    /** The same for everybody: the endpoint asks the {@link Authorizer} where that is needed. */
    public Route open() {
        return new Route(method, path, summary, null, parameters, bodies, answers, errors, endpoint);
    }

    /** With one more parameter of the query, or of the path if it names it. */
    public Route text(String name, String description) {
        return with(name, "string", false, description);
    }

    /** With one more that must be there. */
    public Route requiredText(String name, String description) {
        return with(name, "string", true, description);
    }

    /** With one more, an integer. */
    public Route number(String name, String description) {
        return with(name, "integer", false, description);
    }

    /** With one more, a flag. */
    public Route flag(String name, String description) {
        return with(name, "boolean", false, description);
    }

    /** With a header. */
    public Route header(String name, String description) {
        return with(new Parameter(name, Place.HEADER, "string", false, description));
    }

    private Route with(String name, String type, boolean required, String description) {
        var inPath = path.contains("{" + name + "}");
        return with(new Parameter(name, inPath ? Place.PATH : Place.QUERY, type, inPath || required, description));
    }

    private Route with(Parameter parameter) {
        var longer = new ArrayList<>(parameters);
        longer.add(parameter);
        return new Route(method, path, summary, needs, longer, bodies, answers, errors, endpoint);
    }

    /** With one more kind of body it takes. */
    public Route takes(String type, String example) {
        var longer = new ArrayList<>(bodies);
        longer.add(new Body(type, example));
        return new Route(method, path, summary, needs, parameters, longer, answers, errors, endpoint).fails(413);
    }

    /** With these media types of a success; none: nothing. */
    public Route gives(String... types) {
        return new Route(method, path, summary, needs, parameters, bodies, List.of(types), errors, endpoint);
    }

    /** With these statuses it may fail with, beside those there are. */
    public Route fails(int... statuses) {
        var all = new TreeSet<>(errors);
        for (var status : statuses) {
            all.add(status);
        }
        return new Route(method, path, summary, needs, parameters, bodies, answers, all, endpoint);
    }
}
