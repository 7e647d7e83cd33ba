package tega.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tega.api.ObjectValue;
import tega.api.Path;
import tega.api.StringValue;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcHandler;
import tega.api.spi.Action;
import tega.api.spi.Route;
import tega.api.spi.Routes;
import tega.api.spi.ShellCommand;

/** What people and programs ask of replication: over REST, in the shell and by RPC, the same thing under the same name. */
final class SyncDesk implements Routes {
    private final SyncNode node;

    SyncDesk(SyncNode node) {
        this.node = node;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("GET", "/_peers", "The servers above and below", request -> Route.Answer.json(node.peers()))
                        .needs(Action.READ),
                Route.of(
                                "GET",
                                "/_convergence",
                                "For each server below and each root: intended, received, applied, rejected",
                                request -> Route.Answer.json(node.convergence()))
                        .needs(Action.READ),
                Route.of(
                                "GET",
                                "/_conflicts",
                                "What was written off line and lost",
                                request -> Route.Answer.json(node.conflictList()))
                        .needs(Action.READ),
                Route.of("POST", "/_conflicts", "Takes a conflict off the list", request -> {
                            node.resolve(request.required("id"), request.flag("take"), request.identity());
                            return Route.Answer.empty();
                        })
                        .requiredText("id", "which one")
                        .flag("take", "write what was lost after all")
                        .needs(Action.WRITE)
                        .gives()
                        .fails(404),
                Route.of("POST", "/_sync", "Connects to the global server anew", request -> {
                            sync();
                            return Route.Answer.empty();
                        })
                        .gives()
                        .fails(404));
    }

    private void sync() {
        if (!node.hasUpper()) {
            throw new TegaException.NotFound("this server has no global server; it was started without -H or --global");
        }
        node.reconnect();
    }

    List<ShellCommand> commands() {
        return List.of(
                command(
                        "peers",
                        "",
                        "list the servers above and below",
                        Action.READ,
                        call -> table("id", node.peers())),
                command(
                        "convergence",
                        "",
                        "tell what the servers below have received, applied and rejected",
                        Action.READ,
                        call -> node.convergence()),
                command(
                        "conflicts",
                        "",
                        "list what was written off line and lost",
                        Action.READ,
                        call -> table("id", node.conflictList())),
                command(
                        "resolve",
                        "ID [--take]",
                        "take a conflict off the list; with --take write what was lost after all",
                        Action.WRITE,
                        call -> {
                            if (call.plain().size() != 1) {
                                throw new TegaException.Invalid("resolve takes the id of one conflict; see conflicts");
                            }
                            node.resolve(call.plain().get(0), call.has("--take"), call.by());
                            return Value.NULL;
                        }),
                command("sync", "", "connect to the global server anew", Action.ADMIN, call -> {
                    sync();
                    return Value.NULL;
                }));
    }

    private static Value table(String key, ObjectValue objects) {
        var rows = new ArrayList<Value>();
        for (var member : objects) {
            var row = Value.object(key, Value.of(member.name()));
            if (member.value() instanceof ObjectValue columns) {
                for (var column : columns) {
                    row = row.with(column.name(), column.value());
                }
            }
            rows.add(row);
        }
        return Value.array(rows);
    }

    private static ShellCommand command(
            String name, String usage, String help, Action needs, Function<ShellCommand.Call, Value> does) {
        var syntax = ShellCommand.Syntax.of(name, usage, help).needs(needs);
        return new ShellCommand() {
            @Override
            public Syntax syntax() {
                return syntax;
            }

            @Override
            public Value run(Call call) {
                return does.apply(call);
            }
        };
    }

    Map<String, RpcHandler> handlers() {
        return Map.of(
                Path.of("tega", "sync", node.id(), "conflicts").toString(),
                call -> node.conflictList(),
                Path.of("tega", "sync", node.id(), "resolve").toString(),
                call -> {
                    if (!(call.kwargs().get("id") instanceof StringValue id)) {
                        throw new TegaException.Invalid("resolve takes id, the id of a conflict");
                    }
                    var take = call.kwargs().get("take");
                    node.resolve(id.text(), take != null && take.equals(Value.of(true)), call.by());
                    return Value.NULL;
                });
    }
}
