package tega.plugins.net;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tega.api.TegaException;

/** Compares two networks. What can be changed in place is changed in place; only what cannot is made anew. */
final class Planner {
    private final Realm realm;
    private final Network have;
    private final Network want;
    private final Map<Op.Phase, List<Op>> ops = new EnumMap<>(Op.Phase.class);
    private final Set<String> claims = new TreeSet<>();

    /** Interfaces of ours that go, be it for good or to be made anew. */
    private final Set<Link.Place> gone = new TreeSet<>();

    Planner(Realm realm, Network have, Network want) {
        this.realm = realm;
        this.have = have;
        this.want = want;
    }

    Plan plan() {
        clashes();
        removals();
        spaces();
        have.spaces().forEach((name, space) -> {
            if (!isGone(name)) {
                routes(name, space, want.space(name));
            }
        });
        endings();
        creations();
        want.spaces().forEach((name, space) -> {
            var before = there(name);
            space.links().values().stream()
                    .sorted()
                    .forEach(link -> shape(name, before.links().get(link.name()), link));
            sysctls(name, before, space);
            nft(name, before, space);
        });
        leftovers();
        daemons();
        var all = new ArrayList<Op>();
        // Namespace by namespace within a phase, so that each takes one batch.
        ops.values().forEach(phase -> {
            phase.sort(Comparator.comparing(Op::space));
            all.addAll(phase);
        });
        return new Plan(all, claims);
    }

    private void op(Op.Phase phase, String space, String text, String reason) {
        op(new Op(phase, space, text, reason));
    }

    private void op(Op op) {
        ops.computeIfAbsent(op.phase(), phase -> new ArrayList<>()).add(op);
    }

    /** The space as it is; one that is still to be made has what the kernel puts there. */
    private Space there(String name) {
        var space = have.spaces().get(name);
        return space != null ? space : name.isEmpty() ? Space.EMPTY : Space.NEW;
    }

    private boolean isGone(String space) {
        return !space.isEmpty() && !want.spaces().containsKey(space) && realm.ownsSpace(space);
    }

    private void clashes() {
        want.spaces().forEach((name, space) -> space.links().values().forEach(link -> {
            var there = there(name).links().get(link.name());
            var place = new Link.Place(name, link.name());
            if (link.isHost() && (there == null || !there.isHost())) {
                throw new TegaException.Conflict(null, "there is no interface '" + place + "' to build upon");
            }
            if (!link.isHost() && there != null && there.isHost()) {
                throw new TegaException.Conflict(
                        null,
                        "there is an interface '" + place
                                + "' that is not ours; it is left alone, name yours otherwise");
            }
        }));
    }

    private void removals() {
        have.spaces().forEach((name, space) -> space.links().values().stream()
                .filter(link -> !link.isHost())
                .forEach(link -> {
                    var wanted = want.space(name).links().get(link.name());
                    if (wanted == null
                            || !wanted.kind().equals(link.kind())
                            || !wanted.fixed().equals(link.fixed())) {
                        gone.add(new Link.Place(name, link.name()));
                    }
                }));
        // The ends of a pair go together, and so does what stands upon an interface that goes.
        var size = -1;
        while (size != gone.size()) {
            size = gone.size();
            want.spaces().forEach((name, space) -> space.links().values().forEach(link -> halves(name, link)));
            have.spaces().forEach((name, space) -> space.links().values().stream()
                    .filter(link -> !link.isHost())
                    .filter(link -> gone.contains(link.peer(name))
                            || gone.contains(new Link.Place(name, link.fixed().getOrDefault(Link.LINK, ""))))
                    .forEach(link -> gone.add(new Link.Place(name, link.name()))));
        }
    }

    /** An end whose other end is where nobody can reach it, such as in a namespace without its name, is made anew with it. */
    private void halves(String space, Link link) {
        var peer = link.peer(space);
        var there = have.space(peer.space()).links().get(peer.name());
        if (link.kind().equals(Link.VETH) && isNew(space, link.name()) && there != null && !there.isHost()) {
            gone.add(peer);
        }
    }

    private String why(Link.Place place, Link link) {
        var wanted = want.space(place.space()).links().get(place.name());
        return wanted == null
                ? "not wanted any more"
                : wanted.fixed().equals(link.fixed())
                        ? "goes with what it belongs to"
                        : "made anew: " + link.fixed() + " becomes " + wanted.fixed();
    }

