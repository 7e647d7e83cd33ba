package tega.plugins.openwrt.uci;

import java.util.Locale;

/** How much of a package on the router is tega's. */
public enum UciOwnership {
    /** All of it: what the tree does not have, the router shall not have. */
    PACKAGE,
    /** The sections that the tree has or had; others stay as they are. */
    SECTIONS,
    /** The options that the tree has or had; other options and sections stay as they are. */
    OPTIONS;

    /** As the tree writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
