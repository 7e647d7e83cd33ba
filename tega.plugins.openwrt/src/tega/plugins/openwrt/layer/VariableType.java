package tega.plugins.openwrt.layer;

import java.util.Locale;
import java.util.regex.Pattern;

/** What the value of a variable may be. */
enum VariableType {
    /** Anything. */
    TEXT("a text", ".*"),
    /** A whole number. */
    NUMBER("a whole number", "-?[0-9]{1,18}"),
    /** An IPv4 or IPv6 address. */
    ADDRESS("an IPv4 or IPv6 address", Texts.ADDRESS),
    /** An address and the length of its prefix. */
    NETWORK("a network such as 10.0.0.0/8 or 2001:db8::/32", Texts.NETWORK),
    /** Six octets. */
    MAC("a MAC address such as 02:00:00:00:00:01", "[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}"),
    /** RFC 1123, 2.1. */
    HOSTNAME(
            "a host name",
            "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

    private static final class Texts {
        static final String OCTET = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";
        static final String V4 = OCTET + "(\\." + OCTET + "){3}";
        static final String H = "[0-9A-Fa-f]{1,4}";
        /** RFC 4291, 2.2: eight groups, or fewer with one "::" that is at least one group. */
        static final String V6 = "((" + H + ":){7}" + H + "|(?!(.*::.*::|(.*:){8}))(" + H + "(:" + H + "){0,6})?::(" + H
                + "(:" + H + "){0,6})?)";

        static final String ADDRESS = "(" + V4 + "|" + V6 + ")";
        static final String NETWORK = "(" + V4 + "/(3[0-2]|[12]?[0-9])|" + V6 + "/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))";
    }

    private final String told;
    private final Pattern pattern;

    VariableType(String told, String pattern) {
        this.told = told;
        this.pattern = Pattern.compile(pattern, Pattern.DOTALL);
    }

    /** For people, with its article. */
    String told() {
        return told;
    }

    boolean takes(String text) {
        return text.length() <= 4096 && pattern.matcher(text).matches();
    }

    /** As the tree writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