    private void spaces() {
        have.spaces().forEach((name, space) -> {
            if (isGone(name)) {
                op(Op.Phase.SPACE_END, "", "netns del " + name, "not wanted any more");
                if (space.frr() != null) {
                    op(Op.Phase.FRR_END, name, "frr stop", "the namespace goes");
                }
            }
        });
        want.spaces().keySet().stream()
                .filter(name -> !name.isEmpty() && !have.spaces().containsKey(name))
                .forEach(name -> op(Op.Phase.SPACE, "", "netns add " + name, "wanted"));
    }

    private void routes(String name, Space before, Space after) {
        for (var route : before.routes()) {
            if (!after.routes().contains(route) && !gone.contains(new Link.Place(name, route.dev()))) {
                op(Op.Phase.ROUTE_END, name, "route del " + route, "not wanted any more");
            }
        }
        for (var route : after.routes()) {
            if (!before.routes().contains(route) || gone.contains(new Link.Place(name, route.dev()))) {
                op(Op.Phase.ROUTE, name, "route replace " + route, "missing");
            }
        }
    }

    private void endings() {
        var done = new TreeSet<Link.Place>();
        have.spaces().forEach((name, space) -> {
            if (isGone(name)) {
                return; // What is in it goes with it, but for the pairs whose other end stays.
            }
            space.links().values().stream().sorted((a, b) -> b.compareTo(a)).forEach(link -> {
                var place = new Link.Place(name, link.name());
                if (gone.contains(place) && done.add(place)) {
                    if (link.kind().equals(Link.VETH)) {
                        done.add(link.peer(name));
                    }
                    op(Op.Phase.LINK_END, name, "link del " + link.name(), why(place, link));
                }
            });
        });
    }

    private boolean isNew(String space, String link) {
        return !there(space).links().containsKey(link) || gone.contains(new Link.Place(space, link));
    }

    private void creations() {
        var done = new TreeSet<Link.Place>();
        want.spaces().forEach((name, space) -> {
            if (!have.spaces().containsKey(name)) {
                routes(name, Space.NEW, space);
            }
            space.links().values().stream().sorted().forEach(link -> {
                var place = new Link.Place(name, link.name());
                if (link.isHost() || !isNew(name, link.name())) {
                    return;
                }
                claims.add(place.space() + "/" + place.name());
                if (!done.add(place)) {
                    return;
                }
                if (link.kind().equals(Link.VETH)) {
                    var peer = link.peer(name);
                    done.add(peer);
                    op(
                            Op.Phase.LINK,
                            "",
                            "link add " + link.name() + in(name) + " type veth peer name " + peer.name()
                                    + in(peer.space()),
                            "missing");
                } else {
                    op(Op.Phase.LINK, name, "link add " + words(link), "missing");
                }
            });
        });
    }

    private static String in(String space) {
        return space.isEmpty() ? "" : " netns " + space;
    }

    private static String words(Link link) {
        var below = link.fixed().get(Link.LINK);
        var text = new StringBuilder(below == null ? "" : "link " + below + " ");
        text.append("name ").append(link.name()).append(" type ").append(link.kind());
        link.fixed().forEach((word, value) -> {
            if (!word.equals(Link.LINK)) {
                text.append(' ').append(word).append(' ').append(value);
            }
        });
        return text.toString();
    }

    private void shape(String space, @Nullable Link there, Link link) {
        var fresh = isNew(space, link.name());
        var before = fresh || there == null
                ? new Link(link.name(), link.kind(), link.fixed(), "", 0, false, new TreeSet<>(), new TreeSet<>())
                : there;
        var dev = " dev " + link.name();
        if (fresh) {
            op(Op.Phase.SHAPE, space, "link set" + dev + " alias " + realm.alias(link), "mark it as ours");
        }
        if (!link.isHost()) {
            if (link.mtu() != 0 && link.mtu() != before.mtu()) {
                op(Op.Phase.SHAPE, space, "link set" + dev + " mtu " + link.mtu(), "is " + before.mtu());
            }
            master(space, before, link, dev);
        }
        for (var address : before.addresses()) {
            if (!link.addresses().contains(address)) {
                op(Op.Phase.SHAPE, space, "addr del " + address + dev, "not wanted any more");
            }
        }
        for (var address : link.addresses()) {
            if (!before.addresses().contains(address)) {
                op(
                        Op.Phase.SHAPE,
                        space,
                        "addr add " + address + dev + (link.isHost() ? " label " + Realm.label(link.name()) : ""),
                        "missing");
            }
        }
        if (link.up() != before.up()) {
            op(
                    Op.Phase.SHAPE,
                    space,
                    "link set" + dev + (link.up() ? " up" : " down"),
                    link.up() ? "is down" : "is up");
        }
        flood(space, before, link);
    }

