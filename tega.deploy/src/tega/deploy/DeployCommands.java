package tega.deploy;

import java.util.List;
import java.util.function.Function;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Action;
import tega.api.spi.ShellCommand;

/** What it adds to the shell. */
final class DeployCommands {
    private record Command(Syntax syntax, Function<Call, Value> action) implements ShellCommand {
        @Override
        public Value run(Call call) {
            return action.apply(call);
        }
    }

    private DeployCommands() {}

    static List<ShellCommand> all(Desk desk, LogLevels levels) {
        return List.of(
                new Command(
                        ShellCommand.Syntax.of("plugins", "", "list the bundles that were installed, and how they are")
                                .needs(Action.READ),
                        call -> desk.table()),
                new Command(
                        ShellCommand.Syntax.of("why", "BUNDLE", "tell how a bundle is, and why")
                                .needs(Action.READ),
                        call -> Value.of(desk.why(only(call)))),
                install(desk, "install", "install a bundle from a file of the server's machine or from a URL"),
                install(desk, "upgrade", "put a newer build in place of a bundle, and go back if it does not work"),
                new Command(
                        ShellCommand.Syntax.of(
                                "rollback", "BUNDLE", "go back to the build of a bundle that was there before"),
                        call -> desk.rollback(only(call), call.by())),
                new Command(
                        ShellCommand.Syntax.of(
                                "uninstall", "BUNDLE", "take a bundle out, or back to the distribution's"),
                        call -> {
                            desk.remove(only(call));
                            return Value.of("200 OK");
                        }),
                new Command(
                        ShellCommand.Syntax.of(
                                "loglevel",
                                "[BUNDLE off|error|warn|info|debug|trace|usual]",
                                "set how much a bundle tells in the log until the next start; without words what was set"),
                        call -> {
                            var words = call.plain();
                            if (words.size() == 2) {
                                levels.set(words.get(0), words.get(1));
                            } else if (!words.isEmpty()) {
                                throw new TegaException.Invalid("it takes a bundle and a level");
                            }
                            return levels.all();
                        }),
                new Command(ShellCommand.Syntax.of("enable", "BUNDLE", "have a plugin run again"), call -> {
                    desk.enable(only(call));
                    return Value.of("200 OK");
                }),
                new Command(
                        ShellCommand.Syntax.of("disable", "BUNDLE", "have a plugin rest, also after a restart"),
                        call -> {
                            desk.disable(only(call));
                            return Value.of("200 OK");
                        }));
    }

    private static ShellCommand install(Desk desk, String name, String help) {
        return new Command(
                ShellCommand.Syntax.of(name, "FILE|URL [--force]", help),
                call -> desk.install(
                        only(call), new Desk.Terms(null, Signed.beside(only(call)), call.has("--force")), call.by()));
    }

    private static String only(ShellCommand.Call call) {
        var words = call.plain();
        if (words.size() != 1) {
            throw new TegaException.Invalid("it takes one word; 'h' tells which");
        }
        return words.get(0);
    }
}
