package tega.plugins.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A kernel in memory that takes the commands of the tools and is as strict as the real one. */
final class ModelKernel implements Kernel {
    private final Realm realm;
    private final List<Predicate<Op>> refusals = new ArrayList<>();
    private Network network;
    int commands;

    ModelKernel(Realm realm, Network network) {
        this.realm = realm;
        this.network = network;
    }

    Network network() {
        return network;
    }

    /** Refuses the next command that is so, once. */
    void refuse(Predicate<Op> which) {
        refusals.add(which);
    }

    @Override
    public Network read(Network want, Set<String> claims) {
        var spaces = new TreeMap<String, Space>();
        network.spaces().forEach((name, space) -> {
            if (realm.ownsSpace(name) || want.spaces().containsKey(name)) {
                var keys = new TreeMap<>(space.sysctls());
                keys.keySet().retainAll(want.space(name).sysctls().keySet());
                spaces.put(name, space.sysctls(keys));
            }
        });
        return new Network(spaces);
    }

    @Override
    public void run(List<Op> ops) throws IOException {
        for (var op : ops) {
            commands++;
            if (refusals.removeIf(refusal -> refusal.test(op))) {
                throw new KernelFailure(op.toString(), "refused");
            }
            network = after(op);
        }
    }

    private static void must(boolean holds, Op op, String sentence) throws KernelFailure {
        if (!holds) {
            throw new KernelFailure(op.toString(), sentence);
        }
    }

    private Network after(Op op) throws IOException {
        var words = List.of(op.text().split(" "));
        var space = network.space(op.space());
        must(network.spaces().containsKey(op.space()) || op.space().isEmpty(), op, "no such namespace");
        return switch (op.phase()) {
            case SPACE -> {
                must(!network.spaces().containsKey(words.get(2)), op, "File exists");
                yield network.with(words.get(2), Space.NEW);
            }
            case SPACE_END -> {
                must(network.spaces().containsKey(words.get(2)), op, "No such file");
                must(network.space(words.get(2)).frr() == null, op, "daemons still run");
                var end = network;
                for (var link : network.space(words.get(2)).links().values()) {
                    end = without(end, words.get(2), link.name());
                }
                var left = new TreeMap<>(end.spaces());
                left.remove(words.get(2));
                yield new Network(left);
            }
            case LINK -> added(op, words);
            case LINK_END -> {
                must(space.links().containsKey(words.get(2)), op, "Cannot find device");
                yield without(network, op.space(), words.get(2));
            }
            case SHAPE, FLOOD -> network.with(op.space(), space.with(shaped(op, space, words)));
            case ROUTE -> {
                var route = route(words);
                must(space.links().containsKey(route.dev()), op, "Cannot find device");
                yield network.with(op.space(), space.with(route));
            }
            case ROUTE_END -> {
                var routes = new TreeSet<>(space.routes());
                must(routes.remove(route(words)), op, "No such process");
                yield network.with(
                        op.space(), new Space(space.links(), routes, space.sysctls(), space.nft(), space.frr()));
            }
            case SYSCTL -> {
                var values = new TreeMap<>(space.sysctls());
                var is = op.text().indexOf('=');
                values.put(op.text().substring(0, is), op.text().substring(is + 1));
                yield network.with(op.space(), space.sysctls(values));
            }
            case NFT -> network.with(op.space(), space.nft(tables(op, space)));
            case FRR -> network.with(op.space(), space.frr(Frr.of(words.subList(2, words.size()), op.input())));
            case FRR_END -> {
                must(space.frr() != null, op, "nothing runs");
                yield network.with(op.space(), space.frr(null));
            }
        };
    }

    private static Route route(List<String> words) {
        var via = words.indexOf("via");
        return new Route(words.get(2), via < 0 ? "" : words.get(via + 1), words.get(words.indexOf("dev") + 1));
    }

