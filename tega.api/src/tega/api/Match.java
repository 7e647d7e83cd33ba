package tega.api;

import java.util.List;

/**
 * A node that a pattern means.
 *
 * @param path where it is
 * @param groups the groups caught at each name that has any
 * @param value what it is
 */
public record Match(Path path, List<List<String>> groups, Value value) {
    /** The list is copied. */
    public Match {
        groups = List.copyOf(groups);
    }
}
