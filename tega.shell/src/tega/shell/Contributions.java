package tega.shell;

import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import tega.api.Identity;
import tega.api.Path;
import tega.api.Tega;
import tega.api.TegaException;
import tega.api.Value;
import tega.api.spi.Authorizer;
import tega.api.spi.ShellCommand;

/** The commands that other bundles add, for both doors: the terminal of the server, and REST. */
final class Contributions {
    private final Supplier<List<ShellCommand>> all;
    private final Authorizer authorizer;

    /** {@code all} gives those there are now; of several with one name the first counts. */
    Contributions(Supplier<List<ShellCommand>> all, Authorizer authorizer) {
        this.all = all;
        this.authorizer = authorizer;
    }

    /** How they are called, in order of their names. */
    List<ShellCommand.Syntax> syntaxes() {
        var byName = new TreeMap<String, ShellCommand.Syntax>();
        for (var command : all.get()) {
            byName.putIfAbsent(command.syntax().name(), command.syntax());
        }
        return List.copyOf(byName.values());
    }

    /** Has one done for {@code by}, if they may; {@code NOT_FOUND} when there is none of this name. */
    Value run(String name, List<String> words, Identity by, Supplier<Tega> tega) {
        for (var command : all.get()) {
            if (command.syntax().name().equals(name)) {
                var needs = command.syntax().needs();
                if (needs != null) {
                    authorizer.require(by, needs, Path.EMPTY);
                }
                return command.run(new ShellCommand.Call(by, tega.get(), words));
            }
        }
        throw new TegaException.NotFound("there is no command '" + name + "'; h lists them");
    }
}
