package tega.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which nodes are meant: name by name, {@code *} for any one name and {@code **} for any number of names, none included;
 * {@code devices.*.up}, {@code hello.**}. In v1's regular form every name has a regular expression of its own, matched from
 * the start of the name ({@link #regex}).
 *
 * <p>Matching has a budget of steps, so that no expression can stall the server: one that exceeds it is {@code LIMIT}.
 */
public final class PathPattern {
    private static final int BUDGET = 200_000;

    /** How one name, or any number of names, is matched. */
    public sealed interface Part {
        /** Exactly this name. */
        record Name(String name) implements Part {}

        /** Any one name. */
        record One() implements Part {}

        /** Any number of names. */
        record Any() implements Part {}

        /** A name that the expression matches from its start. */
        record Regex(Pattern expression) implements Part {}
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
                        default -> new Part.Name(Path.parse(piece).last());
                    });
        }
        return new PathPattern(parts, text);
    }

    /** The dotted text cut at the dots that are neither quoted nor escaped. */
    private static List<String> split(String text) {
        var pieces = new ArrayList<String>();
        var from = 0;
        var quoted = false;
        for (var at = 0; at < text.length(); at++) {
            var c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '.' && !quoted) {
                pieces.add(text.substring(from, at));
                from = at + 1;
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
            try {
                parts.add(new Part.Regex(Pattern.compile(expression)));
            } catch (PatternSyntaxException e) {
                throw new TegaException.Invalid(
                        "'" + expression + "' is not a regular expression: " + e.getDescription());
            }
        }
        return new PathPattern(parts, String.join("\\.", expressions));
    }

    /** v1's text form of {@link #regex}: expressions separated by an escaped dot. */
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
        return match(0, path, 0, caught, new Budget(BUDGET, this)) ? Optional.of(caught) : Optional.empty();
    }

    private boolean match(int part, Path path, int at, List<List<String>> caught, Budget budget) {
        budget.spend();
        if (part == parts.size()) {
            return at == path.depth();
        }
        var here = parts.get(part);
        if (here instanceof Part.Any) {
            for (var next = at; next <= path.depth(); next++) {
                if (match(part + 1, path, next, caught, budget)) {
                    return true;
                }
            }
            return false;
        }
        if (at == path.depth() || !matchName(here, path.name(at), caught, budget)) {
            return false;
        }
        return match(part + 1, path, at + 1, caught, budget);
    }

    /**
     * Whether {@code name} is matched by the part at {@code index}, which must not be {@code **}; for walking a tree name by
     * name. Groups are added to {@code caught}.
     */
    public boolean matchesName(int index, String name, List<List<String>> caught) {
        return matchName(parts.get(index), name, caught, new Budget(BUDGET, this));
    }

    private static boolean matchName(Part part, String name, List<List<String>> caught, Budget budget) {
        if (part instanceof Part.Name exact) {
            return exact.name().equals(name);
        }
        if (part instanceof Part.Regex regex) {
            var matcher = regex.expression().matcher(budget.watch(name));
            try {
                if (!matcher.lookingAt()) {
                    return false;
                }
            } catch (StackOverflowError e) {
                throw budget.exceeded();
            }
            if (matcher.groupCount() > 0) {
                var groups = new ArrayList<String>();
                for (var i = 1; i <= matcher.groupCount(); i++) {
                    var group = matcher.group(i);
                    groups.add(group == null ? "" : group);
                }
                caught.add(groups);
            }
            return true;
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathPattern that
                && text.equals(that.text)
                && parts.size() == that.parts.size()
                && isRegex() == that.isRegex();
    }

    private boolean isRegex() {
        return !parts.isEmpty() && parts.get(0) instanceof Part.Regex;
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
