package tega.plugins.openwrt.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;
import tega.json.Json;

/** Templates on each other and the router on top. */
class LayersTest {
    private static final Path AT = Path.of("config-r1", "openwrt");

    private Tree tree = Tree.EMPTY;

    private static Value json(String text) {
        return new Json().readJson(text.replace('\'', '"'));
    }

    private void template(String name, String text) {
        tree = tree.put(Layers.TEMPLATES.child(name), json(text), 1);
    }

    private Layers router(String text) {
        return Layers.read(tree, AT, "r1", (ObjectValue) json(text));
    }

    private static String uci(Layers layers, String... names) {
        return String.valueOf(Tree.EMPTY
                .put(Path.of("x"), layers.value(), 1)
                .get(Path.of("x", "uci").append(Path.of(names))));
    }

    private static List<String> origins(Layers layers) {
        var told = new ArrayList<String>();
        layers.origins((place, origin) -> told.add(place + " " + origin + " " + origin.at()));
        return told;
    }

    @Test
    void aRouterWithoutTemplatesIsWhatItSays() {
        var own =
                "{'enabled':true,'uci':{'network':{'sections':{'lan':{'type':'interface','options':{'a':'{{b}}'}}}}}}";
        assertThat(router(own).value()).isEqualTo(json(own));
        assertThat(origins(router(own)))
                .containsExactly("network.lan.a r1 config-r1.openwrt.uci.network.sections.lan.options.a");
    }

    @Test
    void theUpperLayerSaysWhatTheLowerDoesNotOrOtherwise() {
        template(
                "base",
                "{'uci':{'system':{'sections':{'s':{'type':'system','options':{'hostname':'x','zone':'UTC','log':'1'}}}}}}");
        template("office", "{'uses':['base'],'uci':{'system':{'sections':{'s':{'options':{'zone':'JST-9'}}}}}}");
        var layers = router(
                "{'templates':['office'],'uci':{'system':{'sections':{'s':{'options':{'hostname':'r1','log':null}}}}}}");
        assertThat(uci(layers, "system", "sections", "s"))
                .isEqualTo("{\"options\":{\"hostname\":\"r1\",\"zone\":\"JST-9\"},\"type\":\"system\"}");
        assertThat(origins(layers))
                .containsExactly(
                        "system.s.hostname r1 config-r1.openwrt.uci.system.sections.s.options.hostname",
                        "system.s.zone office config-openwrt.templates.office.uci.system.sections.s.options.zone");
    }

    @Test
    void variablesAreFilledAndListsStayLists() {
        template(
                "wifi",
                "{'variables':{'ssid':{},'dns':{'type':'address','default':['1.1.1.1','9.9.9.9']},'key':{'default':''}},"
                        + "'uci':{'w':{'sections':{'ap':{'type':'t','options':{'ssid':'{{ ssid }} at {{router}}','dns':'{{dns}}',"
                        + "'line':'{{dns}}!','more':['0.0.0.0','{{dns}}'],'key':'{{key}}','raw':'{{{{x}}'}}}}}}");
        var layers = router("{'templates':['wifi'],'variables':{'ssid':'hall'}}");
        assertThat(uci(layers, "w", "sections", "ap", "options"))
                .isEqualTo("{\"dns\":[\"1.1.1.1\",\"9.9.9.9\"],\"line\":\"1.1.1.1 9.9.9.9!\","
                        + "\"more\":[\"0.0.0.0\",\"1.1.1.1\",\"9.9.9.9\"],\"raw\":\"{{x}}\",\"ssid\":\"hall at r1\"}");
        assertThat(origins(layers).get(4))
                .isEqualTo(
                        "w.ap.ssid wifi with ssid, router config-openwrt.templates.wifi.uci.w.sections.ap.options.ssid");
    }

    @Test
    void settingsAreInheritedToo() {
        template("base", "{'apply':{'confirm-timeout':90,'at':'x'},'drift':'reassert'}");
        var value = router("{'templates':['base'],'apply':{'at':'y'}}").value();
        assertThat(value.get("apply")).isEqualTo(json("{'confirm-timeout':90,'at':'y'}"));
        assertThat(value.get("drift")).isEqualTo(Value.of("reassert"));
        assertThat(router("{'templates':['base'],'drift':'report'}").value().get("drift"))
                .isEqualTo(Value.of("report"));
    }

