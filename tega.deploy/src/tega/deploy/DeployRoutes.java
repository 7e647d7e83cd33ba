package tega.deploy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tega.api.Value;
import tega.api.spi.Route;
import tega.api.spi.Route.Answer;
import tega.api.spi.Route.Request;
import tega.api.spi.Routes;

/** Bundles over REST, for administrators. */
final class DeployRoutes implements Routes {
    private static final String JAR = "application/octet-stream";

    private final Desk desk;

    private final LogLevels levels;

    DeployRoutes(Desk desk, LogLevels levels) {
        this.desk = desk;
        this.levels = levels;
    }

    private interface Act {
        void on(String name);
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of(
                        "GET",
                        "/_loglevels",
                        "How much single bundles tell in the log, where that was set",
                        request -> Answer.json(levels.all())),
                Route.of(
                                "PUT",
                                "/_loglevels/{name}",
                                "Sets how much a bundle tells in the log until the next start",
                                request -> {
                                    levels.set(request.required("name"), request.required("level"));
                                    return Answer.json(levels.all());
                                })
                        .text("name", "its symbolic name")
                        .requiredText("level", "off, error, warn, info, debug, trace or usual"),
                Route.of("GET", "/_bundles", "The bundles that were installed", request -> Answer.json(desk.table())),
                delivery(
                                "POST",
                                "/_bundles",
                                "Installs a bundle, or a newer build of one, and waits until it has proved itself")
                        .takes(JAR, "the bytes of a jar"),
                Route.of(
                                "GET",
                                "/_bundles/{name}",
                                "All that is known of one",
                                request -> Answer.json(desk.one(request.required("name"))))
                        .text("name", "its symbolic name")
                        .fails(404),
                Route.of(
                                "GET",
                                "/_bundles/{name}/why",
                                "How it is, and why, for people",
                                request -> Answer.json(Value.of(desk.why(request.required("name")))))
                        .text("name", "its symbolic name, or the name of a file in a folder")
                        .fails(404),
                act("POST", "/_bundles/{name}/enable", "Has a plugin run again", desk::enable),
                act("POST", "/_bundles/{name}/disable", "Has a plugin rest", desk::disable),
                act("DELETE", "/_bundles/{name}", "Takes it out, or back to the distribution's", desk::remove),
                Route.of(
                                "POST",
                                "/_bundles/{name}/rollback",
                                "Goes back to the build that was there before",
                                request -> Answer.json(desk.rollback(request.required("name"), request.identity())))
                        .text("name", "its symbolic name")
                        .fails(404, 409),
                Route.of(
                                "GET",
                                "/_bundles/uploads/{sha256}",
                                "How much of a jar was sent",
                                request -> Answer.json(desk.held(request.required("sha256"))))
                        .text("sha256", "the digest of the whole"),
                Route.of("PUT", "/_bundles/uploads/{sha256}", "Sends a piece of a jar", this::piece)
                        .text("sha256", "the digest of the whole")
                        .number("offset", "where the piece begins (0)")
                        .takes("application/octet-stream", "some bytes of a jar")
                        .fails(409),
                delivery(
                                "POST",
                                "/_bundles/uploads/{sha256}",
                                "Begins the trial of a jar that was sent in pieces, and does not wait for its end")
                        .text("sha256", "the digest of the whole")
                        .fails(404));
    }

    private Answer piece(Request request) {
        return Answer.json(
                desk.piece(request.required("sha256"), request.number("offset").orElse(0), request.body()));
    }

    private Route delivery(String method, String path, String summary) {
        return Route.of(method, path, summary, request -> deliver(path, request))
                .text("signature", "that of its digest, in base64")
                .flag("force", "take it although it is older than what runs, or was taken back before")
                .fails(409);
    }

    private Answer deliver(String path, Request request) {
        if (path.contains("{")) {
            return Answer.json(desk.begin(request.required("sha256"), terms(request, null), request.identity()))
                    .status(202);
        }
        return Answer.json(desk.install(
                request.body(), terms(request, request.text("sha256").orElse(null)), request.identity()));
    }

    private static Desk.Terms terms(Request request, @Nullable String digest) {
        return new Desk.Terms(digest, request.text("signature").orElse(null), request.flag("force"));
    }

    private static Route act(String method, String path, String summary, Act act) {
        return Route.of(method, path, summary, request -> {
                    act.on(request.required("name"));
                    return Answer.empty();
                })
                .text("name", "its symbolic name")
                .gives()
                .fails(404, 409);
    }
}
