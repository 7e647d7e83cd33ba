package tega.plugins.openwrt.uci;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which section of one configuration is which of another. Named ones are told by their name. Anonymous ones are told by what
 * they hold, never by their place, which changes whenever a section before them goes: of the pairs of one type those belong
 * together that have most options alike, and of equals those that stand in the same order.
 */
final class UciAlignment {
    private record Pair(int wanted, int there, int score, int distance) {}

    private UciAlignment() {}

    /** For the id of each section of {@code wanted} the section of {@code there} that it is, if it is any. */
    static Map<String, UciSection> of(List<UciSection> wanted, List<UciSection> there) {
        var found = new HashMap<String, UciSection>();
        var named = new HashMap<String, UciSection>();
        there.stream().filter(section -> !section.anonymous()).forEach(section -> named.put(section.id(), section));
        for (var section : wanted) {
            var same = section.anonymous() ? null : named.get(section.id());
            if (same != null && same.type().equals(section.type())) {
                found.put(section.id(), same);
            }
        }
        var types = new HashMap<String, List<UciSection>>();
        wanted.stream().filter(UciSection::anonymous).forEach(section -> types.computeIfAbsent(
                        section.type(), type -> new ArrayList<>())
                .add(section));
        types.forEach((type, sections) -> anonymous(
                sections,
                there.stream()
                        .filter(section -> section.anonymous() && section.type().equals(type))
                        .toList(),
                found));
        return found;
    }

    private static void anonymous(List<UciSection> wanted, List<UciSection> there, Map<String, UciSection> found) {
        var free = new HashSet<Integer>();
        for (var i = 0; i < there.size(); i++) {
            free.add(i);
        }
        var open = exact(wanted, there, free, found);
        var pairs = new ArrayList<Pair>();
        for (var w : open) {
            for (var t : free) {
                pairs.add(new Pair(w, t, score(wanted.get(w), there.get(t)), Math.abs(w - t)));
            }
        }
        pairs.sort(Comparator.comparingInt(Pair::score)
                .reversed()
                .thenComparingInt(Pair::distance)
                .thenComparingInt(Pair::wanted)
                .thenComparingInt(Pair::there));
        for (var pair : pairs) {
            if (open.contains(pair.wanted) && free.remove(pair.there)) {
                open.remove(pair.wanted);
                found.put(wanted.get(pair.wanted).id(), there.get(pair.there));
            }
        }
    }

    /** Pairs those that are equal, in order, so that only those need comparing that are not; gives the rest of the wanted. */
    private static Set<Integer> exact(
            List<UciSection> wanted, List<UciSection> there, Set<Integer> free, Map<String, UciSection> found) {
        var equal = new HashMap<Map<String, UciOption>, List<Integer>>();
        for (var t = there.size() - 1; t >= 0; t--) {
            equal.computeIfAbsent(there.get(t).options(), options -> new ArrayList<>())
                    .add(t);
        }
        var open = new HashSet<Integer>();
        for (var w = 0; w < wanted.size(); w++) {
            var same = equal.get(wanted.get(w).options());
            if (same == null || same.isEmpty()) {
                open.add(w);
            } else {
                var t = same.remove(same.size() - 1);
                free.remove(t);
                found.put(wanted.get(w).id(), there.get(t));
            }
        }
        return open;
    }

    private static int score(UciSection wanted, UciSection there) {
        var score = 0;
        for (var option : wanted.options().entrySet()) {
            var other = there.options().get(option.getKey());
            score += option.getValue().equals(other) ? 4 : other != null ? 1 : 0;
        }
        return score;
    }
}
