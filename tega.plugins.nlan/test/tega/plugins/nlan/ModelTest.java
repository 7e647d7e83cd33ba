package tega.plugins.nlan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tega.api.ArrayValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.PathPattern;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;
import tega.json.Json;
import tega.plugins.net.Realm;
import tega.plugins.net.Space;
import tega.store.TegaStore;

/** What is read of the tree, and what is said of it before anything is made. */
class ModelTest {
    @TempDir
    java.nio.file.Path folder;

    private static ObjectValue wan() {
        return Topologies.wan(Machine.addresses(Topologies.WAN), true);
    }

    private static List<RouterModel> read(ObjectValue routers) {
        var models = new ArrayList<RouterModel>();
        routers.forEach(router -> models.add(RouterModel.read(router.name(), router.value())));
        return models;
    }

    /** One provider edge names itself in place of another: the other's floods arrive, its own do not. */
    private static ObjectValue withTheFault() {
        var routers = wan();
        var pe2 = (ObjectValue) routers.get("pe2");
        var text = pe2.toString();
        var at = text.indexOf("\"10.200.2.102/24\",\"Peers\":[\"10.10.10.1\"");
        assertThat(at).isPositive();
        var end = text.indexOf("10.10.10.1\"", at);
        return routers.with(
                "pe2", new Json().readJson(text.substring(0, end) + "10.10.10.2" + text.substring(end + 10)));
    }

    @Test
    void nothingIsWrongWithTheWideAreaNetwork() {
        assertThat(Lint.of(read(wan()))).isEmpty();
        assertThat(Lint.of(read(Topologies.fabric(Machine.addresses(Topologies.fabric(6, 2)), 6, 2))))
                .isEmpty();
    }

    @Test
    void theFaultIsFound() {
        assertThat(Lint.of(read(withTheFault())).stream().map(Object::toString).toList())
                .contains("config-pe2.Ptn.wan.L2Vpn.1.Peers: 10.10.10.2 is the router itself and no peer of its own;"
                        + " 10.10.10.1 may be meant")
                .contains("config-pe1.Ptn.wan.L2Vpn.1.Peers: 'pe2' does not list 10.10.10.1 as a peer of VNI 2:"
                        + " what it floods does not come here");
    }

    @Test
    void theFaultIsRefusedAtCommit() throws Exception {
        try (var tega = TegaStore.open(folder)) {
            tega.guard("labs", List.of(PathPattern.parse("*.Ptn")), Labs::guard);
            assertThatThrownBy(() -> {
                        try (var transaction = tega.begin()) {
                            withTheFault()
                                    .forEach(router ->
                                            transaction.put(Path.of("config-" + router.name()), router.value()));
                            transaction.commit();
                        }
                    })
                    .isInstanceOf(TegaException.Vetoed.class)
                    .hasMessageContaining("10.10.10.1 may be meant");
            assertThat(tega.snapshot().revision()).isZero();
        }
    }

    @Test
    void theListOfTheYearsBeforeIsRead() {
        var named = wan();
        var ce1 = (ObjectValue) named.get("ce1");
        var access = (ObjectValue) ((ObjectValue) ce1.get("Ptn")).get("access");
        var listed = ce1.with("Ptn", Value.object("Networks", Value.array(access.with("Id", Value.of("access")))));
        var model = RouterModel.read("ce1", listed);
        assertThat(model.ptns().get(0).vpns().stream()
                        .map(RouterModel.L2Vpn::vni)
                        .toList())
                .containsExactly(111L, 211L);
        assertThat(model.ptns().get(0).name()).isEqualTo("access");
    }

