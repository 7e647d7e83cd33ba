package tega.plugins.openwrt;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;
import tega.api.plugin.Candidate;
import tega.api.plugin.RpcCall;
import tega.plugins.openwrt.layer.Layers;
import tega.plugins.openwrt.uci.UciDifference;
import tega.plugins.openwrt.uci.UciOp;
import tega.plugins.openwrt.uci.UciPlan;

/** All routers of this server: those whose wish stands in a root {@code config-<router>}. */
final class Routers {
    private static final String PREFIX = "config-";
    private static final String OPENWRT = "openwrt";

    private final Tega tega;
    private final Function<String, Router> maker;
    private final Map<String, Router> routers = new ConcurrentHashMap<>();

    /** @param maker makes the router of a name */
    Routers(Tega tega, Function<String, Router> maker) {
        this.tega = tega;
        this.maker = maker;
    }

    /** The names of all there are now. */
    List<String> names() {
        var names = new ArrayList<String>();
        for (var root : tega.snapshot().tree().top()) {
            if (root.name().startsWith(PREFIX) && root.value() instanceof ObjectValue object && object.has(OPENWRT)) {
                names.add(root.name().substring(PREFIX.length()));
            }
        }
        return names;
    }

    Router router(String name) {
        return routers.computeIfAbsent(name, maker);
    }

    /** Looks at a commit before it happens: what it wants of routers must make sense. */
    static void guard(Candidate candidate) {
        var touched = candidate.edits().stream()
                .map(edit -> edit.path().root())
                .filter(root -> root.startsWith(PREFIX))
                .collect(Collectors.toCollection(TreeSet::new));
        if (touched.contains(Layers.TEMPLATES.root())) {
            guarded(candidate, Layers.TEMPLATES, () -> Layers.check(candidate.after()));
            using(candidate.after()).forEach(touched::add);
            if (candidate.after().get(RolloutPolicy.AT) instanceof ObjectValue rollouts) {
                rollouts.forEach(one -> guarded(
                        candidate,
                        RolloutPolicy.AT,
                        () -> RolloutPolicy.read(one.value(), RolloutPolicy.AT.child(one.name()))));
            }
        }
        for (var root : touched) {
            var at = RouterLint.at(root);
            var value = candidate.after().get(at);
            if (value != null) {
                guarded(candidate, at, () -> check(candidate, value, at));
            }
        }
    }

    private static void guarded(Candidate candidate, Path at, Runnable check) {
        try {
            check.run();
        } catch (TegaException.Invalid e) {
            refuse(candidate, e.path() == null ? at : e.path(), e.getMessage());
        }
    }

    private static void check(Candidate candidate, Value value, Path at) {
        var layers =
                Layers.read(candidate.after(), at, name(at), value instanceof ObjectValue own ? own : Value.object());
        var wish = RouterWish.read(candidate.after(), value, at);
        new RouterLint(wish, at, (path, sentence) -> refuse(candidate, layers.source(path), sentence))
                .check(earlier(candidate.before(), at));
        var rollout = wish.schedule().rollout();
        if (!rollout.isEmpty() && candidate.after().get(RolloutPolicy.AT.child(rollout)) == null) {
            refuse(
                    candidate,
                    at.child("apply").child("rollout"),
                    "there is no roll-out '" + rollout + "' in " + RolloutPolicy.AT);
        }
    }

    private static String name(Path at) {
        return at.root().substring(PREFIX.length());
    }

    /** The roots of the routers that are made of templates. */
    static List<String> using(Tree tree) {
        var roots = new ArrayList<String>();
        for (var root : tree.top()) {
            if (root.name().startsWith(PREFIX)
                    && root.value() instanceof ObjectValue object
                    && object.get(OPENWRT) instanceof ObjectValue own
                    && own.has(Layers.NAMES)) {
                roots.add(root.name());
            }
        }
        return roots;
    }

    private static void refuse(Candidate candidate, Path path, String sentence) {
        candidate.refuse(path, path + ": " + sentence);
    }

    private static @Nullable RouterWish earlier(Tree before, Path at) {
        try {
            var value = before.get(at);
            return value == null ? null : RouterWish.read(before, value, at);
        } catch (TegaException.Invalid e) {
            return null; // What was there before there was a guard is not to be judged now.
        }
    }

    /** The roll-outs that bring these routers their commits. */
    Set<String> rollouts(Collection<String> names) {
        var rollouts = new TreeSet<String>();
        names.forEach(name -> router(name).standing().ifPresent(standing -> rollouts.add(standing.rollout())));
        rollouts.remove("");
        return rollouts;
    }

