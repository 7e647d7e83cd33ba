package tega.transport.http;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tega.api.Extent;
import tega.api.ObjectValue;
import tega.api.Scope;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Action;
import tega.api.spi.Channels;

/** The server's own affairs: roots and versions, who is connected, clearing, snapshots. */
final class ServerResource {
    private final Clients clients;

    ServerResource(Clients clients) {
        this.clients = clients;
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
        exchange.requireReader();
        return Answer.json(CommitJson.texts(clients.ids()));
    }

    private Answer channels(Exchange exchange) {
        var byChannel = new TreeMap<String, Set<String>>();
        for (var subscription : subscriptions(exchange)) {
            byChannel
                    .computeIfAbsent(v1(subscription), channel -> new LinkedHashSet<>())
                    .add(subscription.subscriber().tegaId());
        }
        return Answer.json(lists(byChannel));
    }

    private Answer subscribers(Exchange exchange) {
        var bySubscriber = new TreeMap<String, Set<String>>();
        for (var subscription : subscriptions(exchange)) {
            bySubscriber
                    .computeIfAbsent(subscription.subscriber().tegaId(), subscriber -> new LinkedHashSet<>())
                    .add(v1(subscription));
        }
        return Answer.json(lists(bySubscriber));
    }

    /** Those of channels that the caller may hear. */
    private static List<Channels.Subscription> subscriptions(Exchange exchange) {
        exchange.requireReader();
        var authorizer = exchange.parts().authorizer();
        return exchange.parts().channels().subscriptions().stream()
                .filter(subscription -> authorizer.extent(
                                exchange.identity(),
                                Action.READ,
                                subscription.channels().prefix())
                        != Extent.NONE)
                .toList();
    }

    private static ObjectValue lists(Map<String, Set<String>> lists) {
        var json = ObjectValue.builder();
        lists.forEach((name, list) -> json.put(name, CommitJson.texts(list)));
        return json.build();
    }

    /** v1 keeps every channel as regular expressions: a plain one has its dots escaped. */
    private static String v1(Channels.Subscription subscription) {
        return subscription.channels().isExact()
                ? String.join("\\.", subscription.channels().prefix().names())
                : subscription.channels().toString();
    }

    private Answer global(Exchange exchange) {
        var global = new LinkedHashMap<String, Value>();
        for (var subscription : subscriptions(exchange)) {
            if (subscription.scope() == Scope.GLOBAL) {
                var channel = v1(subscription);
                global.put(channel, Value.array(Value.of(channel), Value.of(Scope.GLOBAL.wireName())));
            }
        }
        return Answer.json(Value.array(global.values()));
    }

    private Answer forwarders(Exchange exchange) {
        exchange.requireReader();
        return Answer.json(CommitJson.texts(clients.forwarders()));
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
