package tega.plugins.openwrt;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tega.api.Path;
import tega.plugins.openwrt.uci.UciOption;
import tega.plugins.openwrt.uci.UciOwnership;
import tega.plugins.openwrt.uci.UciPackage;
import tega.plugins.openwrt.uci.UciSection;

/**
 * What is wrong with a wish although it is UCI: values that a router drops, references to what is not there, and a change of
 * addresses after which nobody could reach the router. References are only judged where the tree has the whole package that
 * they lead to.
 */
final class RouterLint {
    /** What refers to what: package, type, option; package, type of the target. */
    private record Reference(String from, String type, String option, String to, String target) {}

    private static final List<Reference> REFERENCES = List.of(
            new Reference("firewall", "zone", "network", "network", "interface"),
            new Reference("dhcp", "dhcp", "interface", "network", "interface"),
            new Reference("wireless", "wifi-iface", "network", "network", "interface"),
            new Reference("wireless", "wifi-iface", "device", "wireless", "wifi-device"),
            new Reference("network", "route", "interface", "network", "interface"),
            new Reference("network", "route6", "interface", "network", "interface"),
            new Reference("network", "rule", "in", "network", "interface"));

    private static final int LONGEST = 20_000;

    private final RouterWish wish;
    private final Path at;
    private final BiConsumer<Path, String> complaint;

    /** Tells {@code complaint} of {@code wish}, which stands at {@code at}. */
    RouterLint(RouterWish wish, Path at, BiConsumer<Path, String> complaint) {
        this.wish = wish;
        this.at = at;
        this.complaint = complaint;
    }

    /** Looks at all of it; {@code before} is the wish so far, if there is one. */
    void check(@Nullable RouterWish before) {
        wish.packages().values().forEach(wanted -> values(wanted.uci()));
        REFERENCES.forEach(this::reference);
        zones();
        if (before != null) {
            ownPath(before);
        }
    }

    private Path path(String name, UciSection section, String option) {
        return at.child(RouterWish.UCI)
                .child(name)
                .child("sections")
                .child(section.id())
                .child("options")
                .child(option);
    }

    private void values(UciPackage uci) {
        for (var section : uci.sections()) {
            section.options().forEach((option, value) -> {
                for (var item : value.items()) {
                    if (item.chars().anyMatch(c -> c < ' ' && c != '\t' && c != '\n' && c != '\r')) {
                        complaint.accept(
                                path(uci.name(), section, option),
                                "the value has a control character, which a router drops");
                    }
                    if (item.length() > LONGEST) {
                        complaint.accept(
                                path(uci.name(), section, option),
                                "the value has " + item.length() + " characters and a router takes " + LONGEST);
                    }
                }
            });
        }
    }

    private @Nullable UciPackage whole(String name) {
        var wanted = wish.packages().get(name);
        return wanted == null || wanted.ownership() != UciOwnership.PACKAGE ? null : wanted.uci();
    }

    private void reference(Reference reference) {
        var from = wish.packages().get(reference.from);
        var to = whole(reference.to);
        if (from == null || to == null) {
            return;
        }
        var there = new HashSet<String>();
        to.sections().stream()
                .filter(section -> section.type().equals(reference.target))
                .forEach(section -> there.add(section.id()));
        for (var section : from.uci().sections()) {
            var value = section.options().get(reference.option);
            if (!section.type().equals(reference.type) || value == null) {
                continue;
            }
            names(value).stream()
                    .filter(name -> !there.contains(name))
                    .forEach(name -> complaint.accept(
                            path(reference.from, section, reference.option),
                            "there is no " + reference.target + " '" + name + "' in " + reference.to));
        }
    }

    /** One value may hold several names. */
    private static List<String> names(UciOption value) {
        return value.items().stream()
                .flatMap(item -> List.of(item.strip().split("\\s+")).stream())
                .filter(name -> !name.isEmpty() && !name.startsWith("@"))
                .toList();
    }

    /** Forwardings, rules and redirects name zones by their option, not by the section. */
    private void zones() {
        var firewall = whole("firewall");
        if (firewall == null) {
            return;
        }
        Set<String> zones = new HashSet<>(Set.of("*"));
        firewall.sections().stream()
                .filter(section -> section.type().equals("zone"))
                .map(section -> section.options().get("name"))
                .forEach(name -> zones.addAll(name == null ? List.of() : name.items()));
        for (var section : firewall.sections()) {
            if (!Set.of("forwarding", "rule", "redirect").contains(section.type())) {
                continue;
            }
            for (var end : List.of("src", "dest")) {
                var value = section.options().get(end);
                if (value != null
                        && !value.list()
                        && !zones.contains(value.items().get(0))) {
                    complaint.accept(
                            path("firewall", section, end),
                            "there is no zone '" + value.items().get(0) + "' in firewall");
                }
            }
        }
    }

    private void ownPath(RouterWish before) {
        var host = host(wish.url());
        var network = whole("network");
        var old = before.packages().get("network");
        if (host.isEmpty() || network == null || old == null || !wish.url().equals(before.url())) {
            return;
        }
        if (has(old.uci(), host) && !has(network, host)) {
            complaint.accept(
                    at.child(RouterWish.UCI).child("network"),
                    "no interface has the address " + host + " any more, at which this server reaches the router:"
                            + " set device.url to the new one in the same commit");
        }
    }

    private static String host(String url) {
        var host = url.isEmpty() || url.equals(LocalUbus.URL)
                ? null
                : URI.create(url).getHost();
        return host == null ? "" : host;
    }

    private static boolean has(UciPackage network, String address) {
        return network.sections().stream()
                .filter(section -> section.type().equals("interface"))
                .map(section -> section.options().get("ipaddr"))
                .anyMatch(value -> value != null
                        && value.items().stream()
                                .anyMatch(item -> item.equals(address) || item.startsWith(address + "/")));
    }

    /** For {@link Map#of()} as for all. */
    static Path at(String root) {
        return Path.of(root, "openwrt");
    }
}
