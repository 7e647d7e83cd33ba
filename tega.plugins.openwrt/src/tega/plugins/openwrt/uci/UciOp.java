package tega.plugins.openwrt.uci;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One step from the configuration of a router to the one that is wanted. Sections are named as the router names them. */
public sealed interface UciOp {
    /** The section goes. */
    record Delete(String section) implements UciOp {}

    /** These options of the section go. */
    record Unset(String section, List<String> options) implements UciOp {
        /** The list is copied. */
        public Unset {
            options = List.copyOf(options);
        }
    }

    /** These options of the section are set. */
    record Set(String section, Map<String, UciOption> options) implements UciOp {
        /** The map is copied. */
        public Set {
            options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        }
    }

    /** A section comes; its id is the one of the tree, the router may give an anonymous one another. */
    record Add(UciSection section) implements UciOp {}

    /** The sections stand in this order; those that are new are named by the id of the tree. */
    record Order(List<String> sections) implements UciOp {
        /** The list is copied. */
        public Order {
            sections = List.copyOf(sections);
        }
    }
}
