package tega.plugins.openwrt.uci;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to do to a package of a router to make it the wanted one, and no more than that: nothing when it is that already.
 *
 * @param name the package
 * @param ops in order: what goes, what changes, what comes, how all stand
 */
public record UciPlan(String name, List<UciOp> ops) {
    /** The list is copied. */
    public UciPlan {
        ops = List.copyOf(ops);
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return ops.isEmpty();
    }

    /**
     * From {@code there}, read from the router right now, to {@code wanted}.
     *
     * @param before what was wanted when the router was last made to have it, null when it never was: what it has and
     *     {@code wanted} has not is taken away even where tega does not own the rest
     */
    public static UciPlan of(UciPackage there, UciPackage wanted, @Nullable UciPackage before, UciOwnership ownership) {
        return new Maker(there, wanted, before, ownership).make();
    }

    private static final class Maker {
        private final UciPackage there;
        private final UciPackage wanted;
        private final @Nullable UciPackage before;
        private final UciOwnership ownership;
        private final Map<String, UciSection> same;
        private final List<UciOp> ops = new ArrayList<>();

        Maker(UciPackage there, UciPackage wanted, @Nullable UciPackage before, UciOwnership ownership) {
            this.there = there;
            this.wanted = wanted;
            this.before = before;
            this.ownership = ownership;
            this.same = UciAlignment.of(wanted.sections(), there.sections());
        }

        UciPlan make() {
            var kept = new HashSet<String>();
            same.values().forEach(section -> kept.add(section.id()));
            var gone = gone(kept);
            gone.forEach(id -> ops.add(new UciOp.Delete(id)));
            wanted.sections().forEach(this::change);
            wanted.sections().stream()
                    .filter(section -> !same.containsKey(section.id()))
                    .forEach(section -> ops.add(new UciOp.Add(section)));
            order(gone);
            return new UciPlan(wanted.name(), ops);
        }

        /** The sections of the router that go: all that are not wanted, or those that were wanted once. */
        private List<String> gone(Set<String> kept) {
            var once = new HashSet<String>();
            if (before != null) {
                UciAlignment.of(before.sections(), there.sections())
                        .values()
                        .forEach(section -> once.add(section.id()));
            }
            var names = new HashSet<String>();
            wanted.sections().forEach(section -> names.add(section.id()));
            return there.sections().stream()
                    .filter(section -> !kept.contains(section.id()))
                    .filter(section -> ownership == UciOwnership.PACKAGE
                            || once.contains(section.id())
                            || (!section.anonymous() && names.contains(section.id()))) // of another type
                    .map(UciSection::id)
                    .toList();
        }

        private void change(UciSection section) {
            var old = same.get(section.id());
            if (old == null) {
                return;
            }
            var unset = new ArrayList<String>();
            for (var name : old.options().keySet()) {
                if (!section.options().containsKey(name) && isOurs(section, name)) {
                    unset.add(name);
                }
            }
            if (!unset.isEmpty()) {
                ops.add(new UciOp.Unset(old.id(), unset));
            }
            var set = new LinkedHashMap<String, UciOption>();
            section.options().forEach((name, option) -> {
                if (!option.equals(old.options().get(name))) {
                    set.put(name, option);
                }
            });
            if (!set.isEmpty()) {
                ops.add(new UciOp.Set(old.id(), set));
            }
        }

        private boolean isOurs(UciSection section, String option) {
            return ownership != UciOwnership.OPTIONS
                    || (before != null
                            && before.sections().stream()
                                    .anyMatch(old -> old.id().equals(section.id())
                                            && old.options().containsKey(option)));
        }

        /** The whole order when it is not what comes of itself: new sections stand at the end, in the order they came. */
        private void order(List<String> gone) {
            var standing = new ArrayList<String>();
            there.sections().stream()
                    .map(UciSection::id)
                    .filter(id -> !gone.contains(id))
                    .forEach(standing::add);
            var labels = new HashMap<String, String>();
            for (var section : wanted.sections()) {
                var old = same.get(section.id());
                labels.put(section.id(), old == null ? section.id() : old.id());
                if (old == null) {
                    standing.add(section.id());
                }
            }
            var goal = new ArrayList<String>();
            wanted.sections().forEach(section -> goal.add(Objects.requireNonNull(labels.get(section.id()))));
            if (ownership == UciOwnership.PACKAGE && !goal.equals(standing)) {
                ops.add(new UciOp.Order(goal));
            }
        }
    }
}
