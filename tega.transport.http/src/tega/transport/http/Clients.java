package tega.transport.http;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import tega.api.Identity;
import tega.api.Scope;
import tega.api.Tega;
import tega.api.TegaException;

/** Who is connected by WebSocket, by {@code tega_id}: one connection each, the newest. */
final class Clients {
    private static final int LONGEST_ID = 256;

    /** A connected client that has said who it is. */
    interface Client {
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

    /** Who goes by {@code tegaId}; {@code INVALID} when no client could. */
    static Identity identity(String tegaId) {
        if (tegaId.isEmpty() || tegaId.length() > LONGEST_ID) {
            throw new TegaException.Invalid("a tega_id has 1 to " + LONGEST_ID + " characters");
        }
        for (var i = 0; i < tegaId.length(); i++) {
            var c = tegaId.charAt(i);
            if (c <= ' ' || c == 0x7f || Character.isWhitespace(c)) {
                throw new TegaException.Invalid("a tega_id has neither blanks nor control characters");
            }
        }
        return new Identity(Identity.ANONYMOUS.author(), tegaId);
    }

    /** The database on behalf of {@code identity}: that of its session, when it is connected. */
    Tega tega(Identity identity) {
        var client = clients.get(identity.tegaId());
        return client == null ? parts.sessions().tega(identity) : client.tega();
    }

    boolean isConnected(String tegaId) {
        return clients.containsKey(tegaId);
    }

    /** Puts {@code client} in the place of whoever had the name. */
    void add(String tegaId, Client client) {
        var before = clients.put(tegaId, client);
        if (before != null && before != client) {
            before.replaced();
        }
    }

    /** Removes {@code client}, unless another one has its name by now. */
    void remove(String tegaId, Client client) {
        clients.remove(tegaId, client);
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
