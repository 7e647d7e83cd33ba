package tega.transport.http;

import java.util.List;
import tega.api.ObjectValue;
import tega.api.TegaException;
import tega.api.Value;

/** The server's own affairs: roots and versions, who is connected, clearing, snapshots. */
final class ServerResource {
    private final Connections connections;

    ServerResource(Connections connections) {
        this.connections = connections;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/_roots", "The roots with their versions", this::roots),
                Route.of("GET", "/_old", "The older versions that are kept, root by root", this::old),
                Route.of("GET", "/_edges", "Parents and children of a root", Edges::answer)
                        .requiredText("root_oid", "the root")
                        .flag("old_roots", "those of the kept older versions too")
                        .fails(404),
                Route.of("GET", "/_ids", "The clients that are connected", this::ids),
                Route.of("GET", "/_channels", "Who subscribes, by channel", this::channels),
                Route.of("GET", "/_subscribers", "What is subscribed, by client", this::subscribers),
                Route.of("GET", "/_global", "The channels that are subscribed everywhere", this::global),
                Route.of("GET", "/_forwarders", "The servers that are connected", this::forwarders),
                Route.of("GET", "/_plugins", "The plugins", this::plugins),
                Route.of("GET", "/_reload", "Looks for new plugins", this::reload)
                        .gives(),
                Route.of("POST", "/_clear", "Removes all data, history and log", this::clear)
                        .gives()
                        .fails(409, 422),
                Route.of("POST", "/_ss", "Writes a snapshot", this::snapshot).gives(),
                Route.of("POST", "/_sync", "Synchronises with the global server", this::synchronise)
                        .gives()
                        .fails(404));
    }

    private Answer roots(Exchange exchange) {
        var snapshot = exchange.tega().snapshot();
        return Answer.json(CommitJson.versions(snapshot.roots())).at(snapshot.revision());
    }

    private Answer old(Exchange exchange) {
        var tega = exchange.tega();
        var snapshot = tega.snapshot();
        var old = snapshot.roots().keySet().stream()
                .map(root -> Value.object(root, versions(tega.history().versions(root))))
                .filter(root -> !root.iterator().next().value().equals(Value.array()))
                .toList();
        return Answer.json(Value.array(old)).at(snapshot.revision());
    }

    private static Value versions(List<Long> versions) {
        return Value.array(versions.stream().map(Value::of).toList());
    }

    private Answer ids(Exchange exchange) {
        return Answer.json(connections.ids(exchange.identity()));
    }

    private Answer channels(Exchange exchange) {
        return Answer.json(connections.channels(exchange.identity()));
    }

    private Answer subscribers(Exchange exchange) {
        return Answer.json(connections.subscribers(exchange.identity()));
    }

    private Answer global(Exchange exchange) {
        return Answer.json(connections.global(exchange.identity()));
    }

    private Answer forwarders(Exchange exchange) {
        return Answer.json(connections.forwarders(exchange.identity()));
    }

    private Answer plugins(Exchange exchange) {
        exchange.requireReader();
        var plugins = ObjectValue.builder();
        exchange.parts().plugins().forEach((name, scope) -> plugins.put(name, Value.of(scope)));
        return Answer.json(plugins.build());
    }

    private Answer reload(Exchange exchange) {
        exchange.requireAdmin();
        exchange.parts().reload.get().run();
        return Answer.empty();
    }

    private Answer clear(Exchange exchange) {
        return TreeResource.committed(exchange.tega().clear());
    }

    private Answer snapshot(Exchange exchange) {
        exchange.requireAdmin();
        return Answer.empty().at(exchange.parts().log().snapshot());
    }

    private Answer synchronise(Exchange exchange) {
        throw new TegaException.NotFound("this server has no global server to synchronise with");
    }
}
