package tega.transport.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tega.api.spi.Registration;

/**
 * What a connection has with other parts of the server, by any key. It is given back when the connection ends; what comes later,
 * because somebody was at work when it ended, is given back at once.
 */
final class Belongings {
    private final Map<Object, Registration> held = new HashMap<>();
    private boolean ended;

    /** Keeps {@code thing} until it is let go or all ends. Nothing else has this key. */
    void keep(Object key, Registration thing) {
        synchronized (this) {
            if (!ended) {
                held.put(key, thing);
                return;
            }
        }
        thing.close();
    }

    /** What has this key; null when nothing does. */
    synchronized @Nullable Registration get(Object key) {
        return held.get(key);
    }

    synchronized boolean has(Object key) {
        return held.containsKey(key);
    }

    synchronized int size() {
        return held.size();
    }

    /** Forgets what has this key, without closing it; null when nothing does. */
    synchronized @Nullable Registration remove(Object key) {
        return held.remove(key);
    }

    /** Gives back what has this key; whether there was anything. */
    boolean close(Object key) {
        var thing = remove(key);
        if (thing != null) {
            thing.close();
        }
        return thing != null;
    }

    /** Gives back everything there is. */
    void clear() {
        List<Registration> all;
        synchronized (this) {
            all = new ArrayList<>(held.values());
            held.clear();
        }
        all.forEach(Registration::close);
    }

    /** The connection has ended. */
    void end() {
        synchronized (this) {
            ended = true;
        }
        clear();
    }
}
