package tega.api.spi;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import tega.api.PathPattern;

/**
 * One line of what somebody may do, or may not: {@code actions} at the nodes that {@code pattern} means, and at everything below
 * them. What no grant allows is not allowed; what one denies is not allowed whatever others say.
 *
 * @param name whom it is for: a name, a group ({@code @operators}), or {@code *} for everybody who has proved a name
 * @param deny whether it denies
 * @param actions one or more
 * @param pattern a dotted pattern; the empty one means the whole database
 */
public record Grant(String name, boolean deny, Set<Action> actions, PathPattern pattern) {
    /** The set is copied. */
    public Grant {
        Objects.requireNonNull(name);
        Objects.requireNonNull(pattern);
        actions = Set.copyOf(actions);
    }

    /** One line: {@code alice may read,write config.**}. */
    @Override
    public String toString() {
        var verbs = String.join(
                ",", new TreeSet<>(actions).stream().map(Action::grant).toList());
        var where = pattern.parts().isEmpty() ? "**" : pattern.toString();
        return name + (deny ? " may not " : " may ") + verbs + " " + where;
    }
}
