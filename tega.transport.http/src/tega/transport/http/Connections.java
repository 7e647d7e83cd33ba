package tega.transport.http;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tega.api.Extent;
import tega.api.Identity;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Scope;
import tega.api.Value;
import tega.api.spi.Action;
import tega.api.spi.Channels;

/** Who is connected and who hears what, for whoever asks: whoever may read anything is told who there is. */
final class Connections {
    private final Clients clients;
    private final Parts parts;

    Connections(Clients clients, Parts parts) {
        this.clients = clients;
        this.parts = parts;
    }

    private void requireReader(Identity by) {
        if (parts.authorizer().extent(by, Action.READ, Path.EMPTY) == Extent.NONE) {
            parts.authorizer().require(by, Action.READ, Path.EMPTY);
        }
    }

    Value ids(Identity by) {
        requireReader(by);
        return CommitJson.texts(clients.ids());
    }

    Value channels(Identity by) {
        var byChannel = new TreeMap<String, Set<String>>();
        for (var subscription : subscriptions(by)) {
            byChannel
                    .computeIfAbsent(v1(subscription), channel -> new LinkedHashSet<>())
                    .add(subscription.subscriber().tegaId());
        }
        return lists(byChannel);
    }

    Value subscribers(Identity by) {
        var bySubscriber = new TreeMap<String, Set<String>>();
        for (var subscription : subscriptions(by)) {
            bySubscriber
                    .computeIfAbsent(subscription.subscriber().tegaId(), subscriber -> new LinkedHashSet<>())
                    .add(v1(subscription));
        }
        return lists(bySubscriber);
    }

    /** Those of channels that the caller may hear. */
    private List<Channels.Subscription> subscriptions(Identity by) {
        requireReader(by);
        var authorizer = parts.authorizer();
        return parts.channels().subscriptions().stream()
                .filter(subscription -> authorizer.extent(
                                by, Action.READ, subscription.channels().prefix())
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

    Value global(Identity by) {
        var global = new LinkedHashMap<String, Value>();
        for (var subscription : subscriptions(by)) {
            if (subscription.scope() == Scope.GLOBAL) {
                var channel = v1(subscription);
                global.put(channel, Value.array(Value.of(channel), Value.of(Scope.GLOBAL.wireName())));
            }
        }
        return Value.array(global.values());
    }

    Value forwarders(Identity by) {
        requireReader(by);
        return CommitJson.texts(clients.forwarders());
    }
}
