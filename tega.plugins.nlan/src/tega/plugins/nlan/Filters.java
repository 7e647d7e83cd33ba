package tega.plugins.nlan;

import java.util.Map;
import java.util.TreeMap;

/** The packet filter of a router: what is done to its links, and gateways that are everywhere; written as {@code nft -s list} writes. */
final class Filters {
    private Filters() {}

    static Map<String, String> of(RouterModel router) {
        var tables = new TreeMap<String, String>();
        var from = new StringBuilder();
        var to = new StringBuilder();
        for (var ptn : router.ptns()) {
            ptn.impairs().forEach((peer, impair) -> {
                rules(from, "ip saddr " + peer, impair);
                rules(to, "ip daddr " + peer, impair);
            });
        }
        if (!from.isEmpty()) {
            tables.put("inet", chain("in", "input", from) + "\n" + chain("out", "output", to));
        }
        var gateways = new StringBuilder();
        for (var subnet : router.subnets()) {
            if (subnet.mode() == RouterModel.Mode.DVR) {
                // Each router answers its own hosts: nobody is to ask another one for the gateway.
                var tunnel = "iifname \"" + Names.tunnel(subnet.vni()) + "\"";
                var other = "oifname \"" + Names.tunnel(subnet.vni()) + "\"";
                var address = subnet.gateway().address();
                gateways.append("\t\t")
                        .append(tunnel)
                        .append(" arp operation request arp daddr ip ")
                        .append(address)
                        .append(" drop\n");
                gateways.append("\t\t")
                        .append(other)
                        .append(" arp operation request arp daddr ip ")
                        .append(address)
                        .append(" drop\n");
            }
        }
        if (!gateways.isEmpty()) {
            tables.put(
                    "bridge",
                    chain("across", "forward", gateways) + "\n" + chain("in", "input", gateways) + "\n"
                            + chain("out", "output", gateways));
        }
        return tables;
    }

    private static void rules(StringBuilder rules, String peer, RouterModel.Impair impair) {
        if (impair.down()) {
            rules.append("\t\t").append(peer).append(" drop\n");
            return;
        }
        if (impair.loss() > 0) {
            rules.append("\t\t").append(peer);
            rules.append(" numgen random mod 100 < ").append(impair.loss()).append(" drop\n");
        }
        if (impair.rate() > 0) {
            // A kbyte of nft has 1024 bytes, and it writes 1024 of them as one mbyte.
            var kbytes = impair.rate() * 125_000 / 1024;
            rules.append("\t\t").append(peer).append(" limit rate over ");
            rules.append(kbytes % 1024 == 0 ? kbytes + 1 : kbytes).append(" kbytes/second burst 64 kbytes drop\n");
        }
    }

    private static String chain(String name, String hook, StringBuilder rules) {
        return "\tchain " + name + " {\n\t\ttype filter hook " + hook + " priority filter; policy accept;\n" + rules
                + "\t}\n";
    }
}
