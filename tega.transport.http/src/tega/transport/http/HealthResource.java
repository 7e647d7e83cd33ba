package tega.transport.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import tega.api.ErrorCode;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;

/** How the server is: for people and probes, and as figures. */
final class HealthResource {
    private static final HttpField OPEN_METRICS =
            new HttpField("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8");

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/_health", "Whether the server can serve, and what troubles it", this::health)
                        .flag("figures", "with the figures of every part"),
                Route.of("GET", "/_metrics", "Figures of every part, as OpenMetrics", this::metrics)
                        .gives("application/openmetrics-text"));
    }

    /** Whether somebody who shows nothing only asks whether the server is there. */
    static boolean isProbe(Request request, RuntimeException refusal) {
        return refusal instanceof TegaException.Unauthenticated
                && HttpMethod.GET.is(request.getMethod())
                && "/_health".equals(request.getHttpURI().getPath());
    }

    /** What everybody may know: whether it serves. */
    static Answer bare(Parts parts) {
        if (!parts.ready()) {
            return Problem.answer(503, ErrorCode.UNAVAILABLE, null, "a part of the server is not there");
        }
        return Answer.json(Value.object("status", Value.of("ok")));
    }

    private Answer health(Exchange exchange) {
        var parts = exchange.parts();
        parts.json();
        parts.scheduler();
        var tega = exchange.tega();
        var revision = tega.snapshot().revision();
        var troubles = ObjectValue.builder();
        var codes = ObjectValue.builder();
        for (var part : parts.inspectables()) {
            part.trouble().ifPresent(trouble -> {
                troubles.put(part.subject(), Value.of(trouble));
                codes.put(part.subject(), Value.of(part.code().name()));
            });
        }
        var found = troubles.build();
        var health = ObjectValue.builder()
                .put("status", Value.of(found.isEmpty() ? "ok" : "troubled"))
                .put("server", Value.of(tega.serverId()))
                .put("revision", Value.of(revision))
                .put("troubles", found);
        if (!found.isEmpty()) {
            health.put("codes", codes.build());
        }
        if (exchange.query().flag("figures")) {
            var figures = ObjectValue.builder();
            parts.inspectables().forEach(part -> figures.put(part.subject(), part.figures()));
            health.put("figures", figures.build());
        }
        return Answer.json(health.build()).at(revision);
    }

    private Answer metrics(Exchange exchange) {
        var text = new Metrics();
        for (var part : exchange.parts().inspectables()) {
            text.add(part);
        }
        return new Answer(200, OPEN_METRICS, text.end().getBytes(StandardCharsets.UTF_8));
    }
}
