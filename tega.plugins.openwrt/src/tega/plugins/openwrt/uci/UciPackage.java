package tega.plugins.openwrt.uci;

import java.util.List;

/**
 * A package: what one file of {@code /etc/config} says.
 *
 * @param name the name of the file
 * @param sections in the order of the file, ids distinct
 */
public record UciPackage(String name, List<UciSection> sections) {
    /** The list is copied. */
    public UciPackage {
        sections = List.copyOf(sections);
    }

    /**
     * What the router itself calls an anonymous section that stands at {@code index}: {@code cfg}, its number in the file from 1
     * in hexadecimal (named ones count), and a hash of its type. The name is one of a place, not of a section: it belongs to
     * another one as soon as a section before it goes.
     */
    public static String positional(int index, String type) {
        var hash = 5381;
        for (var i = 0; i < type.length(); i++) {
            hash = hash * 33 + type.charAt(i);
        }
        return String.format("cfg%02x%04x", index + 1, hash & 0xffff);
    }
}
