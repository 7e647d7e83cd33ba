package tega.plugins.openwrt.uci;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A section of a package.
 *
 * @param id its name; of an anonymous section the name that the tree knows it by
 * @param type what it configures, e.g. {@code interface}
 * @param anonymous whether the file gives it no name
 * @param options by name, in the order of the file
 */
public record UciSection(String id, String type, boolean anonymous, Map<String, UciOption> options) {
    /** The map is copied, order included. */
    public UciSection {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }
}
