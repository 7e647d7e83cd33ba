package tega.transport.http;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import tega.api.spi.Authenticator;
import tega.api.spi.Authorizer;
import tega.api.spi.Calls;
import tega.api.spi.Channels;
import tega.api.spi.CommitLog;
import tega.api.spi.Inspectable;
import tega.api.spi.JsonCodec;
import tega.api.spi.Peers;
import tega.api.spi.Scheduler;
import tega.api.spi.Sessions;

/**
 * The other parts of the server, as they come and go while it runs. Asking for one that is missing is {@code UNAVAILABLE}:
 * it is being exchanged, and the client is told to come again.
 */
public final class Parts {
    /** Text to value and back. */
    public final Slot<JsonCodec> json = new Slot<>("tega.json");

    /** The database. */
    public final Slot<Sessions> sessions = new Slot<>("tega.store");

    /** The commit log. */
    public final Slot<CommitLog> log = new Slot<>("tega.log");

    /** Remote calls. */
    public final Slot<Calls> calls = new Slot<>("tega.rpc");

    /** Messages. */
    public final Slot<Channels> channels = new Slot<>("tega.messaging");

    /** Connections of other servers. */
    public final Slot<Peers> peers = new Slot<>("tega.sync");

    /** Time and threads. */
    public final Slot<Scheduler> scheduler = new Slot<>("tega.system");

    /** What looks for new plugins. */
    public final Slot<Runnable> reload = new Slot<>("tega.deploy");

    /** Who is asking. */
    public final Slot<Authenticator> authenticator = new Slot<>("tega.access");

    /** Who may do what. */
    public final Slot<Authorizer> authorizer = new Slot<>("tega.access");

    private final List<Inspectable> inspectables = new CopyOnWriteArrayList<>();
    private volatile Supplier<Map<String, String>> plugins = Map::of;

    JsonCodec json() {
        return json.get();
    }

    Sessions sessions() {
        return sessions.get();
    }

    CommitLog log() {
        return log.get();
    }

    Calls calls() {
        return calls.get();
    }

    Channels channels() {
        return channels.get();
    }

    Peers peers() {
        return peers.get();
    }

    Scheduler scheduler() {
        return scheduler.get();
    }

    Authenticator authenticator() {
        return authenticator.get();
    }

    Authorizer authorizer() {
        return authorizer.get();
    }

    /** Whether requests can be served. */
    public boolean ready() {
        return json.isFilled()
                && sessions.isFilled()
                && scheduler.isFilled()
                && authenticator.isFilled()
                && authorizer.isFilled();
    }

    /** The plugins there are, each with how far it is known. */
    Map<String, String> plugins() {
        return plugins.get();
    }

    /** Sets where the names of plugins come from. */
    public void plugins(Supplier<Map<String, String>> source) {
        plugins = Objects.requireNonNull(source);
    }

    /** All that can tell how they are. */
    List<Inspectable> inspectables() {
        return inspectables;
    }

    /** Adds a part that can tell how it is. */
    public void add(Inspectable part) {
        inspectables.add(part);
    }

    /** Removes it. */
    public void remove(Inspectable part) {
        inspectables.remove(part);
    }
}
