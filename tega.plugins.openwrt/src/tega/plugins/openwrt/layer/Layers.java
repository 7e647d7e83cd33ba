package tega.plugins.openwrt.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.NullValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;

/**
 * The layers of one router: the templates that {@code config-<router>.openwrt.templates} names, each after those it is made of,
 * and the router's own on top. A template stands at {@code config-openwrt.templates.<name>}:
 *
 * <pre>{@code
 * {"uses": ["base"],
 *  "variables": {"ssid": {"type": "text", "default": "guest"}},
 *  "apply": {"confirm-timeout": 90}, "drift": "reassert",
 *  "uci": {"wireless": {"sections": {"ap": {"type": "wifi-iface", "options": {"ssid": "{{ssid}}"}}}}}}
 * }</pre>
 *
 * Immutable once read.
 */
public final class Layers {
    /** Where the templates stand. */
    public static final Path TEMPLATES = Path.of("config-openwrt", "templates");

    /** The member of a router that names its templates. */
    public static final String NAMES = "templates";

    private static final String VARIABLES = "variables";
    private static final String USES = "uses";
    private static final String UCI = "uci";
    private static final String APPLY = "apply";
    private static final String DRIFT = "drift";
    private static final Set<String> KNOWN = Set.of(USES, VARIABLES, APPLY, DRIFT, UCI);
    private static final int MOST = 64;

    private record Layer(String name, Path at, ObjectValue value) {}

    private final Path at;
    private final ObjectValue own;
    private final List<Layer> templates;
    private final Map<String, LayeredPackage> below = new TreeMap<>();
    private final Map<String, LayeredPackage> all = new TreeMap<>();
    private final ObjectValue value;

    private Layers(Path at, String router, ObjectValue own, List<Layer> templates) {
        this.at = at;
        this.own = own;
        this.templates = templates;
        if (templates.isEmpty()) {
            if (own.has(VARIABLES)) {
                throw new TegaException.Invalid(
                        at.child(VARIABLES), "a router without templates has no variables: add 'templates'");
            }
            this.value = own.without(NAMES);
        } else {
            var variables = new Variables(router);
            templates.forEach(
                    layer -> variables.declare(layer.value.get(VARIABLES), layer.at.child(VARIABLES), layer.name));
            variables.say(own.get(VARIABLES), at.child(VARIABLES), router);
            for (var layer : templates) {
                lay(below, layer, variables);
                lay(all, layer, variables);
            }
            lay(all, new Layer(router, at, own), null);
            this.value = together();
        }
    }

    /**
     * Reads the layers of the router whose configuration {@code own} stands at {@code at}.
     *
     * @throws TegaException.Invalid when they do not make sense together, with the path of what is wrong
     */
    public static Layers read(Tree tree, Path at, String router, ObjectValue own) {
        var templates = new ArrayList<Layer>();
        var names = own.get(NAMES);
        if (names != null) {
            collect(tree, names, at.child(NAMES), new LinkedHashSet<>(), new LinkedHashSet<>(), templates);
        }
        return new Layers(at, router, own, templates);
    }

    /** Looks at the templates themselves: what they are made of is there, not in a circle, and their members are known. */
    public static void check(Tree tree) {
        if (tree.get(TEMPLATES) instanceof ObjectValue there) {
            for (var template : there) {
                var layers = new ArrayList<Layer>();
                collect(
                        tree,
                        Value.array(Value.of(template.name())),
                        TEMPLATES.child(template.name()),
                        new LinkedHashSet<>(),
                        new LinkedHashSet<>(),
                        layers);
                var variables = new Variables("");
                layers.forEach(
                        layer -> variables.declare(layer.value.get(VARIABLES), layer.at.child(VARIABLES), layer.name));
            }
        }
    }

