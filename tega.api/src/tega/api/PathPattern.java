package tega.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which nodes are meant: name by name, {@code *} for any one name and {@code **} for any number of names, none included;
 * {@code devices.*.up}, {@code hello.**}. In v1's regular form every name has a regular expression of its own, matched from
 * the start of the name ({@link #regex}).
 *
 * <p>Matching takes time in proportion to the path and the pattern, and has a budget of steps beside: one that exceeds it is
 * {@code LIMIT}. So no pattern can stall the server.
 */
public final class PathPattern {
    private static final int BUDGET = 200_000;

    /** For a search of a whole tree: about a second. */
    private static final int SEARCH = 20_000_000;

    /** How one name, or any number of names, is matched. */
    public sealed interface Part {
        /** Exactly this name. */
        record Name(String name) implements Part {}

        /** Any one name. */
        record One() implements Part {}

        /** Any number of names. */
        record Any() implements Part {}

        /** A name that the expression matches from its start. */
        record Regex(NameExpression expression) implements Part {}
    }

    private static final Part ONE = new Part.One();
    private static final Part ANY = new Part.Any();

    private final List<Part> parts;
    private final String text;

    private PathPattern(List<Part> parts, String text) {
        this.parts = List.copyOf(parts);
        this.text = text;
    }

    /** Exactly the node at {@code path}; a watch of it also sees what happens above and below. */
    public static PathPattern subtree(Path path) {
        var parts = new ArrayList<Part>();
        path.names().forEach(name -> parts.add(new Part.Name(name)));
        return new PathPattern(parts, path.toString());
    }

    /** Reads the dotted form, in which an unquoted {@code *} or {@code **} is a wildcard. */
    public static PathPattern parse(String text) {
        var parts = new ArrayList<Part>();
        for (var piece : split(text)) {
            parts.add(
                    switch (piece) {
                        case "*" -> ONE;
                        case "**" -> ANY;
                        case "" ->
                            throw new TegaException.Invalid(
                                    "the pattern '" + text + "' has an empty name (an empty name is written \"\")");
                        default -> new Part.Name(Path.parse(piece).last());
                    });
        }
        return new PathPattern(parts, text);
    }

    /** The dotted text cut at the dots that are neither quoted nor escaped; as in a path, a quote begins with a name. */
    private static List<String> split(String text) {
        var pieces = new ArrayList<String>();
        var from = 0;
        var quoted = text.startsWith("\"");
        for (var at = quoted ? 1 : 0; at < text.length(); at++) {
            var c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == '"' && quoted) {
                quoted = false;
            } else if (c == '.' && !quoted) {
                pieces.add(text.substring(from, at));
                from = at + 1;
                quoted = text.startsWith("\"", from);
                at += quoted ? 1 : 0;
            }
        }
        if (!text.isEmpty()) {
            pieces.add(text.substring(from));
        }
        return pieces;
    }

    /** Expressions, one for each name, each matched from the start of its name; {@code INVALID} when one is malformed. */
    public static PathPattern regex(List<String> expressions) {
        var parts = new ArrayList<Part>();
        for (var expression : expressions) {
            parts.add(new Part.Regex(NameExpression.parse(expression)));
        }
        return new PathPattern(parts, String.join("\\.", expressions));
    }

    /** v1's text form of {@link #regex(List)}: expressions separated by an escaped dot. */
    public static PathPattern regex(String text) {
        return regex(List.of(text.split("\\\\\\.", -1)));
    }

    /** How each name is matched. */
    public List<Part> parts() {
        return parts;
    }

    /** The longest path at or above everything that can match: the names before the first wildcard. */
    public Path prefix() {
        var names = new ArrayList<String>();
        for (var part : parts) {
            if (!(part instanceof Part.Name name)) {
                break;
            }
            names.add(name.name());
        }
        return Path.of(names);
    }

    /** Whether it means exactly one path, {@link #prefix()}. */
    public boolean isExact() {
        return prefix().depth() == parts.size();
    }

    /** Whether it means the node at {@code path}. */
    public boolean matches(Path path) {
        return groups(path).isPresent();
    }

    /**
     * The groups caught at each name that has any, when it means the node at {@code path}; names without groups add nothing.
     */
    public Optional<List<List<String>>> groups(Path path) {
        var caught = new ArrayList<List<String>>();
        return match(path, caught, new Budget(BUDGET, this)) ? Optional.of(caught) : Optional.empty();
    }

    /** When a name does not fit, the latest {@code **} takes one more: those before it need never be tried again. */
    private boolean match(Path path, List<List<String>> caught, Budget budget) {
        var part = 0;
        var at = 0;
        var anyPart = -1;
        var anyAt = 0;
        var anyCaught = 0;
        while (part < parts.size() || at < path.depth()) {
            budget.spend();
            if (part < parts.size() && parts.get(part) instanceof Part.Any) {
                anyPart = part++;
                anyAt = at;
                anyCaught = caught.size();
            } else if (part < parts.size() && at < path.depth() && matchName(part, path.name(at), caught, budget)) {
                part++;
                at++;
            } else if (anyPart >= 0 && anyAt < path.depth()) {
                at = ++anyAt;
                part = anyPart + 1;
                caught.subList(anyCaught, caught.size()).clear();
            } else {
                return false;
            }
        }
        return true;
    }

    /**
     * The nodes of {@code tree} that this means, in order of their paths. The whole search has one budget of steps: {@code LIMIT}
     * when a pattern looks at more of a tree than that.
     */
    public List<Match> find(Tree tree) {
        var found = new TreeMap<Path, Match>();
        find(0, Path.EMPTY, tree.top(), List.of(), found, new Budget(SEARCH, this));
        return List.copyOf(found.values());
    }

    private void find(
            int part, Path path, Value value, List<List<String>> caught, Map<Path, Match> found, Budget budget) {
        budget.spend();
        if (part == parts.size()) {
            found.putIfAbsent(path, new Match(path, caught, value));
            return;
        }
        var isAny = parts.get(part) instanceof Part.Any;
        if (isAny) {
            find(part + 1, path, value, caught, found, budget);
        }
        if (!(value instanceof ObjectValue object)) {
            return;
        }
        if (parts.get(part) instanceof Part.Name exact) {
            var member = object.get(exact.name());
            if (member != null) {
                find(part + 1, path.child(exact.name()), member, caught, found, budget);
            }
            return;
        }
        for (var member : object) {
            budget.spend();
            var longer = new ArrayList<>(caught);
            if (isAny || matchName(part, member.name(), longer, budget)) {
                find(isAny ? part : part + 1, path.child(member.name()), member.value(), longer, found, budget);
            }
        }
    }

    /**
     * Whether {@code name} is matched by the part at {@code index}, which must not be {@code **}; for walking a tree name by
     * name. Groups are added to {@code caught}.
     */
    public boolean matchesName(int index, String name, List<List<String>> caught) {
        return matchName(index, name, caught, new Budget(BUDGET, this));
    }

    private boolean matchName(int index, String name, List<List<String>> caught, Budget budget) {
        var part = parts.get(index);
        if (part instanceof Part.Name exact) {
            return exact.name().equals(name);
        }
        if (part instanceof Part.Regex regex) {
            var groups = regex.expression().match(name, budget);
            groups.filter(some -> !some.isEmpty()).ifPresent(caught::add);
            return groups.isPresent();
        }
        return true;
    }

    /** Patterns are equal when their parts are, however they were written. */
    @Override
    public boolean equals(Object other) {
        return other instanceof PathPattern that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