    private void master(String space, Link before, Link link, String dev) {
        var masterIsNew = !link.master().isEmpty() && isNew(space, link.master());
        if (link.master().equals(before.master()) && !masterIsNew) {
            return;
        }
        var was = before.master().isEmpty() ? "is no port" : "is a port of " + before.master();
        op(
                Op.Phase.SHAPE,
                space,
                "link set" + dev + (link.master().isEmpty() ? " nomaster" : " master " + link.master()),
                was);
    }

    private void flood(String space, Link before, Link link) {
        for (var peer : before.flood()) {
            if (!link.flood().contains(peer)) {
                op(Op.Phase.FLOOD, space, "fdb del " + all(link, peer), "not wanted any more");
            }
        }
        for (var peer : link.flood()) {
            if (!before.flood().contains(peer)) {
                op(Op.Phase.FLOOD, space, "fdb append " + all(link, peer), "missing");
            }
        }
    }

    private static String all(Link link, String peer) {
        return "00:00:00:00:00:00 dev " + link.name() + " dst " + peer;
    }

    private void sysctls(String name, Space before, Space after) {
        after.sysctls().forEach((key, value) -> {
            if (!value.equals(before.sysctls().get(key))) {
                op(
                        Op.Phase.SYSCTL,
                        name,
                        key + "=" + value,
                        "is " + before.sysctls().getOrDefault(key, "not set"));
            }
        });
    }

    private void nft(String name, Space before, Space after) {
        var families = new TreeSet<>(before.nft().keySet());
        families.addAll(after.nft().keySet());
        for (var family : families) {
            var body = after.nft().get(family);
            if (Objects.equals(body, before.nft().get(family))) {
                continue;
            }
            var table = "table " + family + " " + realm.table();
            // Naming it before deleting it makes both good whether it is there or not; all of it is one step of the
            // kernel.
            var script = table + "\ndelete " + table + "\n" + (body == null ? "" : table + " {\n" + body + "}\n");
            op(new Op(
                    Op.Phase.NFT,
                    name,
                    "nft " + (body == null ? "delete " : "") + table,
                    before.nft().containsKey(family) ? "differs" : "missing",
                    script));
        }
    }

    /** What of ours is left in a space that is not ours and that nothing is wanted in, or on an interface that is not wanted. */
    private void leftovers() {
        have.spaces().forEach((name, space) -> {
            if (isGone(name)) {
                return;
            }
            var wanted = want.space(name);
            space.links().values().stream()
                    .filter(link -> link.isHost() && !wanted.links().containsKey(link.name()))
                    .forEach(link -> link.addresses()
                            .forEach(address -> op(
                                    Op.Phase.SHAPE,
                                    name,
                                    "addr del " + address + " dev " + link.name(),
                                    "not wanted any more")));
            if (!want.spaces().containsKey(name)) {
                nft(name, space, Space.EMPTY);
            }
        });
    }

    private void daemons() {
        var names = new TreeMap<>(have.spaces());
        want.spaces().forEach(names::putIfAbsent);
        names.keySet().forEach(name -> {
            var before = have.space(name).frr();
            var after = want.space(name).frr();
            if (isGone(name) || Objects.equals(before, after)) {
                return;
            }
            if (after == null) {
                op(Op.Phase.FRR_END, name, "frr stop", "not wanted any more");
            } else {
                op(new Op(
                        Op.Phase.FRR,
                        name,
                        "frr " + (before == null ? "start " : "change ") + String.join(" ", after.daemons()),
                        before == null ? "missing" : "differs",
                        after.text()));
            }
        });
    }
}
