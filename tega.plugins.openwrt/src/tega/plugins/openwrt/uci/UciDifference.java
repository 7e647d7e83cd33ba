package tega.plugins.openwrt.uci;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One place where a router is not as it is wanted.
 *
 * @param path the section, or the section and the option, as the tree names them: {@code lan.ipaddr}
 * @param kind {@code missing}, {@code changed}, {@code extra} or {@code order}
 * @param want what the tree has, null when nothing
 * @param have what the router has, null when nothing
 */
public record UciDifference(
        String path,
        String kind,
        @Nullable UciOption want,
        @Nullable UciOption have) {
    /** What {@code plan} would mend, told place by place. */
    public static List<UciDifference> of(UciPackage there, UciPackage wanted, UciPlan plan) {
        var old = new HashMap<String, UciSection>();
        there.sections().forEach(section -> old.put(section.id(), section));
        var labels = new HashMap<String, String>();
        UciAlignment.of(wanted.sections(), there.sections()).forEach((id, section) -> labels.put(section.id(), id));
        var told = new ArrayList<UciDifference>();
        for (var op : plan.ops()) {
            if (op instanceof UciOp.Delete delete) {
                told.add(new UciDifference(delete.section(), "extra", null, null));
            } else if (op instanceof UciOp.Add add) {
                told.add(new UciDifference(add.section().id(), "missing", null, null));
            } else if (op instanceof UciOp.Order) {
                told.add(new UciDifference("order", "order", null, null));
            } else if (op instanceof UciOp.Unset unset) {
                var has = Objects.requireNonNull(old.get(unset.section())).options();
                unset.options()
                        .forEach(name -> told.add(new UciDifference(
                                labels.getOrDefault(unset.section(), unset.section()) + "." + name,
                                "extra",
                                null,
                                has.get(name))));
            } else if (op instanceof UciOp.Set set) {
                var has = Objects.requireNonNull(old.get(set.section())).options();
                set.options()
                        .forEach((name, option) -> told.add(new UciDifference(
                                labels.getOrDefault(set.section(), set.section()) + "." + name,
                                has.containsKey(name) ? "changed" : "missing",
                                option,
                                has.get(name))));
            }
        }
        return told;
    }

    /** For people: {@code lan.ipaddr: 10.0.0.1 instead of 10.0.0.2}. */
    @Override
    public String toString() {
        return switch (kind) {
            case "extra" -> path + " is there and not wanted";
            case "missing" -> path + " is missing" + (want == null ? "" : " (" + shown(want) + ")");
            case "order" -> "the sections stand in another order";
            default ->
                path + " is " + (have == null ? "nothing" : shown(have)) + " instead of "
                        + (want == null ? "nothing" : shown(want));
        };
    }

    private static String shown(UciOption option) {
        return option.list() ? option.items().toString() : option.items().get(0);
    }
}
