package tega.plugins.openwrt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.Value;
import tega.plugins.openwrt.uci.UciReader;
import tega.plugins.openwrt.uci.UciTree;

/** What a commit is refused for. */
class RouterLintTest {
    private static final Path AT = Path.of("config-r", "openwrt");

    private static ObjectValue wish(String url, String... packages) throws Exception {
        var uci = Value.object();
        for (var i = 0; i < packages.length; i += 2) {
            var read = UciReader.ofFiles(true).read(packages[i], packages[i + 1].getBytes(StandardCharsets.UTF_8));
            uci = uci.with(packages[i], UciTree.of(read.get(0)));
        }
        return Value.object("device", Value.object("url", Value.of(url)), "uci", uci);
    }

    private static List<String> complaints(ObjectValue before, ObjectValue after) {
        var complaints = new ArrayList<String>();
        new RouterLint(RouterWish.read(after, AT), AT, (path, sentence) -> complaints.add(path + ": " + sentence))
                .check(RouterWish.read(before, AT));
        return complaints;
    }

    @Test
    void aZoneLeadsToAnInterface() throws Exception {
        var wish = wish(
                "",
                "network",
                "config interface lan\n",
                "firewall",
                "config zone\n\toption name lan\n\tlist network 'lan'\n\tlist network 'guest'\n");
        assertThat(complaints(wish, wish))
                .containsExactly("config-r.openwrt.uci.firewall.sections._zone__1.options.network:"
                        + " there is no interface 'guest' in network");
    }

    @Test
    void aForwardingLeadsToAZone() throws Exception {
        var wish = wish(
                "",
                "firewall",
                "config zone\n\toption name lan\nconfig forwarding\n\toption src lan\n\toption dest wan\n");
        assertThat(complaints(wish, wish))
                .containsExactly("config-r.openwrt.uci.firewall.sections._forwarding__1.options.dest:"
                        + " there is no zone 'wan' in firewall");
    }

    @Test
    void nothingIsSaidOfWhatTheTreeDoesNotHave() throws Exception {
        var wish = wish("", "firewall", "config zone\n\toption name lan\n\toption network lan\n");
        assertThat(complaints(wish, wish)).isEmpty();
    }

    @Test
    void theAddressAtWhichTheRouterIsReachedStays() throws Exception {
        var before = wish("http://192.168.1.1", "network", "config interface lan\n\toption ipaddr 192.168.1.1\n");
        var after = wish("http://192.168.1.1", "network", "config interface lan\n\toption ipaddr 10.0.0.1\n");
        assertThat(complaints(before, after)).hasSize(1).first().asString().contains("set device.url");
        assertThat(complaints(
                        before, wish("http://10.0.0.1", "network", "config interface lan\n\toption ipaddr 10.0.0.1\n")))
                .isEmpty();
    }

    @Test
    void valuesThatARouterDrops() throws Exception {
        var wish = wish("", "system", "config system s\n\toption hostname 'a\u0007b'\n");
        assertThat(complaints(wish, wish))
                .containsExactly("config-r.openwrt.uci.system.sections.s.options.hostname:"
                        + " the value has a control character, which a router drops");
    }
}
