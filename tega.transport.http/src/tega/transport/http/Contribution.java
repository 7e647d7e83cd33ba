package tega.transport.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Route.Place;
import tega.api.spi.Routes;

/** What another bundle serves, as rows of the table of requests. */
record Contribution(Routes source, List<Route> routes) {
    static Contribution of(Routes source, Parts parts) {
        return new Contribution(
                source, source.routes().stream().map(route -> row(route, parts)).toList());
    }

    private static Route row(tega.api.spi.Route route, Parts parts) {
        var parameters = new ArrayList<Route.Parameter>();
        for (var parameter : route.parameters()) {
            parameters.add(new Route.Parameter(
                    parameter.name(),
                    parameter.place(),
                    parameter.type(),
                    parameter.required(),
                    parameter.description()));
        }
        var row = Route.of(route.method(), route.path(), route.summary(), endpoint(route, parts));
        parameters.addAll(0, row.parameters());
        var bodies = route.bodies().stream()
                .map(body -> new Route.Body(body.type(), body.example()))
                .toList();
        return new Route(
                        row.method(),
                        row.path(),
                        row.summary(),
                        parameters,
                        bodies,
                        route.answers(),
                        row.errors(),
                        row.endpoint())
                .fails(route.errors().stream().mapToInt(Integer::intValue).toArray());
    }

    private static Endpoint endpoint(tega.api.spi.Route route, Parts parts) {
        var template = new Template(route.path());
        var needs = route.needs();
        return exchange -> {
            if (needs != null) {
                parts.authorizer().require(exchange.identity(), needs, Path.EMPTY);
            }
            var answer = route.endpoint().answer(new Asked(exchange, route, template.names(exchange.target())));
            return answer(exchange, answer);
        };
    }

    private static Answer answer(Exchange exchange, tega.api.spi.Route.Answer answer) {
        var type = answer.type();
        if ("application/json".equals(type) && exchange.wantsYaml()) {
            return exchange.show(exchange.parts().json().readJson(answer.body()))
                    .at(answer.revision());
        }
        var field = type == null ? null : new HttpField(HttpHeader.CONTENT_TYPE, type);
        return new Answer(answer.status(), field, answer.body()).at(answer.revision());
    }

    /** The request as the other bundle sees it. */
    private record Asked(Exchange exchange, tega.api.spi.Route route, Map<String, String> names)
            implements tega.api.spi.Route.Request {
        @Override
        public Identity identity() {
            return exchange.identity();
        }

        @Override
        public Tega tega() {
            return exchange.tega();
        }

        @Override
        public Optional<String> text(String name) {
            for (var parameter : route.parameters()) {
                if (parameter.name().equals(name) && parameter.place() != Place.QUERY) {
                    return parameter.place() == Place.HEADER
                            ? exchange.header(name)
                            : Optional.ofNullable(names.get(name));
                }
            }
            return names.containsKey(name)
                    ? Optional.of(Objects.requireNonNull(names.get(name)))
                    : exchange.query().text(name);
        }

        @Override
        public String required(String name) {
            return text(name)
                    .filter(text -> !text.isEmpty())
                    .orElseThrow(() -> new TegaException.Invalid("the parameter '" + name + "' is missing"));
        }

        @Override
        public OptionalLong number(String name) {
            var text = text(name);
            return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Query.number(name, text.get()));
        }

        @Override
        public boolean flag(String name) {
            return Query.isTrue(text(name).orElse(null));
        }

        @Override
        public String mediaType() {
            return exchange.mediaType();
        }

        @Override
        public byte[] body() {
            return exchange.body();
        }

        @Override
        public Value value() {
            return exchange.value();
        }
    }
}
