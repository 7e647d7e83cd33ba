package tega.plugins.openwrt;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tega.api.ArrayValue;
import tega.api.NumberValue;
import tega.api.ObjectValue;
import tega.api.StringValue;
import tega.api.Value;
import tega.plugins.openwrt.uci.UciOp;
import tega.plugins.openwrt.uci.UciOption;
import tega.plugins.openwrt.uci.UciPackage;
import tega.plugins.openwrt.uci.UciPlan;
import tega.plugins.openwrt.uci.UciSection;
import tega.plugins.openwrt.uci.UciTree;

/**
 * The {@code uci} object of a router's bus. What is staged is seen by this session alone until {@link #apply}. The object
 * takes 64 KiB of a request, so options go in portions, and texts only: it would make 4294967295 of -1.
 */
final class RouterUci {
    private static final String UCI = "uci";
    private static final String CONFIG = "config";
    private static final String SECTION = "section";
    private static final int PORTION = 24_000;

    private final Ubus bus;

    RouterUci(Ubus bus) {
        this.bus = bus;
    }

    /** The package as this session sees it, empty when the router has no such file. */
    UciPackage read(String name) throws IOException {
        ObjectValue answer;
        try {
            answer = bus.call(UCI, "get", Value.object(CONFIG, Value.of(name)));
        } catch (Ubus.Refusal e) {
            if (e.status() == Ubus.Refusal.NOT_FOUND) {
                return new UciPackage(name, List.of());
            }
            throw e;
        }
        var sections = new ArrayList<Map.Entry<Long, UciSection>>();
        if (answer.get("values") instanceof ObjectValue values) {
            for (var member : values) {
                if (member.value() instanceof ObjectValue section) {
                    sections.add(Map.entry(index(section), section(member.name(), section)));
                }
            }
        }
        sections.sort(Map.Entry.comparingByKey(Comparator.naturalOrder()));
        return new UciPackage(name, sections.stream().map(Map.Entry::getValue).toList());
    }

    private static long index(ObjectValue section) {
        return section.get(".index") instanceof NumberValue index ? index.longValue() : Long.MAX_VALUE;
    }

    private static UciSection section(String id, ObjectValue section) {
        var options = new LinkedHashMap<String, UciOption>();
        for (var member : section) {
            if (member.name().startsWith(".")) {
                continue;
            }
            if (member.value() instanceof StringValue text) {
                options.put(member.name(), UciOption.of(text.text()));
            } else if (member.value() instanceof ArrayValue list && list.size() > 0) {
                options.put(
                        member.name(),
                        UciOption.of(list.items().stream()
                                .map(item -> item instanceof StringValue text ? text.text() : item.toString())
                                .toList()));
            }
        }
        var type = section.get(".type") instanceof StringValue text ? text.text() : "";
        return new UciSection(id, type, Value.of(true).equals(section.get(".anonymous")), options);
    }

    /** The packages that the router has. */
    List<String> packages() throws IOException {
        var answer = bus.call(UCI, "configs", Value.object());
        return answer.get("configs") instanceof ArrayValue names
                ? names.items().stream()
                        .map(name -> name instanceof StringValue text ? text.text() : "")
                        .toList()
                : List.of();
    }

    /** Stages what the plan says. */
    void stage(UciPlan plan) throws IOException {
        var ids = new HashMap<String, String>();
        var config = Value.of(plan.name());
        for (var op : plan.ops()) {
            if (op instanceof UciOp.Delete delete) {
                bus.call(UCI, "delete", Value.object(CONFIG, config, SECTION, Value.of(delete.section())));
            } else if (op instanceof UciOp.Unset unset) {
                bus.call(
                        UCI,
                        "delete",
                        Value.object(CONFIG, config, SECTION, Value.of(unset.section()))
                                .with("options", strings(unset.options())));
            } else if (op instanceof UciOp.Set set) {
                set(config, set.section(), set.options());
            } else if (op instanceof UciOp.Add add) {
                ids.put(add.section().id(), add(config, add.section()));
            } else if (op instanceof UciOp.Order order) {
                var sections = order.sections().stream()
                        .map(id -> ids.getOrDefault(id, id))
                        .toList();
                bus.call(UCI, "order", Value.object(CONFIG, config, "sections", strings(sections)));
            }
        }
    }

    private String add(StringValue config, UciSection section) throws IOException {
        var args = Value.object(CONFIG, config, "type", Value.of(section.type()));
        if (!section.anonymous()) {
            args = args.with("name", Value.of(section.id()));
        }
        var answer = bus.call(UCI, "add", args);
        var id = answer.get(SECTION) instanceof StringValue text ? text.text() : section.id();
        set(config, id, section.options());
        return id;
    }

    private void set(StringValue config, String section, Map<String, UciOption> options) throws IOException {
        var portion = Value.object();
        var size = 0;
        for (var option : options.entrySet()) {
            var value = UciTree.of(option.getValue());
            var length = value.toString().length() * 2 + option.getKey().length();
            if (size > 0 && size + length > PORTION) {
                send(config, section, portion);
                portion = Value.object();
                size = 0;
            }
            portion = portion.with(option.getKey(), value);
            size += length;
        }
        if (size > 0) {
            send(config, section, portion);
        }
    }

    private void send(StringValue config, String section, ObjectValue values) throws IOException {
        bus.call(
                UCI,
                "set",
                Value.object(CONFIG, config, SECTION, Value.of(section)).with("values", values));
    }

    private static ArrayValue strings(List<String> texts) {
        return Value.array(texts.stream().map(Value::of).toList());
    }

    /** Forgets what this session staged of the package. */
    void revert(String name) throws IOException {
        try {
            bus.call(UCI, "revert", Value.object(CONFIG, Value.of(name)));
        } catch (Ubus.Refusal e) {
            if (e.status() != Ubus.Refusal.NOT_FOUND && e.status() != Ubus.Refusal.NO_DATA) {
                throw e;
            }
        }
    }

    /** Makes everything staged count, until {@code window} is over without a {@link #confirm}. */
    void apply(Duration window) throws IOException {
        bus.call(UCI, "apply", Value.object("rollback", Value.of(true), "timeout", Value.of(window.toSeconds())));
    }

    /** Makes what was applied stay. */
    void confirm() throws IOException {
        bus.call(UCI, "confirm", Value.object());
    }

    /** Takes back what was applied and is not confirmed. */
    void rollback() throws IOException {
        bus.call(UCI, "rollback", Value.object());
    }
}
