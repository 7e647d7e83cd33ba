package tega.plugins.net;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The way from what is there to what is wanted.
 *
 * @param ops in order
 * @param claims the interfaces it makes, as {@code space/name}: ours although they may not be marked yet
 */
public record Plan(List<Op> ops, Set<String> claims) {
    /** The collections are copied. */
    public Plan {
        ops = List.copyOf(ops);
        claims = Set.copyOf(claims);
    }

    /** The way for {@code realm} from {@code have} to {@code want}; {@code CONFLICT} where something of others is in it. */
    public static Plan between(Realm realm, Network have, Network want) {
        return new Planner(realm, have, want).plan();
    }

    /** Whether nothing has to be done. */
    public boolean isEmpty() {
        return ops.isEmpty();
    }

    Set<String> claims(Set<String> more) {
        var all = new TreeSet<>(claims);
        all.addAll(more);
        return all;
    }
}
