package tega.plugins.openwrt.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import tega.api.Path;
import tega.api.Tree;
import tega.api.Value;
import tega.plugins.openwrt.uci.UciOption;
import tega.plugins.openwrt.uci.UciPackage;
import tega.plugins.openwrt.uci.UciSection;
import tega.plugins.openwrt.uci.UciTree;

/** Whatever templates say: the layer that is written for a router makes exactly what the router is to have. */
class LayersProperties {
    private static UciPackage random(Random random) {
        var names = new ArrayList<>(List.of("a", "b", "c", "d", "e", "_t__1"));
        Collections.shuffle(names, random);
        var sections = new ArrayList<UciSection>();
        for (var id : names.subList(0, random.nextInt(names.size()))) {
            var options = new LinkedHashMap<String, UciOption>();
            for (var i = random.nextInt(4); i > 0; i--) {
                var value = "v" + random.nextInt(3);
                options.put(
                        "o" + random.nextInt(4),
                        random.nextBoolean() ? UciOption.of(value) : UciOption.of(List.of(value)));
            }
            sections.add(new UciSection(id, "t" + random.nextInt(2), id.startsWith("_"), options));
        }
        return new UciPackage("p", sections);
    }

    @Property(tries = 1000)
    void theLeastLayerMakesTheGoal(@ForAll long seed) {
        var random = new Random(seed);
        var tree = Tree.EMPTY;
        for (var name : List.of("one", "two")) {
            var template = Value.object("uci", Value.object("p", UciTree.of(random(random))));
            tree = tree.put(Layers.TEMPLATES.child(name), template, 1);
        }
        var at = Path.of("config-r", "openwrt");
        var own = Value.object("templates", Value.array(Value.of("one"), Value.of("two")));
        var goal = UciTree.of(random(random));
        var layer = Layers.read(tree, at, "r", own).over("p", goal);
        var layers = Layers.read(tree, at, "r", own.with("uci", Value.object("p", layer)));
        var made = Tree.EMPTY.put(Path.of("x"), layers.value(), 1).get(Path.of("x", "uci", "p"));
        assertThat(UciTree.read("p", made, at)).isEqualTo(UciTree.read("p", goal, at));
    }
}
