package tega.transport.http;

import java.util.List;
import java.util.function.Function;
import tega.api.Identity;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Action;
import tega.api.spi.ShellCommand;

/** What v1's command line asked of the server with a request each, for the shell: who is connected, who hears what. */
final class ConnectionCommands {
    private ConnectionCommands() {}

    static List<ShellCommand> all(Connections connections, Parts parts) {
        return List.of(
                reading("ids", "list the clients that are connected", connections::ids),
                reading("channels", "list the channels, each with who subscribes to it", connections::channels),
                reading("subscribers", "list who subscribes, each with its channels", connections::subscribers),
                reading("global", "list the channels that are subscribed everywhere", connections::global),
                reading("forwarders", "list the servers that are connected", connections::forwarders),
                new Simple(
                        ShellCommand.Syntax.of("reload", "", "look for new plugins now")
                                .takes(),
                        call -> {
                            parts.reload.get().run();
                            return Value.of("200 OK");
                        }),
                new Simple(
                        ShellCommand.Syntax.of("sync", "", "synchronise with the global server now")
                                .takes(),
                        call -> {
                            throw new TegaException.NotFound("this server has no global server to synchronise with");
                        }));
    }

    private static ShellCommand reading(String name, String help, Function<Identity, Value> answer) {
        return new Simple(
                ShellCommand.Syntax.of(name, "", help).takes().needs(Action.READ), call -> answer.apply(call.by()));
    }

    /** A command without words. */
    private record Simple(Syntax syntax, Function<Call, Value> action) implements ShellCommand {
        @Override
        public Value run(Call call) {
            if (!call.words().isEmpty()) {
                throw new TegaException.Invalid(
                        "'" + call.words().get(0) + "' is one word too many; it is: " + syntax.name());
            }
            return action.apply(call);
        }
    }
}
