package tega.plugins.openwrt.uci;

/** Which names the router accepts. */
public final class UciNames {
    private UciNames() {}

    /** Whether sections and options may be called {@code name}: letters, digits, underscores. */
    public static boolean isName(String name) {
        return consistsOf(name, "_");
    }

    /** Whether a package may be called {@code name}: like a section, and with dashes. */
    public static boolean isPackage(String name) {
        return consistsOf(name, "_-");
    }

    /** Whether sections may be of the type {@code type}: visible ASCII. */
    public static boolean isType(String type) {
        return !type.isEmpty() && type.chars().allMatch(c -> c >= 0x21 && c <= 0x7e);
    }

    private static boolean consistsOf(String name, String others) {
        return !name.isEmpty()
                && name.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || others.indexOf(c) >= 0);
    }
}