    /** Answers a call of {@code openwrt.VERB}: the router first, then what the verb takes. */
    Value call(RpcCall call) {
        var router = router(text(call.args(), 0, "the name of the router"));
        return switch (call.path().last()) {
            case "adopt" ->
                Value.object(
                        "revision", Value.of(router.adopt(rest(call.args())).revision()));
            case "accept" ->
                Value.object(
                        "revision", Value.of(router.accept(rest(call.args())).revision()));
            case "reassert" -> outcome(router.reassert(rest(call.args())));
            case "origins" -> origins(router.layers());
            case "plan" -> plan(router.plan());
            case "diff" -> Value.of(router.diff(rest(call.args())));
            case "apply" -> outcome(router.apply());
            case "confirm" -> said(router, Trial.Word.CONFIRM);
            case "rollback" -> said(router, Trial.Word.ROLLBACK);
            case "drift" -> drift(router.drift());
            case "status" -> router.known();
            case "ubus" ->
                router.ubus(
                        text(call.args(), 1, "the object of the bus"),
                        text(call.args(), 2, "the method"),
                        call.args().size() > 3 && call.args().get(3) instanceof ObjectValue args
                                ? args
                                : Value.object());
            case "reboot" -> {
                router.reboot();
                yield Value.object();
            }
            default -> throw new TegaException.NotFound(call.path(), "there is no '" + call.path() + "'");
        };
    }

    private static Value said(Router router, Trial.Word word) {
        router.say(word);
        return router.known();
    }

    static String text(List<Value> args, int index, String what) {
        if (index < args.size()
                && args.get(index) instanceof StringValue text
                && !text.text().isEmpty()) {
            return text.text();
        }
        throw new TegaException.Invalid("argument " + (index + 1) + " must be " + what);
    }

    private static List<String> rest(List<Value> args) {
        var names = new ArrayList<String>();
        for (var i = 1; i < args.size(); i++) {
            names.add(text(args, i, "the name of a package"));
        }
        return names;
    }

    private static Value outcome(Trial.Outcome outcome) {
        return Value.object(Map.of(
                "state", Value.of(outcome.stage().toString()),
                "reason", Value.of(outcome.reason()),
                "ops", Value.of(outcome.ops())));
    }

    /** The concrete configuration, option by option, each with the layer that says it. */
    private static Value origins(Layers layers) {
        var rows = new ArrayList<Value>();
        layers.origins((place, origin) -> {
            var value = layers.value().get(RouterWish.UCI) instanceof ObjectValue uci
                    ? Tree.EMPTY
                            .put(Path.of(RouterWish.UCI), uci, 0)
                            .get(Path.of(
                                    RouterWish.UCI, place.name(0), "sections", place.name(1), "options", place.name(2)))
                    : null;
            rows.add(Value.object(Map.of(
                    "path", Value.of(place.toString()),
                    "value", value == null ? Value.NULL : value,
                    "from", Value.of(origin.toString()),
                    "at", Value.of(origin.at().toString()))));
        });
        return Value.array(rows);
    }

    private static Value drift(Map<String, List<UciDifference>> differences) {
        var value = new LinkedHashMap<String, Value>();
        differences.forEach((uci, list) -> value.put(uci, RouterRecord.value(list)));
        return Value.object(value);
    }

    private static Value plan(Map<String, UciPlan> plans) {
        var value = new TreeMap<String, Value>();
        plans.forEach((uci, plan) -> value.put(
                uci,
                Value.array(
                        plan.ops().stream().map(Routers::told).map(Value::of).toList())));
        return Value.object(value);
    }

    /** A step as the router's own command line would take it. */
    private static String told(UciOp op) {
        if (op instanceof UciOp.Delete delete) {
            return "delete " + delete.section();
        } else if (op instanceof UciOp.Unset unset) {
            return "delete " + unset.section() + "." + String.join(", ", unset.options());
        } else if (op instanceof UciOp.Set set) {
            return "set " + set.section() + " " + set.options().keySet();
        } else if (op instanceof UciOp.Add add) {
            return "add " + add.section().type() + " " + add.section().id() + " "
                    + add.section().options().keySet();
        } else if (op instanceof UciOp.Order order) {
            return "order " + String.join(", ", order.sections());
        }
        throw new IllegalStateException();
    }
}
