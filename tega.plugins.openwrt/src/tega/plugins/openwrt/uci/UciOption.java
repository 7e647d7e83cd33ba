package tega.plugins.openwrt.uci;

import java.util.ArrayList;
import java.util.List;

/**
 * What an option holds: one value, or a list of them. A list of one item is not the same as the item: programs on the router
 * ask for the one or the other.
 *
 * @param items the values in order; one when it is no list, at least one when it is
 * @param list whether it is a list
 */
public record UciOption(List<String> items, boolean list) {
    /** The list is copied. */
    public UciOption {
        items = List.copyOf(items);
        if (items.isEmpty() || (!list && items.size() != 1)) {
            throw new IllegalArgumentException("an option has one value and a list at least one");
        }
    }

    /** A single value. */
    public static UciOption of(String value) {
        return new UciOption(List.of(value), false);
    }

    /** A list. */
    public static UciOption of(List<String> items) {
        return new UciOption(items, true);
    }

    /** The list that comes of appending {@code item}: what was a single value is its first item. */
    UciOption and(String item) {
        var more = new ArrayList<>(items);
        more.add(item);
        return of(more);
    }
}
