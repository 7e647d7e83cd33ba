package tega.transport.http;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Scope;
import tega.api.Tega;
import tega.api.TegaException;

/** Who is connected by WebSocket, by {@code tega_id}: one connection each, the newest. */
final class Clients {
    private static final int LONGEST_ID = 256;

    /** A connected client that has said who it is. */
    interface Client {
        /** Who it is. */
        Identity identity();

        /** The database of its session. */
        Tega tega();

        /** How far it wants to be heard. */
        Scope scope();

        /** Another connection has taken its name. */
        void replaced();

        /** Part of what it relies on is no longer there. */
        void exchanged();
    }

    private final Parts parts;
    private final Map<String, Client> clients = new ConcurrentSkipListMap<>();

    Clients(Parts parts) {
        this.parts = parts;
    }

    /** What a client goes by; {@code INVALID} when no client could. */
    static String name(String tegaId) {
        if (tegaId.isEmpty() || tegaId.length() > LONGEST_ID) {
            throw new TegaException.Invalid("a tega_id has 1 to " + LONGEST_ID + " characters");
        }
        for (var i = 0; i < tegaId.length(); i++) {
            var c = tegaId.charAt(i);
            if (c <= ' ' || c == 0x7f || Character.isWhitespace(c)) {
                throw new TegaException.Invalid("a tega_id has neither blanks nor control characters");
            }
        }
        return tegaId;
    }

    /** The database on behalf of {@code identity}: that of its session, when it is connected. */
    Tega tega(Identity identity) {
        var client = clients.get(identity.tegaId());
        return client == null || !client.identity().equals(identity)
                ? parts.sessions().tega(identity)
                : client.tega();
    }

    boolean isConnected(Identity identity) {
        var client = clients.get(identity.tegaId());
        return client != null && client.identity().equals(identity);
    }

    /** Puts {@code client} in the place of the same author's earlier one; {@code FORBIDDEN} while another author has the name. */
    void add(Client client) {
        var replaced = new AtomicReference<@Nullable Client>();
        clients.compute(client.identity().tegaId(), (tegaId, before) -> {
            if (before != null && !before.identity().equals(client.identity())) {
                throw new TegaException.Forbidden(
                        Path.EMPTY, "the tega_id '" + tegaId + "' is in use by somebody else; choose another");
            }
            replaced.set(before);
            return client;
        });
        var before = replaced.get();
        if (before != null && before != client) {
            before.replaced();
        }
    }

    /** Removes {@code client}, unless another one has its name by now. */
    void remove(Client client) {
        clients.remove(client.identity().tegaId(), client);
    }

    List<String> ids() {
        return List.copyOf(clients.keySet());
    }

    /** The clients that want to be heard everywhere: other servers. */
    List<String> forwarders() {
        return clients.entrySet().stream()
                .filter(entry -> entry.getValue().scope() == Scope.GLOBAL)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Sends all of them away to connect anew. */
    void exchanged() {
        List.copyOf(clients.values()).forEach(Client::exchanged);
    }
}
