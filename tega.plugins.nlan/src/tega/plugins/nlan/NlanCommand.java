package tega.plugins.nlan;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import tega.api.Path;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.plugin.RpcCall;
import tega.api.spi.ShellCommand;

/** The command {@code nlan}. */
final class NlanCommand {
    static final ShellCommand.Syntax SYNTAX = ShellCommand.Syntax.of(
            "nlan",
            "[up ptnbgp|ptnospf|fabric LEAVES SPINES|FILE, status, diff, lint, ping FROM TO, graph json|dot|svg, down]",
            "look after networks of Linux routers; without words a table of them");

    private final LabCalls calls;

    NlanCommand(LabCalls calls) {
        this.calls = calls;
    }

    Value run(ShellCommand.Call call) {
        var words = call.plain();
        var verb = words.isEmpty() ? "status" : words.get(0);
        var rest = words.isEmpty() ? words : words.subList(1, words.size());
        try {
            return switch (verb) {
                case "status" -> calls.status();
                case "up" -> calls.up(rest);
                case "ping" -> {
                    if (rest.size() < 2) {
                        throw new TegaException.Invalid(
                                "'nlan ping' needs two nodes: a router, ROUTER.ADDRESS of a host, an address");
                    }
                    yield calls.probe(rest.get(0), rest.get(1));
                }
                case "diff" -> calls.call(rpc(call, "plan", rest));
                case "down" -> calls.call(rpc(call, "undeploy", rest));
                case "lint", "plan", "apply", "drift" -> calls.call(rpc(call, verb, rest));
                case "graph" -> calls.graph(rest.isEmpty() ? "json" : rest.get(0));
                default -> throw new TegaException.Invalid("there is no 'nlan " + verb + "': " + SYNTAX.usage());
            };
        } catch (IOException e) {
            throw new TegaException.Unavailable("the machine's network cannot be worked with: " + e.getMessage(), e);
        }
    }

    private static RpcCall rpc(ShellCommand.Call call, String verb, List<String> words) {
        return new RpcCall(
                Path.of("nlan", verb),
                call.by(),
                words.stream().<Value>map(Value::of).toList(),
                Value.object(),
                Duration.ofMinutes(1));
    }
}
