package tega.transport.http;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Scope;
import tega.api.Tega;
import tega.api.TegaException;

/** Who is connected by WebSocket, by {@code tega_id}: one connection each, the newest. */
final class Clients {
    private static final int LONGEST_ID = 256;
    private static final int TURNS = 64;

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
    private final Map<String, Absence> absent = new HashMap<>();
    private final Object[] turns = new Object[TURNS];

    /** Whose connection was lost, and until when, by the clock of nanoseconds, it may come back to what it had. */
    private record Absence(Identity identity, long until) {}

    Clients(Parts parts) {
        this.parts = parts;
        Arrays.setAll(turns, i -> new Object());
    }

    /** Does something by the name of {@code tegaId} while nobody else comes or goes by it. */
    <T> T inTurn(String tegaId, Supplier<T> act) {
        synchronized (turns[Math.floorMod(tegaId.hashCode(), TURNS)]) {
            return act.get();
        }
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

    /** What is ephemeral needs a connection: {@code INVALID} without one, {@code UNAVAILABLE} while it may yet come back. */
    void requireConnected(Identity identity, Path path) {
        var client = clients.get(identity.tegaId());
        if (client != null && client.identity().equals(identity)) {
            return;
        }
        synchronized (absent) {
            var absence = absent.get(identity.tegaId());
            if (absence != null && absence.identity().equals(identity) && absence.until() - System.nanoTime() > 0) {
                throw new TegaException.Unavailable("the connection of '" + identity.tegaId()
                        + "' to /_pubsub was lost a moment ago; connect again, and try again");
            }
        }
        throw new TegaException.Invalid(
                path, "an ephemeral node needs a session: connect to /_pubsub as '" + identity.tegaId() + "' first");
    }

    /**
     * Puts {@code client} in the place of the same author's earlier one, which is returned and to be told; {@code FORBIDDEN} while
     * another author has the name.
     */
    @Nullable
    Client add(Client client) {
        var replaced = new AtomicReference<@Nullable Client>();
        clients.compute(client.identity().tegaId(), (tegaId, before) -> {
            if (before != null && !before.identity().equals(client.identity())) {
                throw new TegaException.Forbidden(
                        Path.EMPTY, "the tega_id '" + tegaId + "' is in use by somebody else; choose another");
            }
            replaced.set(before);
            return client;
        });
        synchronized (absent) {
            absent.remove(client.identity().tegaId());
        }
        return replaced.get();
    }

    /** Removes {@code client}, whose connection was lost, and which may come back within this time. */
    void lose(Client client, Duration ttl) {
        if (!clients.remove(client.identity().tegaId(), client)) {
            return; // another one has its name by now
        }
        var now = System.nanoTime();
        synchronized (absent) {
            absent.values().removeIf(absence -> absence.until() - now <= 0);
            absent.put(client.identity().tegaId(), new Absence(client.identity(), now + ttl.toNanos()));
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
