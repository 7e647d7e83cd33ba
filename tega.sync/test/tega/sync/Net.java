package tega.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tega.api.Identity;
import tega.api.spi.Wire;

/** A network in memory: connections with a delay, that can be cut, and cut without anybody being told. */
final class Net {
    private final Clock clock;
    private final SplittableRandom random;
    private final Map<String, Server> servers = new HashMap<>();
    private final Set<String> unreachable = new HashSet<>();
    private final List<Pair> pairs = new ArrayList<>();
    Duration delay = Duration.ofMillis(1);
    /** How many frames went over the network. */
    long frames;

    Net(Clock clock, long seed) {
        this.clock = clock;
        this.random = new SplittableRandom(seed);
    }

    void add(Server server) {
        servers.put(server.name(), server);
    }

    /** How {@code from} reaches {@code to}. */
    Wire.Dialer dialer(String from, String to) {
        return listener -> clock.after(delay, () -> connect(from, to, listener));
    }

    private void connect(String from, String to, Wire.Listener listener) {
        var server = servers.get(to);
        var node = server == null ? null : server.node();
        if (node == null || unreachable.contains(from) || unreachable.contains(to)) {
            clock.background().execute(() -> listener.closed("'" + to + "' is out of reach"));
            return;
        }
        var accepting = node.accept(new Identity(from, from));
        var pair = new Pair(from, to, listener, accepting);
        pairs.add(pair);
        listener.opened(pair.lower);
        accepting.opened(pair.upper);
    }

    /** Ends all connections of {@code name}; both sides are told. */
    void cut(String name) {
        for (var pair : List.copyOf(pairs)) {
            if (pair.from.equals(name) || pair.to.equals(name)) {
                pair.end("the network was cut");
            }
        }
    }

    /** Nothing goes to or from {@code name} any more; nobody is told. */
    void silence(String name) {
        unreachable.add(name);
        for (var pair : pairs) {
            if (pair.from.equals(name) || pair.to.equals(name)) {
                pair.mute = true;
            }
        }
    }

    /** New connections of {@code name} come to be again. */
    void heal(String name) {
        unreachable.remove(name);
    }

    /** {@code name} cannot be reached, and its connections end. */
    void part(String name) {
        unreachable.add(name);
        cut(name);
    }

    private final class Pair {
        private final String from;
        private final String to;
        private final Half lower;
        private final Half upper;
        private boolean mute;
        private boolean ended;

        Pair(String from, String to, Wire.Listener lowerEars, Wire.Listener upperEars) {
            this.from = from;
            this.to = to;
            this.lower = new Half(this, upperEars);
            this.upper = new Half(this, lowerEars);
        }

        void end(String reason) {
            if (!ended) {
                ended = true;
                pairs.remove(this);
                if (!mute) {
                    lower.ears.closed(reason);
                    upper.ears.closed(reason);
                }
            }
        }
    }

    /** What one side sends by; in order, each a while after it was sent. */
    private final class Half implements Wire {
        private final Pair pair;
        private final Wire.Listener ears;
        private long last;

        Half(Pair pair, Wire.Listener ears) {
            this.pair = pair;
            this.ears = ears;
        }

        @Override
        public void send(String frame) {
            frames++;
            var due = clock.nanos() + (long) (delay.toNanos() * (1 + random.nextDouble()));
            last = Math.max(last + 1, due);
            clock.after(Duration.ofNanos(last - clock.nanos()), () -> {
                if (!pair.ended && !pair.mute) {
                    ears.received(frame);
                }
            });
        }

        @Override
        public void close(String reason) {
            var due = Math.max(last + 1, clock.nanos() + delay.toNanos());
            clock.after(Duration.ofNanos(due - clock.nanos()), () -> pair.end(reason));
        }
    }

    /** What can be reached. */
    interface Server {
        String name();

        @Nullable
        SyncNode node();
    }
}