    private Map<String, String> tables(Op op, Space space) {
        var tables = new TreeMap<>(space.nft());
        var lines = op.input().lines().toList();
        var family = lines.get(0).split(" ")[1];
        if (lines.size() == 2) {
            tables.remove(family);
        } else {
            tables.put(family, String.join("\n", lines.subList(3, lines.size() - 1)) + "\n");
        }
        return tables;
    }

    private Network added(Op op, List<String> words) throws IOException {
        if (words.contains("peer")) {
            var second = words.lastIndexOf("name");
            var one = new Link.Place(netns(words.subList(0, second)), words.get(2));
            var two = new Link.Place(netns(words.subList(second, words.size())), words.get(second + 1));
            return veth(op, veth(op, network, one, two), two, one);
        }
        var at = words.indexOf("name");
        var fixed = new TreeMap<String, String>();
        if (at > 2) {
            fixed.put(Link.LINK, words.get(3));
            must(network.space(op.space()).links().containsKey(words.get(3)), op, "Cannot find device");
        }
        for (var i = at + 4; i + 1 < words.size(); i += 2) {
            fixed.put(words.get(i), words.get(i + 1));
        }
        var link =
                Link.of(words.get(at + 1), words.get(at + 3), fixed).up(false).mtu(1500);
        must(!network.space(op.space()).links().containsKey(link.name()), op, "File exists");
        return network.with(op.space(), network.space(op.space()).with(link));
    }

    private static String netns(List<String> words) {
        var at = words.indexOf("netns");
        return at < 0 ? "" : words.get(at + 1);
    }

    private Network veth(Op op, Network in, Link.Place one, Link.Place two) throws IOException {
        must(!in.space(one.space()).links().containsKey(one.name()), op, "File exists");
        var link = Link.of(one.name(), Link.VETH, Map.of(Link.PEER, two.space() + "/" + two.name()));
        return in.with(one.space(), in.space(one.space()).with(link.up(false).mtu(1500)));
    }

    private static Network without(Network from, String name, String dev) {
        var space = from.space(name);
        var link = space.links().get(dev);
        if (link == null) {
            return from;
        }
        var links = new TreeMap<>(space.links());
        links.remove(dev);
        links.replaceAll((other, port) -> port.master().equals(dev) ? port.in("") : port);
        var routes = new TreeSet<>(space.routes());
        routes.removeIf(route -> route.dev().equals(dev));
        var left = from.with(name, new Space(links, routes, space.sysctls(), space.nft(), space.frr()));
        for (var other : links.values()) {
            if (other.fixed().getOrDefault(Link.LINK, "").equals(dev)) {
                left = without(left, name, other.name());
            }
        }
        var peer = link.peer(name);
        return link.kind().equals(Link.VETH) ? without(left, peer.space(), peer.name()) : left;
    }

    private static Link shaped(Op op, Space space, List<String> words) throws IOException {
        var link = space.links().get(words.get(words.indexOf("dev") + 1));
        must(link != null, op, "Cannot find device");
        var last = words.get(words.size() - 1);
        var addresses = new TreeSet<>(link.addresses());
        var flood = new TreeSet<>(link.flood());
        switch (words.get(0) + " " + words.get(1)) {
            case "addr add" -> must(addresses.add(words.get(2)), op, "File exists");
            case "addr del" -> must(addresses.remove(words.get(2)), op, "Cannot assign requested address");
            case "fdb append" -> must(flood.add(last), op, "File exists");
            case "fdb del" -> must(flood.remove(last), op, "No such file");
            default -> {
                return set(op, space, link, words);
            }
        }
        return link.with(addresses.toArray(new String[0])).flood(flood);
    }

    private static Link set(Op op, Space space, Link link, List<String> words) throws IOException {
        return switch (words.get(4)) {
            case "up" -> link.up(true);
            case "down" -> link.up(false);
            case "nomaster" -> link.in("");
            case "mtu" -> link.mtu(Integer.parseInt(words.get(5)));
            case "alias" -> link;
            case "master" -> {
                must(space.links().containsKey(words.get(5)), op, "Device does not exist");
                yield link.in(words.get(5));
            }
            default -> throw new KernelFailure(op.toString(), "what is this?");
        };
    }
}
