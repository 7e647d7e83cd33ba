package tega.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tega.api.Identity;
import tega.api.spi.Wire;

/**
 * A network in memory: connections with a delay, that can be cut, cut without anybody being told, held up, or made to go one way
 * only. Frames of one connection stay in order, as over TCP; those of different ones need not.
 */
final class Net {
    /** What becomes of a frame on its way: the same or another one, or null when it is lost. */
    interface Tamper {
        @Nullable
        String pass(Server from, Server to, String frame);
    }

    private final Clock clock;
    private final SplittableRandom random;
    private final Map<String, Server> servers = new TreeMap<>();
    private final Set<String> unreachable = new HashSet<>();
    private final List<Pair> pairs = new ArrayList<>();
    Duration delay = Duration.ofMillis(1);
    Tamper tamper = (from, to, frame) -> frame;
    /** Of a thousand frames so many are lost and sent again, which takes a while. */
    int resent;
    /** Whether the ends of a connection hear of its end at different times. */
    boolean uneven;
    /** Hears of every frame that arrives. */
    Consumer<String> trace = line -> {};
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
        return listener -> {
            var caller = new End(servers.get(from), servers.get(from).life(), listener);
            clock.after(delay, () -> connect(caller, to));
        };
    }

    private void connect(End caller, String to) {
        var server = servers.get(to);
        var node = server == null ? null : server.node();
        var from = caller.server.name();
        if (server == null || node == null || unreachable.contains(from) || unreachable.contains(to)) {
            clock.background().execute(() -> caller.run(() -> caller.ears.closed("'" + to + "' is out of reach")));
            return;
        }
        server.life(life -> {
            var callee = new End(server, life, node.accept(new Identity(from, from)));
            var pair = new Pair(caller, callee);
            pairs.add(pair);
            caller.run(() -> caller.ears.opened(pair.lower));
            callee.run(() -> callee.ears.opened(pair.upper));
        });
    }

    /** Ends all connections of {@code name}; both sides are told. */
    void cut(String name) {
        of(name).forEach(pair -> pair.end("the network was cut"));
    }

    private List<Pair> of(String name) {
        return pairs.stream().filter(pair -> pair.isOf(name)).toList();
    }

    /** Nothing goes to or from {@code name} any more; nobody is told. */
    void silence(String name) {
        unreachable.add(name);
        of(name).forEach(Pair::silence);
    }

    /** The connections there are carry nothing any more, and nobody is told; new ones can be made. */
    void forget(String name) {
        of(name).forEach(Pair::silence);
    }

    /** What {@code name} sends over the connections there are does not arrive, or what is sent to it. */
    void halve(String name, boolean sending) {
        for (var pair : of(name)) {
            (pair.lower.from.server.name().equals(name) == sending ? pair.lower : pair.upper).mute = true;
        }
    }

    /** What is sent over the connections there are arrives only after a while, all of it. */
    void hold(String name, Duration duration) {
        for (var pair : of(name)) {
            pair.lower.last = Math.max(pair.lower.last, clock.nanos() + duration.toNanos());
            pair.upper.last = Math.max(pair.upper.last, clock.nanos() + duration.toNanos());
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

    /** What can be reached. */
    interface Server {
        String name();

        @Nullable
        SyncNode node();

        /** Its present run; null when it has only one. */
        default @Nullable Life life() {
            return null;
        }

        /** Does something in its present run. */
        default void life(Consumer<@Nullable Life> action) {
            var life = life();
            if (life == null) {
                action.accept(null);
            } else {
                life.run(() -> action.accept(life));
            }
        }
    }

    /** One end of a connection. */
    private static final class End {
        private final Server server;
        private final @Nullable Life life;
        private final Wire.Listener ears;

        End(Server server, @Nullable Life life, Wire.Listener ears) {
            this.server = server;
            this.life = life;
            this.ears = ears;
        }

        void run(Runnable task) {
            if (life == null) {
                task.run();
            } else {
                life.run(task);
            }
        }

        boolean isOver() {
            return life != null && life.isOver();
        }
    }

    private final class Pair {
        private final Half lower;
        private final Half upper;
        private boolean ended;

        Pair(End lower, End upper) {
            this.lower = new Half(this, lower, upper);
            this.upper = new Half(this, upper, lower);
        }

        boolean isOf(String name) {
            return lower.from.server.name().equals(name)
                    || upper.from.server.name().equals(name);
        }

        void silence() {
            lower.mute = true;
            upper.mute = true;
        }

        void end(String reason) {
            if (!ended) {
                ended = true;
                pairs.remove(this);
                lower.end(reason);
                upper.end(reason);
            }
        }
    }

    /** What one side sends by; in order, each a while after it was sent. */
    private final class Half implements Wire {
        private final Pair pair;
        private final End from;
        private final End to;
        private long last;
        private boolean mute;
        private boolean told;

        Half(Pair pair, End from, End to) {
            this.pair = pair;
            this.from = from;
            this.to = to;
        }

        @Override
        public void send(String frame) {
            frames++;
            var passed = pair.ended || from.isOver() ? null : tamper.pass(from.server, to.server, frame);
            if (passed == null) {
                return;
            }
            var due = clock.nanos() + (long) (delay.toNanos() * (1 + random.nextDouble()));
            if (resent > 0 && random.nextInt(1000) < resent) {
                due += Duration.ofMillis(200 + random.nextInt(3000)).toNanos();
            }
            last = Math.max(last + 1, due);
            clock.after(Duration.ofNanos(last - clock.nanos()), () -> {
                if (!told && !mute) {
                    trace.accept(from.server.name() + " > " + to.server.name() + " " + passed);
                    to.run(() -> to.ears.received(passed));
                }
            });
        }

        /** The other side hears of the end, unless nothing gets there. */
        private void end(String reason) {
            if (mute) {
                return;
            }
            if (!uneven) {
                tell(reason);
            } else {
                clock.after(Duration.ofMillis(random.nextInt(2000)), () -> tell(reason));
            }
        }

        private void tell(String reason) {
            told = true;
            to.run(() -> to.ears.closed(reason));
        }

        @Override
        public void close(String reason) {
            var due = Math.max(last + 1, clock.nanos() + delay.toNanos());
            clock.after(Duration.ofNanos(due - clock.nanos()), () -> pair.end(reason));
        }
    }
}
