package tega.api.spi;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import tega.api.PathPattern;
import tega.api.TegaException;

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

    /**
     * Reads the line that {@link #toString} writes: {@code NAME may [not] ACTIONS PATTERN}, the actions joined by commas; {@code
     * all} stands for every one. {@code INVALID} when it is none.
     */
    public static Grant parse(String line) {
        var words = line.strip().split("\\s+", 3);
        var deny = words.length == 3 && words[2].startsWith("not ");
        var rest = words.length < 3
                ? ""
                : deny ? words[2].substring("not ".length()).strip() : words[2];
        var blank = rest.indexOf(' ');
        if (blank < 0 || !words[1].equals("may")) {
            throw new TegaException.Invalid(
                    "'" + line + "' is no grant: NAME may [not] ACTIONS PATTERN, as in 'alice may read,write config'");
        }
        var actions = EnumSet.noneOf(Action.class);
        for (var action : rest.substring(0, blank).split(",", -1)) {
            if (action.equals("all")) {
                actions.addAll(EnumSet.allOf(Action.class));
            } else {
                actions.add(Action.of(action));
            }
        }
        return new Grant(
                words[0], deny, actions, PathPattern.parse(rest.substring(blank).strip()));
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
