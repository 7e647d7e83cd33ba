package tega.transport.http;

import java.util.ArrayList;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;

/** The nodes that a pattern means, each once. */
final class Nodes {
    private static final int BUDGET = 1_000_000;

    private final PathPattern pattern;
    private final BiConsumer<Path, Value> found;
    private int left = BUDGET;

    private Nodes(PathPattern pattern, BiConsumer<Path, Value> found) {
        this.pattern = pattern;
        this.found = found;
    }

    /** Gives every node of {@code tree} that {@code pattern} means to {@code found}, parents before what is below them. */
    static void each(Tree tree, PathPattern pattern, BiConsumer<Path, Value> found) {
        below(tree, pattern, Path.EMPTY, found);
    }

    /** The same for the nodes at or below {@code top}. */
    static void below(Tree tree, PathPattern pattern, Path top, BiConsumer<Path, Value> found) {
        var value = tree.get(top);
        if (value == null) {
            return;
        }
        if (pattern.isExact()) {
            var path = pattern.prefix();
            @Nullable Value there = path.startsWith(top) ? tree.get(path) : null;
            if (there != null) {
                found.accept(path, there);
            }
            return;
        }
        new Nodes(pattern, found).walk(top, value);
    }

    /** How many names, at most, a path can have that the pattern means; -1 when any number. */
    private int reach() {
        for (var part : pattern.parts()) {
            if (part instanceof PathPattern.Part.Any) {
                return -1;
            }
        }
        return pattern.parts().size();
    }

    private void walk(Path path, Value value) {
        if (--left < 0) {
            throw new TegaException.LimitExceeded(
                    "the pattern '" + pattern + "' looks at more than " + BUDGET + " nodes; begin it more narrowly");
        }
        if (pattern.matches(path)) {
            found.accept(path, value);
        }
        var reach = reach();
        if (!(value instanceof ObjectValue object) || (reach >= 0 && path.depth() >= reach)) {
            return;
        }
        for (var member : object) {
            if (reach < 0 || pattern.matchesName(path.depth(), member.name(), new ArrayList<>())) {
                walk(path.child(member.name()), member.value());
            }
        }
    }
}
