package tega.plugins.openwrt.uci;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Gives names to anonymous sections that stay with them: {@code _TYPE__N}. */
public final class UciIds {
    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> last = new HashMap<>();

    /** Never to be given. */
    public void take(String id) {
        taken.add(id);
    }

    /** A name for one more anonymous section of the type {@code type}. */
    public String next(String type) {
        var stem = "_" + type.replaceAll("[^A-Za-z0-9_]", "_") + "__";
        String id;
        do {
            id = stem + last.merge(stem, 1, Integer::sum);
        } while (!taken.add(id));
        return id;
    }
}