    @Test
    void whatIsWrongIsToldWithItsPath() {
        assertThatThrownBy(() ->
                        RouterModel.read("r1", Value.object("Router", Value.object("Loopback", Value.of("10.1.1.1")))))
                .hasMessage(
                        "config-r1.Router.Loopback: '10.1.1.1' is no IPv4 address with a length, such as 10.1.1.1/24");
        assertThatThrownBy(() -> RouterModel.read("r1", Value.object("Router", Value.object("Rip", Value.of(1)))))
                .hasMessageContaining("known are Loopback, Static, Ospf, Bgp");
        assertThatThrownBy(() -> RouterModel.read("r 1; reboot", Value.object()))
                .hasMessageContaining("is no name");
    }

    @Test
    void addressesAreKept() {
        var first = Ip.parse("10.10.10.1/30");
        var two = Ipam.assign(first, List.of("a", "b"), Map.of());
        assertThat(two).hasToString("{a=10.10.10.1/30, b=10.10.10.2/30}");
        assertThat(Ipam.assign(first, List.of("b", "a"), two)).isEqualTo(two);
        assertThatThrownBy(() -> Ipam.assign(first, List.of("c"), two))
                .isInstanceOf(TegaException.LimitExceeded.class)
                .hasMessageContaining("'c'");
        assertThatThrownBy(() -> Ipam.distinct(List.of("a", "a"))).hasMessageContaining("twice");
    }

    @Test
    void templatesAreFilledAndRunNothing() {
        var template = new Template(Map.of("pe1", "10.10.10.1", "pe2", "10.10.10.2"));
        assertThat(
                        template.fill(
                                "a: ${pe1}\nb: ${peers(pe1, pe2)}\nc: ${next(10.1.1.1, 4)}\nd: ${host(172.21.0.0/16, 5)}\n# ${x}"))
                .isEqualTo("a: 10.10.10.1\nb: [10.10.10.1, 10.10.10.2]\nc: 10.1.1.5\nd: 172.21.0.5\n# ${x}\n");
        assertThatThrownBy(() -> template.fill("x: 1\ny: ${pe9}"))
                .hasMessageContaining("line 2")
                .hasMessageContaining("'pe9'");
        assertThatThrownBy(() -> template.fill("${__import__(os)}")).isInstanceOf(TegaException.Invalid.class);
    }

    @Test
    void theRoutersDaemonsAreToldEverything() {
        var rr = RouterModel.read("rr", wan().get("rr"));
        var frr = FrrText.of(rr);
        assertThat(frr.daemons()).containsExactly("bfdd", "bgpd", "zebra");
        assertThat(frr.text())
                .contains("router bgp 100", " no bgp ebgp-requires-policy", " neighbor 10.200.1.101 bfd profile tega")
                .contains("  neighbor 10.200.1.104 route-reflector-client");
    }

    @Test
    void namesFitIntoWhatTheKernelTakes() {
        var model = RouterModel.read(
                "r1",
                Value.object(
                        "Vhosts",
                        Value.object(
                                "VhostProps",
                                Value.array(Value.object(
                                        "Network", Value.of("192.168.100.100/24"), "Vhosts", Value.of(2))))));
        var network = RouterNetwork.of(new Realm("lab"), model, "lab--r1", Space.EMPTY);
        network.spaces().values().forEach(space -> assertThat(space.links().keySet())
                .allSatisfy(name -> assertThat(name).hasSizeLessThanOrEqualTo(15)));
        assertThat(network.spaces().keySet()).contains("lab--r1.192.168.100.101", "lab--r1.192.168.100.102");
    }

    @Test
    void thePictureHasEveryRouterAndEveryLink() throws Exception {
        var graph = Graph.of(read(wan()), Tree.EMPTY);
        assertThat(((ArrayValue) graph.topo().get("nodes")).size()).isEqualTo(9);
        assertThat(((ArrayValue) graph.topo().get("edges")).size()).isEqualTo(18);
        var svg = Svg.of(graph);
        var read = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(read.getElementsByTagName("rect").getLength()).isEqualTo(1 + 9 + 8);
        assertThat(graph.dot()).contains("\"ce1\" -- \"pe1\"");
    }
}
