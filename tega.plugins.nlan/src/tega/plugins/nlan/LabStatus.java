package tega.plugins.nlan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tega.api.Path;
import tega.api.Tega;
import tega.api.Value;
import tega.plugins.net.Op;
import tega.plugins.net.Outcome;

/**
 * What became of the wishes: {@code status-<router>}.
 *
 * <pre>{@code
 * {"lab": "wan", "phase": "verified", "generation": 17, "steps": 12, "plan": ["wan--pe1: link add …  # missing"],
 *  "error": {"command": "", "message": ""}}
 * }</pre>
 */
final class LabStatus {
    private static final int LONGEST = 60;

    private final Tega tega;

    LabStatus(Tega tega) {
        this.tega = tega;
    }

    /** A step and why, for people. */
    static String told(Op op) {
        return op + "  # " + op.reason();
    }

    /** The steps that concern the router in {@code space}, its hosts included. */
    static List<Op> of(List<Op> ops, String space) {
        return ops.stream()
                .filter(op -> space.isEmpty()
                        || op.space().equals(space)
                        || op.space().startsWith(space + "."))
                .toList();
    }

    /** That these routers stand at {@code phase}. */
    void put(
            Lab lab,
            Collection<String> routers,
            String phase,
            long generation,
            List<Op> ops,
            String command,
            String message) {
        try (var transaction = tega.begin()) {
            var changes = 0;
            for (var router : routers) {
                var mine = of(ops, lab.space(router));
                var plan = new ArrayList<Value>();
                mine.stream().limit(LONGEST).forEach(op -> plan.add(Value.of(told(op))));
                var value = Value.object("lab", Value.of(lab.name()), "phase", Value.of(phase))
                        .with("generation", Value.of(generation))
                        .with("steps", Value.of(mine.size()))
                        .with("plan", Value.array(plan))
                        .with("error", Value.object("command", Value.of(command), "message", Value.of(message)));
                var path = Path.of("status-" + router);
                if (!transaction.base().get(path).equals(Optional.of(value))) {
                    transaction.put(path, value);
                    changes++;
                }
            }
            if (changes > 0) {
                transaction.commit();
            }
        }
    }

    /** How an application ended. */
    void ended(Lab lab, Collection<String> routers, long generation, Outcome outcome) {
        var phase =
                switch (outcome.state()) {
                    case UNCHANGED, APPLIED -> "verified";
                    case ROLLED_BACK -> "rolledBack";
                    case FAILED -> "failed";
                };
        put(lab, routers, phase, generation, outcome.ops(), outcome.command(), outcome.message());
    }
}
