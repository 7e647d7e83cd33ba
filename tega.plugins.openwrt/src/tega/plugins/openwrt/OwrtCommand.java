package tega.plugins.openwrt;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcCall;
import tega.api.spi.ShellCommand;

/** The command {@code owrt}. */
final class OwrtCommand {
    static final ShellCommand.Syntax SYNTAX = ShellCommand.Syntax.of(
            "owrt",
            "[rollouts | resume|retry ROLLOUT | status|adopt|plan|diff|apply|confirm|rollback|drift|accept|reassert|origins|reboot ROUTER [PACKAGE...] | firmware check|stage|apply ROUTER [IMAGE|RELEASE]]",
            "look after OpenWrt routers; without words a table of them");

    private final Routers routers;

    private final Rollouts rollouts;

    OwrtCommand(Routers routers, Rollouts rollouts) {
        this.routers = routers;
        this.rollouts = rollouts;
    }

    Value run(ShellCommand.Call call) {
        var words = call.plain();
        if (words.isEmpty()) {
            return table();
        }
        if (words.get(0).equals("rollouts")) {
            return Value.array(rollouts.table());
        }
        if (words.size() < 2) {
            throw new TegaException.Invalid("'owrt " + words.get(0) + "' needs the name of a router");
        }
        if (words.get(0).equals("resume")) {
            return rollouts.resume(words.get(1));
        } else if (words.get(0).equals("retry")) {
            return rollouts.retry(words.get(1));
        }
        var args = new ArrayList<Value>();
        words.subList(1, words.size()).forEach(word -> args.add(Value.of(word)));
        return routers.call(
                new RpcCall(Path.of("openwrt", words.get(0)), call.by(), args, Value.object(), Duration.ofMinutes(1)));
    }

    private Value table() {
        List<Value> rows = new ArrayList<>();
        for (var name : routers.names()) {
            var known = routers.router(name).known() instanceof ObjectValue object ? object : Value.object();
            var apply = known.get("apply") instanceof ObjectValue object ? object : Value.object();
            var row = Value.object("router", Value.of(name));
            for (var column : List.of("reachable", "url", "reason")) {
                row = row.with(column, Objects.requireNonNullElse(known.get(column), Value.of("")));
            }
            for (var column : List.of("state", "revision")) {
                row = row.with(column, Objects.requireNonNullElse(apply.get(column), Value.of("")));
            }
            rows.add(row);
        }
        return Value.array(rows);
    }
}
