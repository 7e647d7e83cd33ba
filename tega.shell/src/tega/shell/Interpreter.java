package tega.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tega.api.TegaException;
import tega.api.Value;

/** Understands one line and does what it says. */
final class Interpreter {
    /** Does what is no command of tega's, such as {@code felix:lb}; true when it knew the line. */
    @FunctionalInterface
    interface Other {
        /** There is nothing else. */
        Other NOTHING = (line, output) -> false;

        /** Does the line, if it is known; any exception is told to the user. */
        boolean run(String line, Output output) throws Exception;
    }

    private final Commands commands;
    private final Workspace workspace;
    private final Lines lines;
    private final Output output;
    private final Consumer<String> errors;
    private final Other other;
    private boolean left;

    Interpreter(
            Commands commands, Workspace workspace, Lines lines, Output output, Consumer<String> errors, Other other) {
        this.commands = commands;
        this.workspace = workspace;
        this.lines = lines;
        this.output = output;
        this.errors = errors;
        this.other = other;
    }

    /** Whether the user has said {@code q}. */
    boolean left() {
        return left;
    }

    Workspace workspace() {
        return workspace;
    }

    /** Does one line and tells in one line what went wrong; false when something did. */
    boolean run(String line) {
        var text = line.strip();
        if (text.isEmpty() || text.charAt(0) == '#') {
            return true;
        }
        try {
            perform(text);
            return true;
        } catch (TegaException e) {
            fail(e.line());
        } catch (InterruptedException e) {
            fail("interrupted");
        } catch (Exception e) {
            fail("INTERNAL: " + e);
        }
        return false;
    }

    private void fail(String message) {
        errors.accept(output.screen().red(String.join(" ", message.lines().toList())));
    }

    /** Does one line; fails with a {@link TegaException}. */
    void perform(String text) throws Exception {
        var called = CommandLine.of(text);
        if (called.tail().strip().equals("?")) {
            called = new CommandLine("h", " " + called.name()); // as network people ask what can follow
        }
        var command = commands.find(called.name());
        if (command != null) {
            run(command, called.tail());
        } else if (CommandLine.isCall(text)) {
            call(text);
        } else if (!contributed(called) && !other.run(text, output)) {
            throw new TegaException.Invalid("there is no command '" + called.name() + "'; h lists them");
        }
    }

    private void call(String text) throws InterruptedException {
        var call = Call.of(text, workspace.json());
        var progress = Progress.of(output, "waiting for " + call.path());
        Value result;
        try {
            result = call.make(workspace.server().rpc());
        } finally {
            progress.close();
        }
        output.value(result, workspace.format());
    }

    /** Does what another bundle has added, if it is that. */
    private boolean contributed(CommandLine called) throws InterruptedException {
        var command = ContributedCommand.find(workspace.server(), called.name());
        if (command != null) {
            run(command, called.tail());
        }
        return command != null;
    }

    private void run(Command command, String typed) throws InterruptedException {
        var filters = new ArrayList<Filter>();
        var tail = withoutFilters(command.tail(), typed, filters);
        if (filters.isEmpty()) {
            command.action().run(call(command, tail, output));
            return;
        }
        var written = new ArrayList<String>();
        command.action().run(call(command, tail, output.to(Screen.PLAIN, written::add)));
        List<String> left = written;
        for (var filter : filters) {
            left = filter.apply(left);
        }
        output.lines(left);
    }

    private static String withoutFilters(Command.Reading reading, String typed, List<Filter> filters) {
        if (reading == Command.Reading.VALUE) {
            return typed;
        }
        var parts = CommandLine.split(typed, '|');
        var kept = new StringBuilder(parts.get(0));
        for (var part : parts.subList(1, parts.size())) {
            if (reading == Command.Reading.EXPRESSION && filters.isEmpty() && !Filter.isOne(part)) {
                kept.append('|').append(part);
            } else {
                filters.add(Filter.of(part));
            }
        }
        return kept.toString();
    }

    private Invocation call(Command command, String tail, Output place) {
        return new Invocation(command, tail, workspace, lines, place, () -> left = true);
    }

    /** Does one command whose tail is taken as it stands, bars included; fails with a {@link TegaException}. */
    void call(String name, String tail) throws InterruptedException {
        var own = commands.find(name);
        var command = own == null ? ContributedCommand.find(workspace.server(), name) : own;
        if (command == null) {
            throw new TegaException.Invalid("there is no command '" + name + "'");
        }
        command.action().run(call(command, tail, output));
    }
}
