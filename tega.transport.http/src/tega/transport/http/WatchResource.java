package tega.transport.http;

import java.util.List;
import java.util.OptionalLong;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.WatchMode;
import tega.api.WatchRequest;

/** Changes as a stream of events. */
final class WatchResource {
    private final Sockets sockets;
    private final Dispatcher dispatcher;
    private final HttpOptions options;

    WatchResource(Sockets sockets, Dispatcher dispatcher, HttpOptions options) {
        this.sockets = sockets;
        this.dispatcher = dispatcher;
        this.options = options;
    }

    List<Route> routes() {
        return List.of(Route.of("GET", "/_watch", "Changes as they happen, as Server-Sent Events", this::watch)
                .text("path", "a dotted path; all of the database when neither path nor pattern is given")
                .text("pattern", "a dotted pattern with * and **")
                .flag("regex_flag", "the pattern is regular expressions, one a name, as GET takes them")
                .number("since", "begin with the commit after this revision; now when it is not given")
                .flag("initial", "first the nodes as they are")
                .text("mode", "log or state; log when it is not given")
                .header("Last-Event-ID", "the id of the last event that was received; goes before since")
                .gives("text/event-stream")
                .fails(410, 429));
    }

    private Reply watch(Exchange exchange) {
        if (sockets.size() >= options.lasting()) {
            throw new Refusal(
                    429,
                    tega.api.ErrorCode.LIMIT,
                    "there are " + options.lasting() + " lasting connections, which is the limit");
        }
        var query = exchange.query();
        var since =
                exchange.header("Last-Event-ID").map(WatchResource::revision).orElse(query.number("since"));
        var request = request(
                query.text("path").map(Path::parse).orElse(null),
                query.text("pattern")
                        .map(text -> pattern(text, query.flag("regex_flag")))
                        .orElse(null),
                since,
                query.text("mode").orElse("log"),
                query.flag("initial"));
        var watch = exchange.tega().watch(request);
        return new EventStream(
                exchange.caller(), watch, request.pattern(), sockets, dispatcher, options.outboundBytes());
    }

    private static OptionalLong revision(String id) {
        try {
            return OptionalLong.of(Long.parseLong(id.strip()));
        } catch (NumberFormatException e) {
            throw new TegaException.Invalid("the Last-Event-ID '" + id + "' is none of this server's");
        }
    }

    /** The pattern written so: dotted with wildcards, or v1's expressions. */
    static PathPattern pattern(String text, boolean regex) {
        return regex ? PathPattern.regex(text) : PathPattern.parse(text);
    }

    static WatchRequest request(
            @org.jspecify.annotations.Nullable Path path,
            @org.jspecify.annotations.Nullable PathPattern pattern,
            OptionalLong since,
            String mode,
            boolean initial) {
        if (path != null && pattern != null) {
            throw new TegaException.Invalid("give a path or a pattern, not both");
        }
        var what = pattern == null ? PathPattern.subtree(path == null ? Path.EMPTY : path) : pattern;
        var request = WatchRequest.of(what);
        if (since.isPresent()) {
            request = request.from(since.getAsLong());
        }
        request = switch (mode) {
            case "log" -> request.in(WatchMode.LOG);
            case "state" -> request.in(WatchMode.STATE);
            default -> throw new TegaException.Invalid("the mode is log or state, not '" + mode + "'");
        };
        return initial ? request.withInitial() : request;
    }
}
