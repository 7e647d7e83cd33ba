package tega.plugins.openwrt;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import tega.api.NumberValue;
import tega.api.Value;

/**
 * The guard on the router that ends a trial when nobody else does: at the end of its time it removes what stands in RAM, restores
 * what the {@link Journal} keeps, and has the services read their configuration again. It goes by the router's uptime, so that
 * no clock has to be set.
 */
final class Watchdog {
    /** Where it is told of a trial, and shows that it lives. */
    static final String FOLDER = "/var/run/tega/";

    private static final String TRIAL = FOLDER + "trial";
    private static final String ALIVE = FOLDER + "alive";

    /** It shows every second that it lives; a busy router may take longer. */
    private static final long STALE = 10;

    private final Ubus bus;
    private final RouterFiles files;

    Watchdog(Ubus bus, RouterFiles files) {
        this.bus = bus;
        this.files = files;
    }

    private long uptime() throws IOException {
        var info = bus.call("system", "info", Value.object());
        if (info.get("uptime") instanceof NumberValue seconds) {
            return seconds.longValue();
        }
        throw new IOException("the router does not say how long it has been up");
    }

    /** Whether it runs. */
    boolean isAlive() throws IOException {
        try {
            var seen = files.text(ALIVE).map(String::strip).orElse("");
            return seen.matches("[0-9]{1,15}") && uptime() - Long.parseLong(seen) <= STALE;
        } catch (Ubus.Refusal e) {
            return false; // The rights are those of an older guard, or there is none.
        }
    }

    /** Has it end a trial of these packages when {@code window} is over. */
    void arm(Collection<String> packages, Duration window) throws IOException {
        files.write(TRIAL, (uptime() + Math.max(1, window.toSeconds())) + "\n" + String.join("\n", packages) + "\n");
    }

    /** Whether it is to end one. */
    boolean isArmed() throws IOException {
        try {
            return !files.stamp(TRIAL).isEmpty();
        } catch (Ubus.Refusal e) {
            return false;
        }
    }

    /** Has it end none. */
    void disarm() throws IOException {
        if (isArmed()) {
            files.remove(TRIAL);
        }
    }

    /** Has the services that depend on these packages read them again. */
    void tell(Collection<String> packages) throws IOException {
        for (var name : packages) {
            bus.call(
                    "service",
                    "event",
                    Value.object("type", Value.of("config.change"), "data", Value.object("package", Value.of(name))));
        }
    }
}
