package tega.access;

import java.util.List;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Access;
import tega.api.spi.Access.Administration;
import tega.api.spi.Action;
import tega.api.spi.Grant;
import tega.api.spi.Route;
import tega.api.spi.Route.Answer;
import tega.api.spi.Route.Request;
import tega.api.spi.Routes;

/** Who may come in and do what, over REST. All but {@code /_whoami} is for administrators, and the register itself asks that. */
final class AccessRoutes implements Routes {
    private static final int NEWEST = 100;

    private final Access access;

    AccessRoutes(Access access) {
        this.access = access;
    }

    private interface Act {
        Answer on(Administration admin, Request request);
    }

    private Route route(String method, String path, String summary, Act act) {
        return Route.of(method, path, summary, request -> act.on(access.as(request.identity()), request))
                .open();
    }

    @Override
    public List<Route> routes() {
        return List.of(
                route(
                        "GET",
                        "/_whoami",
                        "Who the caller is, and what it may do",
                        (admin, request) -> Answer.json(AccessText.standing(admin.standing()))),
                route(
                        "GET",
                        "/_tokens",
                        "All tokens, without their texts",
                        (admin, request) -> Answer.json(AccessText.tokens(admin.tokens()))),
                route("POST", "/_tokens", "Makes a token; its text is told this once", AccessRoutes::issue)
                        .takes("application/json", "{\"name\":\"alice\",\"days\":90}"),
                route(
                                "DELETE",
                                "/_tokens/{id}",
                                "Makes a token worthless",
                                (admin, request) -> Answer.json(AccessText.token(admin.revoke(request.required("id")))))
                        .text("id", "its id")
                        .fails(404),
                route(
                        "GET",
                        "/_grants",
                        "All grants",
                        (admin, request) -> Answer.json(AccessText.grants(admin.grants()))),
                route("POST", "/_grants", "Gives a grant", (admin, request) -> {
                            var grant = Grant.parse(text(request, "grant"));
                            admin.grant(grant);
                            return Answer.json(AccessText.grant(grant));
                        })
                        .takes("application/json", "{\"grant\":\"alice may read,write config.**\"}"),
                route("DELETE", "/_grants", "Takes back a grant as it was given", (admin, request) -> {
                            admin.withdraw(Grant.parse(request.required("grant")));
                            return Answer.empty();
                        })
                        .requiredText("grant", "the line, as GET shows it")
                        .gives()
                        .fails(404),
                route(
                        "GET",
                        "/_groups",
                        "The groups, and the names in each",
                        (admin, request) -> Answer.json(AccessText.groups(admin.groups()))),
                route("PUT", "/_groups/{group}/{name}", "Puts a name into a group", (admin, request) -> {
                            admin.join(request.required("group"), request.required("name"));
                            return Answer.empty();
                        })
                        .text("group", "the group, which begins with @")
                        .text("name", "who")
                        .gives(),
                route("DELETE", "/_groups/{group}/{name}", "Takes a name out of a group", (admin, request) -> {
                            admin.leave(request.required("group"), request.required("name"));
                            return Answer.empty();
                        })
                        .text("group", "the group")
                        .text("name", "who")
                        .gives()
                        .fails(404),
                route(
                        "GET",
                        "/_blocked",
                        "The serial numbers of client certificates that are refused",
                        (admin, request) -> Answer.json(AccessText.texts(admin.blocked()))),
                route("PUT", "/_blocked/{serial}", "Refuses a client certificate from now on", (admin, request) -> {
                            admin.block(request.required("serial"));
                            return Answer.empty();
                        })
                        .text("serial", "its serial number, hexadecimal")
                        .gives(),
                route(
                                "GET",
                                "/_explain",
                                "Why somebody may or may not do something",
                                (admin, request) -> Answer.json(Value.of(admin.explain(
                                        request.required("name"),
                                        Action.of(request.required("action")),
                                        Path.parse(request.text("path").orElse(""))))))
                        .requiredText("name", "who")
                        .requiredText("action", "read, write, call, publish or admin")
                        .text("path", "a dotted path; all of the database when it is not given"),
                route("GET", "/_audit", "The newest administrative acts or refusals, oldest first", AccessRoutes::audit)
                        .text("kind", "acts or refusals; acts when it is not given")
                        .number("limit", "at most so many, 1 to 1000; 100 when it is not given"));
    }

    private static Answer issue(Administration admin, Request request) {
        var body = object(request);
        var days = body.get("days");
        var issued = admin.issue(text(request, "name"), days == null ? null : AccessText.days(days.toString()));
        return Answer.json(AccessText.token(issued.token()).with("token", Value.of(issued.text())));
    }

    private static ObjectValue object(Request request) {
        if (request.value() instanceof ObjectValue object) {
            return object;
        }
        throw new TegaException.Invalid("the body is an object");
    }

    private static String text(Request request, String name) {
        if (object(request).get(name) instanceof StringValue text) {
            return text.text();
        }
        throw new TegaException.Invalid("the body needs '" + name + "', a string");
    }

    private static Answer audit(Administration admin, Request request) {
        var limit = request.number("limit").orElse(NEWEST);
        if (limit < 1 || limit > 1000) {
            throw new TegaException.Invalid("the limit is 1 to 1000, not " + limit);
        }
        var kind = request.text("kind").orElse("acts");
        var lines =
                switch (kind) {
                    case "acts" -> admin.acts((int) limit);
                    case "refusals" -> admin.refusals((int) limit);
                    default -> throw new TegaException.Invalid("the kind is acts or refusals, not '" + kind + "'");
                };
        // Each line is JSON already.
        return Answer.bytes(
                "application/json",
                ("[" + String.join(",", lines) + "]").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
