package tega.plugins.openwrt;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;

/**
 * Brings what was committed to many routers, batch after batch, and stops when too many fail. What is done and what is left is
 * read off the routers' own records each time, so that nothing is forgotten when the server is restarted. How far it is stands
 * at {@code operational-openwrt.rollouts.<name>}:
 *
 * <pre>{@code
 * {"state": "running", "total": 200, "done": 50, "left": 149, "failed": {"r7": "…"}, "accepted": ["<digest>"], "reason": ""}
 * }</pre>
 */
final class Rollouts {
    /** Where it is told how far they are. */
    static final Path AT = Path.of("operational-openwrt", "rollouts");

    private static final String FAILED = "failed";
    private static final String ACCEPTED = "accepted";

    private final Tega tega;
    private final Routers routers;
    private final Executor threads;
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private final Set<String> again = ConcurrentHashMap.newKeySet();

    /** @param threads may block; one is taken for each router of a batch */
    Rollouts(Tega tega, Routers routers, Executor threads) {
        this.tega = tega;
        this.routers = routers;
        this.threads = threads;
    }

    /** Looks at a roll-out and begins what is to be done; one at a time of a name. */
    void look(String name) {
        if (!running.add(name)) {
            again.add(name);
            return;
        }
        threads.execute(() -> {
            try {
                run(name);
            } finally {
                running.remove(name);
                if (again.remove(name)) {
                    look(name);
                }
            }
        });
    }

    private RolloutPolicy policy(String name) {
        var at = RolloutPolicy.AT.child(name);
        return RolloutPolicy.read(
                tega.get(at).orElseThrow(() -> new TegaException.NotFound(at, "there is no roll-out '" + name + "'")),
                at);
    }

    /** What the routers of a roll-out have come to. */
    private final class Standing {
        final List<String> left = new ArrayList<>();
        final Map<String, String> failed = new TreeMap<>();
        final Set<String> digests = new HashSet<>();
        int total;

        Standing(String name, Set<String> accepted) {
            for (var one : routers.names()) {
                routers.router(one)
                        .standing()
                        .filter(at -> at.rollout().equals(name))
                        .ifPresent(at -> {
                            total++;
                            if (at.failed()) {
                                digests.add(one + " " + at.digest());
                                if (!accepted.contains(one + " " + at.digest())) {
                                    failed.put(one, at.reason());
                                }
                            } else if (!at.applied()) {
                                left.add(one);
                            }
                        });
            }
        }
    }

    private void run(String name) {
        RolloutPolicy policy;
        try {
            policy = policy(name);
        } catch (TegaException e) {
            return; // The guard told whoever committed it.
        }
        Set<String> tried = new HashSet<>();
        while (true) {
            var now = new Standing(name, accepted(name));
            if (policy.paused()) {
                tell(name, now, now.left.isEmpty() ? "done" : "paused", "somebody paused it");
                return;
            }
            if (now.failed.size() > policy.failures()) {
                tell(
                        name,
                        now,
                        "paused",
                        now.failed.size() + " failed: 'owrt resume " + name + "' leaves them and goes"
                                + " on, 'owrt retry " + name + "' tries them again");
                return;
            }
            var next = now.left.stream().filter(one -> !tried.contains(one)).toList();
            if (next.isEmpty()) {
                tell(name, now, now.left.isEmpty() ? "done" : "waiting", now.left.isEmpty() ? "" : "not reached yet");
                return;
            }
            var batch = policy.together() ? next : next.subList(0, Math.min(policy.batch(), next.size()));
            tell(name, now, "running", "");
            bring(batch, policy.together());
            tried.addAll(batch);
        }
    }

    private void bring(List<String> batch, boolean together) {
        var all = new Together(batch.size(), Duration.ofSeconds(60));
        var ended = new CountDownLatch(batch.size());
        for (var one : batch) {
            threads.execute(() -> {
                var gate = together ? all.gate() : Gate.OPEN;
                try {
                    routers.router(one).bring(gate);
                } finally {
                    gate.leave();
                    ended.countDown();
                }
            });
        }
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Set<String> accepted(String name) {
        var accepted = new HashSet<String>();
        if (tega.get(AT.child(name).child(ACCEPTED)).orElse(null) instanceof ArrayValue array) {
            array.forEach(item -> accepted.add(item instanceof StringValue text ? text.text() : ""));
        }
        return accepted;
    }

    private void tell(String name, Standing now, String state, String reason) {
        var failed = new LinkedHashMap<String, Value>();
        now.failed.forEach((one, why) -> failed.put(one, Value.of(why)));
        var told = Value.object(Map.of(
                        "state",
                        Value.of(state),
                        "reason",
                        Value.of(reason),
                        "total",
                        Value.of(now.total),
                        "done",
                        Value.of(now.total - now.left.size() - now.digests.size()),
                        "left",
                        Value.of(now.left.size()),
                        FAILED,
                        Value.object(failed)))
                .with(
                        ACCEPTED,
                        Value.array(accepted(name).stream()
                                .filter(now.digests::contains)
                                .sorted()
                                .map(Value::of)
                                .toList()));
        if (!tega.get(AT.child(name)).equals(Optional.of(told))) {
            tega.put(AT.child(name), told);
        }
    }

    /** Leaves those that failed as they are and goes on with the others. */
    Value resume(String name) {
        policy(name);
        var digests = new Standing(name, Set.of()).digests;
        tega.put(
                AT.child(name).child(ACCEPTED),
                Value.array(digests.stream().sorted().map(Value::of).toList()));
        look(name);
        return known(name);
    }

    /** Tries those that failed once more. */
    Value retry(String name) {
        policy(name);
        new Standing(name, Set.of()).failed.keySet().forEach(one -> routers.router(one)
                .forgive());
        look(name);
        return known(name);
    }

    /** How far it is. */
    Value known(String name) {
        return tega.get(AT.child(name)).orElse(Value.object());
    }

    /** A row for each, with a bar. */
    List<Value> table() {
        var rows = new ArrayList<Value>();
        if (tega.get(RolloutPolicy.AT).orElse(null) instanceof ObjectValue all) {
            for (var one : all) {
                var known = known(one.name()) instanceof ObjectValue object ? object : Value.object();
                var row = Value.object("rollout", Value.of(one.name()))
                        .with("state", Objects.requireNonNullElse(known.get("state"), Value.of("idle")))
                        .with("progress", Value.of(bar(known)));
                for (var column : List.of("done", "left", "total", "reason")) {
                    row = row.with(column, Objects.requireNonNullElse(known.get(column), Value.of("")));
                }
                rows.add(row.with(
                        "failed", Value.of(known.get(FAILED) instanceof ObjectValue failed ? failed.size() : 0)));
            }
        }
        return rows;
    }

    private static String bar(ObjectValue known) {
        var total = number(known, "total");
        var done = total == 0 ? 0 : number(known, "done") * 20 / total;
        return "[" + "#".repeat((int) done) + ".".repeat((int) (20 - done)) + "]";
    }

    private static long number(ObjectValue object, String name) {
        return object.get(name) instanceof tega.api.NumberValue number ? number.longValue() : 0;
    }
}
