package tega.plugins.openwrt.layer;

import java.util.List;
import tega.api.Path;

/**
 * Where a value of a configuration comes from.
 *
 * @param layer the template, or the router
 * @param at where it stands in the tree
 * @param variables the names of the variables that are in it
 */
public record Origin(String layer, Path at, List<String> variables) {
    /** The list is copied. */
    public Origin {
        variables = List.copyOf(variables);
    }

    /** For people: {@code office with ssid}. */
    @Override
    public String toString() {
        return variables.isEmpty() ? layer : layer + " with " + String.join(", ", variables);
    }
}