    @Test
    void whatBothAreMadeOfIsLaidOnce() {
        template("base", "{'uci':{'s':{'sections':{'a':{'type':'t','options':{'x':'base'}}}}}}");
        template("left", "{'uses':['base'],'uci':{'s':{'sections':{'a':{'options':{'x':'left'}}}}}}");
        template("right", "{'uses':['base'],'uci':{'s':{'sections':{'a':{'options':{'y':'right'}}}}}}");
        assertThat(uci(router("{'templates':['left','right']}"), "s", "sections", "a", "options"))
                .isEqualTo("{\"x\":\"left\",\"y\":\"right\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'templates':['none']}|config-r1.openwrt.templates|there is no template \"none\" in config-openwrt.templates",
                "{'templates':'w'}|config-r1.openwrt.templates|this must be a list of names of templates and is string",
                "{'templates':['loop']}|config-openwrt.templates.pool.uses|the templates are made of each other: loop, pool",
                "{'templates':['odd']}|config-openwrt.templates.odd.uic|there is no such member; apply, drift, uci, uses and variables are known",
                "{'variables':{'a':1}}|config-r1.openwrt.variables|a router without templates has no variables: add 'templates'",
                "{'templates':['w'],'variables':{'b':1}}|config-r1.openwrt.variables.b|no template of this router has a variable 'b'",
                "{'templates':['w']}|config-openwrt.templates.w.uci.p.sections.s.options.o|the variable 'a' has no value: set it at the router's openwrt.variables.a",
                "{'templates':['w'],'variables':{'a':'10.0.0.256'}}|config-r1.openwrt.variables.a|'10.0.0.256' is not an IPv4 or IPv6 address",
                "{'templates':['w'],'variables':{'a':{}}}|config-r1.openwrt.variables.a|a variable is a string, a number, true, false, or a list of these",
                "{'templates':['hole']}|config-openwrt.templates.hole.uci.p.sections.s.options.o|no template declares the variable 'z' that stands here",
                "{'templates':['w'],'variables':{'a':'::1'},'uci':{'p':{'order':['q']}}}|config-r1.openwrt.uci.p.order|the order names the section \"q\", which does not exist",
            })
    void whatMakesNoSenseIsToldWithItsPath(String router, String path, String sentence) {
        template(
                "w",
                "{'variables':{'a':{'type':'address'}},'uci':{'p':{'sections':{'s':{'type':'t','options':{'o':'{{a}}'}}}}}}");
        template("hole", "{'uci':{'p':{'sections':{'s':{'type':'t','options':{'o':'{{z}}'}}}}}}");
        template("loop", "{'uses':['pool']}");
        template("pool", "{'uses':['loop']}");
        template("odd", "{'uic':{}}");
        assertThatThrownBy(() -> router(router))
                .isInstanceOf(TegaException.Invalid.class)
                .hasMessage(sentence)
                .satisfies(e -> assertThat(((TegaException) e).path()).hasToString(path));
    }

    @ParameterizedTest
    @CsvSource({
        "address, 192.0.2.1, true",
        "address, 192.0.2.01, true",
        "address, ::, true",
        "address, 2001:db8::1, true",
        "address, 1:2:3:4:5:6:7:8, true",
        "address, 1:2:3:4:5:6:7, false",
        "address, 1::2::3, false",
        "address, 1:2:3:4:5:6:7:8:9, false",
        "network, 10.0.0.0/8, true",
        "network, 10.0.0.0/33, false",
        "network, 2001:db8::/32, true",
        "network, ::/129, false",
        "number, -12, true",
        "number, 1.5, false",
        "mac, 02:00:00:00:00:0a, true",
        "mac, 02:00:00:00:00, false",
        "hostname, a-b.example, true",
        "hostname, -a, false",
        "hostname, a_b, false",
        "text, anything, true"
    })
    void aVariableIsOfItsType(String type, String value, boolean taken) {
        template("t", "{'variables':{'v':{'type':'" + type + "'}}}");
        var text = "{'templates':['t'],'variables':{'v':'" + value + "'}}";
        if (taken) {
            router(text);
        } else {
            assertThatThrownBy(() -> router(text)).isInstanceOf(TegaException.Invalid.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a b c, '', , a b c",
        "a b c, c a, , c b a",
        "a b c, b x, x, a b x c",
        "a b c, x b, x, a x b c",
        "a b c, '', x, a b c x",
        "a b c, c x b y a, x y, c x b y a",
    })
    void sectionsStandAsTheUpperLayerSays(String below, String said, String fresh, String expected) {
        var there = new ArrayList<>(List.of(below.split(" ")));
        if (fresh != null) {
            there.addAll(List.of(fresh.split(" ")));
        }
        assertThat(String.join(
                        " ",
                        SectionOrder.of(
                                List.of(below.split(" ")),
                                said.isEmpty() ? List.of() : List.of(said.split(" ")),
                                there)))
                .isEqualTo(expected);
    }

    @Test
    void circlesAreFoundWithoutARouter() {
        template("loop", "{'uses':['pool']}");
        template("pool", "{'uses':['loop']}");
        assertThatThrownBy(() -> Layers.check(tree)).hasMessageContaining("made of each other");
    }
}
