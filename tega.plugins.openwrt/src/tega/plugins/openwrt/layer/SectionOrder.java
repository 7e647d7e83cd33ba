package tega.plugins.openwrt.layer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;

/** In which order the sections of several layers stand. */
final class SectionOrder {
    private SectionOrder() {}

    /**
     * {@code below} as the layer above it wants: what {@code said} names and was there stands in the order of {@code said}, in
     * the places that these had; what is new stands behind the one that {@code said} has before it; what {@code said} does not
     * name comes last.
     *
     * @param there all there are now, new ones included
     */
    static List<String> of(List<String> below, List<String> said, Collection<String> there) {
        var old = new HashSet<>(below);
        var moved = said.stream().filter(old::contains).toList();
        var named = new HashSet<>(moved);
        var order = new ArrayList<String>();
        var next = 0;
        for (var id : below) {
            order.add(named.contains(id) ? moved.get(next++) : id);
        }
        for (var i = 0; i < said.size(); i++) {
            if (!old.contains(said.get(i))) {
                var place = i == 0 ? first(order, said) : order.indexOf(said.get(i - 1)) + 1;
                order.add(place, said.get(i));
            }
        }
        var placed = new HashSet<>(order);
        there.stream().filter(id -> !placed.contains(id)).forEach(order::add);
        order.removeIf(id -> !there.contains(id));
        return order;
    }

    /** A new one that is named first stands before the first old one that is named, else at the end. */
    private static int first(List<String> order, List<String> said) {
        return said.stream()
                .mapToInt(order::indexOf)
                .filter(place -> place >= 0)
                .findFirst()
                .orElse(order.size());
    }
}
