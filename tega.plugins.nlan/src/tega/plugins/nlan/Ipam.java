package tega.plugins.nlan;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tega.api.TegaException;

/** Gives routers addresses: who has one keeps it, whoever comes gets the next that is free. */
final class Ipam {
    private Ipam() {}

    /**
     * The addresses of {@code routers}, beginning at {@code first}, with the length of its prefix.
     *
     * @param kept who has which one already; those of others are not given
     * @throws TegaException.LimitExceeded when the network has no more
     */
    static Map<String, Ip> assign(Ip first, List<String> routers, Map<String, Ip> kept) {
        var taken = new HashSet<Long>();
        kept.values().forEach(ip -> taken.add(ip.bits()));
        var given = new TreeMap<String, Ip>();
        var next = first;
        for (var router : routers) {
            var has = kept.get(router);
            if (has != null && has.network().equals(first.network()) && has.bits() >= first.bits()) {
                given.put(router, has);
                continue;
            }
            while (taken.contains(next.bits()) || given.containsValue(next)) {
                next = next.plus(1);
            }
            if (next.bits() >= first.last()) {
                throw new TegaException.LimitExceeded("there is no address left for '" + router + "' in "
                        + first.network() + ", of which " + taken.size() + " are taken");
            }
            given.put(router, next);
            taken.add(next.bits());
        }
        return given;
    }

    /** As many routers as there are names, each once. */
    static void distinct(Collection<String> routers) {
        var seen = new HashSet<String>();
        for (var router : routers) {
            if (!seen.add(router)) {
                throw new TegaException.Invalid("the router '" + router + "' is named twice");
            }
        }
    }
}
