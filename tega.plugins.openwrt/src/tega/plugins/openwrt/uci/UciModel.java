package tega.plugins.openwrt.uci;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;

/** What a router has after a plan: the goal against which what it says it has is compared. */
public final class UciModel {
    private UciModel() {}

    /** {@code there} after {@code plan}; sections that came have the id of the tree. */
    public static UciPackage after(UciPackage there, UciPlan plan) {
        var sections = new LinkedHashMap<String, UciSection>();
        there.sections().forEach(section -> sections.put(section.id(), section));
        for (var op : plan.ops()) {
            if (op instanceof UciOp.Delete delete) {
                sections.remove(delete.section());
            } else if (op instanceof UciOp.Unset unset) {
                sections.computeIfPresent(unset.section(), (id, old) -> {
                    var options = new LinkedHashMap<>(old.options());
                    options.keySet().removeAll(unset.options());
                    return new UciSection(old.id(), old.type(), old.anonymous(), options);
                });
            } else if (op instanceof UciOp.Set set) {
                sections.computeIfPresent(set.section(), (id, old) -> {
                    var options = new LinkedHashMap<>(old.options());
                    options.putAll(set.options());
                    return new UciSection(old.id(), old.type(), old.anonymous(), options);
                });
            } else if (op instanceof UciOp.Add add) {
                sections.put(add.section().id(), add.section());
            } else if (op instanceof UciOp.Order order) {
                var ids = new LinkedHashSet<>(order.sections());
                ids.addAll(sections.keySet());
                var ordered = new LinkedHashMap<String, UciSection>();
                ids.forEach(id -> ordered.put(id, sections.get(id)));
                sections.clear();
                sections.putAll(ordered);
            }
        }
        return new UciPackage(there.name(), new ArrayList<>(sections.values()));
    }

    /** Whether two packages say the same, whatever the ids of their anonymous sections are. */
    public static boolean isSame(UciPackage one, UciPackage other) {
        return canonical(one).equals(canonical(other));
    }

    /** The package with anonymous sections named by their place. */
    public static UciPackage canonical(UciPackage some) {
        var ids = new UciIds();
        some.sections().stream().filter(section -> !section.anonymous()).forEach(section -> ids.take(section.id()));
        var sections = new ArrayList<UciSection>();
        for (var section : some.sections()) {
            sections.add(new UciSection(
                    section.anonymous() ? ids.next(section.type()) : section.id(),
                    section.type(),
                    section.anonymous(),
                    section.options()));
        }
        return new UciPackage(some.name(), sections);
    }
}
