package tega.access;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tega.api.Extent;
import tega.api.Path;
import tega.api.spi.Action;
import tega.api.spi.Grant;

/** All grants that count for one name. */
final class Permissions {
    /** May do everything. */
    static final Permissions EVERYTHING = new Permissions(List.of(), true);

    private final List<Grant> grants;
    private final boolean everything;
    private final Map<Action, Matcher[]> allowed = new EnumMap<>(Action.class);
    private final Map<Action, Matcher[]> denied = new EnumMap<>(Action.class);

    private Permissions(List<Grant> grants, boolean everything) {
        this.grants = grants;
        this.everything = everything;
        for (var action : Action.values()) {
            put(allowed, action, false);
            put(denied, action, true);
        }
    }

    static Permissions of(List<Grant> grants) {
        return new Permissions(List.copyOf(grants), false);
    }

    private void put(Map<Action, Matcher[]> into, Action action, boolean deny) {
        var matchers = new ArrayList<Matcher>();
        for (var grant : grants) {
            if (grant.deny() == deny && grant.actions().contains(action)) {
                matchers.add(Matcher.of(grant.pattern()));
            }
        }
        if (!matchers.isEmpty()) {
            into.put(action, matchers.toArray(new Matcher[0]));
        }
    }

    List<Grant> grants() {
        return grants;
    }

    boolean isEverything() {
        return everything;
    }

    /** How much of the subtree the action is allowed for. */
    Extent extent(Action action, Path path) {
        if (everything) {
            return Extent.ALL;
        }
        var open = best(allowed.get(action), path);
        if (open == Extent.NONE) {
            return Extent.NONE;
        }
        return switch (best(denied.get(action), path)) {
            case ALL -> Extent.NONE;
            case SOME -> Extent.SOME;
            case NONE -> open;
        };
    }

    private static Extent best(Matcher @Nullable [] matchers, Path path) {
        var best = Extent.NONE;
        if (matchers == null) {
            return best;
        }
        for (var matcher : matchers) {
            var extent = matcher.extent(path);
            if (extent == Extent.ALL) {
                return Extent.ALL;
            }
            if (extent == Extent.SOME) {
                best = Extent.SOME;
            }
        }
        return best;
    }

    /** The grants that decide about the action at {@code path}: those that deny any of it, else those that allow it. */
    List<Grant> deciding(Action action, Path path) {
        var deciding = new ArrayList<Grant>();
        for (var deny : List.of(true, false)) {
            for (var grant : grants) {
                if (grant.deny() == deny
                        && grant.actions().contains(action)
                        && Matcher.of(grant.pattern()).extent(path) != Extent.NONE) {
                    deciding.add(grant);
                }
            }
            if (!deciding.isEmpty()) {
                break;
            }
        }
        return deciding;
    }
}
