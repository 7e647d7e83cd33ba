package tega.transport.http;

import java.util.ArrayList;
import java.util.List;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Scheduler;

/** v1's read by regular expressions: one for each name, matched from the start of the name. */
final class RegexRead {
    /** So many names are looked at, at most. */
    private static final int BUDGET = 1_000_000;

    private static final long NANOS = 1_000_000_000L;

    private final PathPattern pattern;
    private final Scheduler clock;
    private final long began;
    private final ObjectValue.Builder found = ObjectValue.builder();
    private int left = BUDGET;

    private RegexRead(PathPattern pattern, Scheduler clock) {
        this.pattern = pattern;
        this.clock = clock;
        this.began = clock.nanos();
    }

    static Answer answer(Exchange exchange) {
        var snapshot = exchange.tega().snapshot();
        var read = new RegexRead(
                PathPattern.regex(expressions(exchange.target())),
                exchange.parts().scheduler());
        read.walk(snapshot.tree().top(), Path.EMPTY, List.of());
        return exchange.show(read.found.build()).at(snapshot.revision());
    }

    /** Slashes and escaped dots separate. */
    private static List<String> expressions(String target) {
        var expressions = new ArrayList<String>();
        for (var name : Path.fromUrl(target).names()) {
            expressions.addAll(List.of(name.split("\\\\\\.", -1)));
        }
        if (expressions.isEmpty()) {
            throw new TegaException.Invalid("there is no regular expression in '" + target + "'");
        }
        return expressions;
    }

    private void walk(ObjectValue object, Path path, List<List<String>> caught) {
        var index = path.depth();
        for (var member : object) {
            if (--left < 0 || clock.nanos() - began > NANOS) {
                throw new TegaException.LimitExceeded("the expression '" + pattern + "' looks at more than " + BUDGET
                        + " names or takes more than a second; begin it more narrowly");
            }
            var groups = new ArrayList<>(caught);
            if (!pattern.matchesName(index, member.name(), groups)) {
                continue;
            }
            var child = path.child(member.name());
            if (index + 1 == pattern.parts().size()) {
                found.put(child.toString(), Value.object("groups", groups(groups), "instance", member.value()));
            } else if (member.value() instanceof ObjectValue below) {
                walk(below, child, groups);
            }
        }
    }

    private static Value groups(List<List<String>> caught) {
        return Value.array(caught.stream()
                .map(groups -> Value.array(groups.stream().map(Value::of).toList()))
                .toList());
    }
}
