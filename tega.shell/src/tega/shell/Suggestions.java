package tega.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tega.api.Path;
import tega.api.TegaException;

/** What could come next while a line is being typed. */
final class Suggestions {
    private static final int MOST = 200;
    private static final Pattern OPTION = Pattern.compile("(?:^|[\\[ ])(--?[a-z][a-z-]*)");

    /**
     * One suggestion.
     *
     * @param text what would stand in place of the word being typed
     * @param shown what the list shows for it
     * @param help a remark beside it, or an empty text
     * @param whole whether the word is complete with it: then a blank follows
     */
    record Suggestion(String text, String shown, String help, boolean whole) {}

    private final Commands commands;
    private final Workspace workspace;

    Suggestions(Commands commands, Workspace workspace) {
        this.commands = commands;
        this.workspace = workspace;
    }

    /** For the word at the end of {@code typed}, the line up to the cursor. */
    List<Suggestion> of(String typed) {
        var words = words(typed);
        var word = words.get(words.size() - 1);
        if (words.size() == 1) {
            return commands(word);
        }
        if (words.get(words.size() - 2).equals("-o")) {
            return formats(word);
        }
        var command = find(CommandLine.of(words.get(0)).name());
        if (command == null) {
            return List.of();
        }
        if (word.startsWith("-")) {
            return options(command, word);
        }
        var index = Math.min(place(words, command), command.words().size() - 1);
        if (index < 0) {
            return List.of();
        }
        return switch (command.words().get(index)) {
            case PATH -> paths(word);
            case ROOT -> names(Path.EMPTY, "", word, true);
            case COMMAND -> commands(word);
            case FORMAT -> formats(word);
            case SCOPE -> wholes(List.of("local", "global"), word);
            case FILE -> workspace.hasFiles() ? files(word) : List.of();
            case OTHER -> List.of();
        };
    }

    /** The words before the cursor; the last is the one being typed and may be empty. */
    static List<String> words(String typed) {
        var words = new ArrayList<String>();
        var tail = new Tail(typed);
        while (!tail.isEmpty()) {
            words.add(tail.word());
        }
        var last = words.isEmpty() ? "" : words.get(words.size() - 1);
        if (words.isEmpty() || !typed.endsWith(last)) {
            words.add("");
        }
        return words;
    }

    private @Nullable Command find(String name) {
        var own = commands.find(name);
        return own != null
                ? own
                : contributed().stream()
                        .filter(command -> command.name().equals(name))
                        .findFirst()
                        .orElse(null);
    }

    /** What other bundles add; nothing while the server does not tell. */
    private List<Command> contributed() {
        try {
            return ContributedCommand.all(workspace.server());
        } catch (TegaException e) {
            return List.of();
        }
    }

    private List<Suggestion> commands(String word) {
        return Stream.concat(commands.all().stream(), contributed().stream())
                .filter(command -> command.name().startsWith(word))
                .map(command -> new Suggestion(command.name(), command.name(), command.help(), true))
                .toList();
    }

    /** Which of the command's words comes next: options, and what belongs to them, are none. */
    private static int place(List<String> words, Command command) {
        var place = 0;
        for (var i = 1; i < words.size() - 1; i++) {
            if (words.get(i).startsWith("-") && words.get(i).length() > 1) {
                i += takesValue(command, words.get(i)) ? 1 : 0;
            } else {
                place++;
            }
        }
        return place;
    }

    private static boolean takesValue(Command command, String option) {
        return option.equals("-o")
                || Pattern.compile("\\[" + Pattern.quote(option) + " [A-Z]")
                        .matcher(command.usage())
                        .find();
    }

    /** Those of its usage, and {@code -o}, which all have. */
    private static List<Suggestion> options(Command command, String word) {
        var names = new ArrayList<String>();
        var matcher = OPTION.matcher(command.usage());
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        names.add("-o");
        return wholes(names, word);
    }

    /** Files of this machine; a folder can go on. */
    private static List<Suggestion> files(String word) {
        var slash = word.lastIndexOf('/') + 1;
        var folder = word.substring(0, slash);
        try (var files = Files.list(java.nio.file.Path.of(folder.isEmpty() ? "." : folder))) {
            return files.map(file -> file.getFileName() + (Files.isDirectory(file) ? "/" : ""))
                    .filter(name ->
                            name.startsWith(word.substring(slash)) && (slash < word.length() || !name.startsWith(".")))
                    .sorted()
                    .limit(MOST)
                    .map(name -> new Suggestion(folder + name, name, "", !name.endsWith("/")))
                    .toList();
        } catch (IOException | InvalidPathException e) {
            return List.of();
        }
    }

    private static List<Suggestion> formats(String word) {
        return wholes(List.of("json", "yaml", "table"), word);
    }

    private static List<Suggestion> wholes(List<String> names, String word) {
        return names.stream()
                .filter(name -> name.startsWith(word))
                .map(name -> new Suggestion(name, name, "", true))
                .toList();
    }

    private List<Suggestion> paths(String word) {
        var dot = lastDot(word);
        var top = word.startsWith(".");
        var above = word.substring(top ? 1 : 0, Math.max(top ? 1 : 0, dot));
        try {
            var parent = top ? Path.parse(above) : workspace.place().append(Path.parse(above));
            return names(parent, word.substring(0, dot + 1), word.substring(dot + 1), false);
        } catch (TegaException e) {
            return List.of();
        }
    }

    /** The last dot that is neither quoted nor escaped, or -1. */
    private static int lastDot(String word) {
        var dot = -1;
        var quoted = false;
        for (var i = 0; i < word.length(); i++) {
            var c = word.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '.' && !quoted) {
                dot = i;
            }
        }
        return dot;
    }

    private List<Suggestion> names(Path parent, String before, String begun, boolean whole) {
        var prefix = begun.startsWith("\"") ? begun.substring(1) : begun;
        return workspace.names(parent, prefix, MOST).stream()
                .map(name -> Path.of(name).toString())
                .map(name -> new Suggestion(before + name, name, "", whole))
                .toList();
    }
}
