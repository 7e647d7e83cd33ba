package tega.plugins.openwrt;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tega.api.ArrayValue;
import tega.api.BooleanValue;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Tree;
import tega.api.Value;
import tega.plugins.openwrt.layer.Layers;

/**
 * What the tree wants of one router: {@code config-<router>.openwrt}.
 *
 * @param enabled whether commits are applied by themselves
 * @param url where its bus is reached
 * @param user who tega is there
 * @param secret where the password is: {@code file:NAME} or {@code env:NAME}, never the password
 * @param fingerprint of its certificate, "" when none is pinned
 * @param window how long a trial lasts
 * @param proofs how many round trips in a row prove it
 * @param controller whether the global server must answer too
 * @param manual whether a person confirms instead
 * @param drift what is done about changes that others made: report, reassert or accept
 * @param schedule when commits are applied by themselves
 * @param packages by name, in the order in which they are applied
 */
record RouterWish(
        boolean enabled,
        String url,
        String user,
        String secret,
        String fingerprint,
        Duration window,
        int proofs,
        boolean controller,
        boolean manual,
        String drift,
        Schedule schedule,
        Map<String, Wanted> packages) {
    /** Where the packages stand. */
    static final String UCI = "uci";

    private static final String DEVICE = "device";
    private static final String APPLY = "apply";

    /** The map is copied, order included. */
    RouterWish {
        packages = Collections.unmodifiableMap(new LinkedHashMap<>(packages));
    }

    /**
     * Reads it with the templates that it names.
     *
     * @param tree where these are
     * @throws TegaException.Invalid with the path of what is wrong, in the layer that says it
     */
    static RouterWish read(Tree tree, Value value, Path at) {
        var layers = Layers.read(tree, at, at.root().substring("config-".length()), object(value, at));
        try {
            return read(layers.value(), at);
        } catch (TegaException.Invalid e) {
            var path = e.path();
            if (path == null || layers.source(path).equals(path)) {
                throw e;
            }
            throw new TegaException.Invalid(layers.source(path), e.getMessage());
        }
    }

    /** The same of these packages alone, in this order of theirs; of all when none is named. */
    RouterWish only(List<String> names) {
        for (var one : names) {
            if (!packages.containsKey(one)) {
                throw new TegaException.NotFound("nothing is wanted of '" + one + "' yet: adopt it first");
            }
        }
        var chosen = new LinkedHashMap<>(packages);
        chosen.keySet().removeIf(one -> !names.isEmpty() && !names.contains(one));
        return with(chosen);
    }

    /** The same of other packages. */
    RouterWish with(Map<String, Wanted> others) {
        return new RouterWish(
                enabled, url, user, secret, fingerprint, window, proofs, controller, manual, drift, schedule, others);
    }

    private static ObjectValue object(Value value, Path at) {
        if (value instanceof ObjectValue object) {
            return object;
        }
        throw new TegaException.Invalid(at, "this must be an object and is " + value.kind());
    }

    /**
     * Reads what stands alone.
     *
     * @throws TegaException.Invalid with the path of what is wrong
     */
    static RouterWish read(Value value, Path at) {
        var object = object(value, at, Set.of("enabled", DEVICE, APPLY, "drift", UCI));
        var device = object(object.get(DEVICE), at.child(DEVICE), Set.of("url", "user", "secret", "fingerprint"));
        var apply = object(
                object.get(APPLY),
                at.child(APPLY),
                Set.of("confirm-timeout", "probe", "confirm", "order", "at", "rollout"));
        var probe = object(apply.get("probe"), at.child(APPLY).child("probe"), Set.of("kind", "for"));
        var drift = text(object, "drift", "report", at);
        if (!Set.of("report", "reassert", "accept").contains(drift)) {
            throw new TegaException.Invalid(at.child("drift"), "this must be report, reassert or accept");
        }
        var kind = text(probe, "kind", "controller", at.child(APPLY).child("probe"));
        if (!Set.of("controller", "none").contains(kind)) {
            throw new TegaException.Invalid(
                    at.child(APPLY).child("probe").child("kind"), "this must be controller or none");
        }
        var url = text(device, "url", "", at.child(DEVICE));
        if (!url.isEmpty() && !url.equals(LocalUbus.URL) && !url.matches("https?://[^/]+/?(ubus)?")) {
            throw new TegaException.Invalid(
                    at.child(DEVICE).child("url"),
                    "'" + url
                            + "' is no address of a router: http://HOST, https://HOST, or local: for the one this server runs on");
        }
        return new RouterWish(
                Value.of(true).equals(object.get("enabled")),
                url,
                text(device, "user", "tega", at.child(DEVICE)),
                text(device, "secret", "", at.child(DEVICE)),
                text(device, "fingerprint", "", at.child(DEVICE)),
                Duration.ofSeconds(number(apply, "confirm-timeout", 60, 5, 3600, at.child(APPLY))),
                number(probe, "for", 3, 1, 100, at.child(APPLY).child("probe")),
                kind.equals("controller"),
                text(apply, "confirm", "automatic", at.child(APPLY)).equals("manual"),
                drift,
                new Schedule(instant(apply, at.child(APPLY)), text(apply, "rollout", "", at.child(APPLY))),
                packages(object.get(UCI), apply.get("order"), at));
    }

    private static Map<String, Wanted> packages(@Nullable Value value, @Nullable Value order, Path at) {
        var packages = new LinkedHashMap<String, Wanted>();
        if (value == null) {
            return packages;
        }
        if (!(value instanceof ObjectValue all)) {
            throw new TegaException.Invalid(at.child(UCI), "this must be an object of packages and is " + value.kind());
        }
        for (var name : order(order)) {
            if (all.has(name)) {
                packages.put(
                        name,
                        Wanted.read(
                                name,
                                Objects.requireNonNull(all.get(name)),
                                at.child(UCI).child(name)));
            }
        }
        for (var member : all) {
            if (!packages.containsKey(member.name())) {
                packages.put(
                        member.name(),
                        Wanted.read(member.name(), member.value(), at.child(UCI).child(member.name())));
            }
        }
        return packages;
    }

    private static List<String> order(@Nullable Value order) {
        var names = new ArrayList<String>();
        if (order instanceof ArrayValue array) {
            array.forEach(item -> names.add(item instanceof StringValue text ? text.text() : ""));
        }
        return names;
    }

    private static ObjectValue object(@Nullable Value value, Path at, Set<String> known) {
        if (value == null) {
            return Value.object();
        }
        if (!(value instanceof ObjectValue object)) {
            throw new TegaException.Invalid(at, "this must be an object and is " + value.kind());
        }
        for (var member : object) {
            if (!known.contains(member.name())) {
                throw new TegaException.Invalid(
                        at.child(member.name()),
                        "there is no such setting; known are "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        }
        var enabled = object.get("enabled");
        if (enabled != null && !(enabled instanceof BooleanValue)) {
            throw new TegaException.Invalid(at.child("enabled"), "this must be true or false");
        }
        return object;
    }

    private static String text(ObjectValue object, String name, String otherwise, Path at) {
        var value = object.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof StringValue text) {
            return text.text();
        }
        throw new TegaException.Invalid(at.child(name), "this must be a string and is " + value.kind());
    }

    private static Instant instant(ObjectValue apply, Path at) {
        var text = text(apply, "at", "", at);
        try {
            return text.isEmpty() ? Instant.MIN : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new TegaException.Invalid(at.child("at"), "'" + text + "' is no time such as 2026-01-31T02:00:00Z");
        }
    }

    private static int number(ObjectValue object, String name, int otherwise, int least, int most, Path at) {
        var value = object.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof NumberValue number && number.longValue() >= least && number.longValue() <= most) {
            return (int) number.longValue();
        }
        throw new TegaException.Invalid(
                at.child(name), "this must be a number from " + least + " to " + most + " and is " + value);
    }
}
