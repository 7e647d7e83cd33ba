package tega.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The commands there are, by name and alias. */
final class Commands {
    private final List<Command> all;
    private final Map<String, Command> byName = new HashMap<>();

    Commands(List<Command> commands) {
        all = List.copyOf(commands);
        for (var command : all) {
            add(command.name(), command);
            command.aliases().forEach(alias -> add(alias, command));
        }
    }

    private void add(String name, Command command) {
        if (byName.put(name, command) != null) {
            throw new IllegalArgumentException("two commands are called " + name);
        }
    }

    /** All of tega's. */
    static Commands standard() {
        var all = new ArrayList<Command>();
        all.addAll(DataCommands.all());
        all.addAll(DraftCommands.all());
        all.addAll(HistoryCommands.all());
        all.addAll(MessageCommands.all());
        all.addAll(ServerCommands.all());
        all.addAll(TopCommand.all());
        all.addAll(FileCommands.all());
        var help = new HelpCommands(() -> Commands.of(all));
        all.addAll(help.all());
        return Commands.of(all);
    }

    private static Commands of(List<Command> commands) {
        return new Commands(commands);
    }

    /** The command called so, or null. */
    @Nullable
    Command find(String name) {
        return byName.get(name);
    }

    /** Each once, in the order of the help. */
    List<Command> all() {
        return all;
    }
}