    /** Depth first, left to right, each once: what a template is made of stands below it. */
    private static void collect(
            Tree tree, Value names, Path at, Set<String> open, Set<String> done, List<Layer> layers) {
        if (!(names instanceof ArrayValue array)) {
            throw new TegaException.Invalid(at, "this must be a list of names of templates and is " + names.kind());
        }
        for (var item : array) {
            var name = item instanceof StringValue text ? text.text() : "";
            if (open.contains(name)) {
                throw new TegaException.Invalid(at, "the templates are made of each other: " + String.join(", ", open));
            }
            if (name.isEmpty() || !(tree.get(TEMPLATES.child(name)) instanceof ObjectValue value)) {
                throw new TegaException.Invalid(at, "there is no template " + item + " in " + TEMPLATES);
            }
            if (done.contains(name)) {
                continue;
            }
            if (done.size() >= MOST) {
                throw new TegaException.Invalid(at, "more than " + MOST + " templates make one router");
            }
            var place = TEMPLATES.child(name);
            for (var member : value) {
                if (!KNOWN.contains(member.name())) {
                    throw new TegaException.Invalid(
                            place.child(member.name()),
                            "there is no such member; apply, drift, uci, uses and variables are known");
                }
            }
            open.add(name);
            var uses = value.get(USES);
            if (uses != null) {
                collect(tree, uses, place.child(USES), open, done, layers);
            }
            open.remove(name);
            done.add(name);
            layers.add(new Layer(name, place, value));
        }
    }

    private static void lay(Map<String, LayeredPackage> to, Layer layer, @Nullable Variables variables) {
        var uci = layer.value.get(UCI);
        if (uci == null) {
            return;
        }
        var at = layer.at.child(UCI);
        for (var one : object(uci, at)) {
            if (one.value() instanceof NullValue) {
                to.remove(one.name());
            } else {
                to.computeIfAbsent(one.name(), name -> new LayeredPackage())
                        .add(object(one.value(), at.child(one.name())), at.child(one.name()), layer.name, variables);
            }
        }
    }

    private ObjectValue together() {
        var value = own.without(NAMES).without(VARIABLES);
        var apply = Value.object();
        for (var layer : templates) {
            apply = merged(apply, layer.value.get(APPLY), layer.at.child(APPLY));
            var drift = layer.value.get(DRIFT);
            if (drift != null && !own.has(DRIFT)) {
                value = value.with(DRIFT, drift);
            }
        }
        var packages = new LinkedHashMap<String, Value>();
        all.forEach((name, one) -> packages.put(name, one.value()));
        return value.with(APPLY, merged(apply, own.get(APPLY), at.child(APPLY))).with(UCI, Value.object(packages));
    }

    private static ObjectValue merged(ObjectValue below, @Nullable Value said, Path at) {
        var merged = below;
        if (said != null) {
            for (var member : object(said, at)) {
                merged = merged.with(member.name(), member.value());
            }
        }
        return merged;
    }

    private static ObjectValue object(Value value, Path at) {
        if (value instanceof ObjectValue object) {
            return object;
        }
        throw new TegaException.Invalid(at, "this must be an object and is " + value.kind());
    }

    /** What all layers say together, in the shape of a router without templates. */
    public ObjectValue value() {
        return value;
    }

    /** Whether there is any template. */
    public boolean isLayered() {
        return !templates.isEmpty();
    }

    /** The least that the router's own layer must say of a package so that all layers together say {@code goal}. */
    public ObjectValue over(String uci, ObjectValue goal) {
        var lower = below.get(uci);
        return lower == null ? goal : lower.over(goal);
    }

    /** Tells where each option comes from, by {@code package.section.option}. */
    public void origins(BiConsumer<Path, Origin> to) {
        var layers = all;
        if (!isLayered()) {
            layers = new TreeMap<>();
            lay(layers, new Layer(Objects.requireNonNull(at.root()).replaceFirst("^config-", ""), at, own), null);
        }
        layers.forEach((name, one) ->
                one.origins((path, origin) -> to.accept(Path.of(name).append(path), origin)));
    }

    /** Where the value comes from that stands at {@code path} of what all say together; the same path when none says it. */
    public Path source(Path path) {
        var found = new Path[] {path};
        if (isLayered()) {
            origins((place, origin) -> {
                var shown = at.child(UCI)
                        .child(place.name(0))
                        .child("sections")
                        .child(place.name(1))
                        .child("options")
                        .child(place.name(2));
                if (shown.equals(path)) {
                    found[0] = origin.at();
                }
            });
        }
        return found[0];
    }
}
