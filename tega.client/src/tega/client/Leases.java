package tega.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tega.api.Edit;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;

/** The ephemeral nodes that this client wants to be there for as long as it is, put again when the server has lost them. */
final class Leases {
    private final Rest rest;
    private final Map<Path, Value> wanted = new LinkedHashMap<>();

    Leases(Rest rest) {
        this.rest = rest;
    }

    /** What this client has committed: ephemeral nodes are wanted, what others were put over or removed is no longer. */
    synchronized void committed(List<Edit> edits) {
        for (var edit : edits) {
            if (edit instanceof Edit.Put put && put.ephemeral()) {
                wanted.put(put.path(), put.value());
            } else {
                wanted.keySet().removeIf(path -> path.startsWith(edit.path()));
            }
        }
    }

    synchronized boolean isEmpty() {
        return wanted.isEmpty();
    }

    private synchronized Map<Path, Value> all() {
        return new LinkedHashMap<>(wanted);
    }

    private synchronized void forget(Path path) {
        wanted.remove(path);
    }

    /** Puts one node now. */
    void put(Path path, Value value) {
        write(path, value);
        committed(List.of(new Edit.Put(path, value, "")));
    }

    private void write(Path path, Value value) {
        rest.ask("PUT", Rest.url(path)).with("ephemeral", "True").body(value).tell();
    }

    /** Removes one node now, if it is there. */
    void remove(Path path) {
        forget(path);
        try {
            rest.ask("DELETE", Rest.url(path)).tell();
        } catch (TegaException.NotFound e) {
            return;
        }
    }

    /** After the session was lost and opened anew. Within the TTL all of it is still there, and nothing is written. */
    void restore() {
        for (var lease : all().entrySet()) {
            var path = lease.getKey();
            try {
                if (!RemoteTega.found(rest.ask("GET", Rest.url(path))).equals(Optional.of(lease.getValue()))) {
                    write(path, lease.getValue());
                }
            } catch (TegaException.Unavailable | TegaException.UnknownOutcome e) {
                return; // it is lost again, and all this is done when it is back
            } catch (TegaException e) {
                forget(path);
                System.getLogger("tega.client")
                        .log(System.Logger.Level.WARNING, "the ephemeral node '" + path + "' is lost: " + e.line());
            }
        }
    }
}
